// What the built program leaves out of its packages, and that nothing misses it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** In bytes; every start reads and compiles it. 1,610,000 with all of Express and the other commands in it. */
const MAX_BYTES = 850_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-main-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/bundle-main.mjs'), join(folder, 'main.js')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a start reads little', () => {
  expect(statSync(join(folder, 'main-program.js')).size).toBeLessThan(MAX_BYTES);
});

test('V8 keeps one byte for a character of the bundles', () => {
  const files = readdirSync(folder).filter((file) => /^main-.*\.js$/.test(file));
  expect(files).toHaveLength(5);
  const others = files.filter((file) => /[\u0080-\uffff]/.test(readFileSync(join(folder, file), 'utf8')));
  expect(others).toEqual([]);
});

test('the program needs no package', () => {
  const needed = readdirSync(folder).flatMap((file) =>
    Array.from(
      readFileSync(join(folder, file), 'utf8').matchAll(/\brequire\d*\("([^"]+)"\)/g),
      ([, name]) => name!,
    ),
  );
  expect([...new Set(needed)].filter((name) => !isBuiltin(name) && !name.startsWith('node:')).sort()).toEqual(
    ['./main-commands.js', './main-prom-client.js', './main-redis.js', './main-undici.js'],
  );
});

test.each([
  ['undici', ['Agent', 'EnvHttpProxyAgent', 'fetch']],
  ['redis', ['createClient']],
  ['prom-client', ['collectDefaultMetrics', 'Registry']],
])('what the program uses of %s is loaded without the package', (name, used) => {
  const code = `console.log(JSON.stringify(Object.keys(require('./main-${name}.js'))))`;
  const said = execFileSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual(expect.arrayContaining(used));
});

test.each(['main-program.js', 'main-commands.js'])(
  '%s holds no character sets and no list of types',
  (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    // Names that only iconv-lite, the whole of mime-db and qs have.
    for (const part of ['windows-1252', 'application/vnd.ms-excel', 'arrayLimitExceeded'])
      expect({ part, isThere: text.includes(part) }).toEqual({ part, isThere: false });
  },
);

test('undici brings neither HTTP/2 nor a second parser of replies', () => {
  const text = readFileSync(join(folder, 'main-undici.js'), 'utf8');
  expect(text).not.toMatch(/require\d*\("(?:node:)?http2"\)/);
  // How WebAssembly begins, in base64.
  expect(text.match(/AGFzbQ/g)).toHaveLength(1);
});

/** The functions of mime-types over a list, as a package has it. */
const typesOver = (database: object): { contentType: (type: string) => string | false; lookup: unknown } => {
  let types: unknown;
  jest.isolateModules(() => {
    jest.doMock('mime-db', () => database);
    types = jest.requireActual<object>('mime-types');
  });
  return types as ReturnType<typeof typesOver>;
};

test('the types that the service sends have the charset that the whole list gives them', () => {
  const ours = jest.requireActual<Record<string, object>>('../../../scripts/bundled/mime-db.cjs');
  const whole = jest.requireActual<Record<string, object>>('mime-db');
  const kinds = [
    'css',
    'html',
    'js',
    'json',
    'svg',
    'text/css',
    'text/html',
    'application/json',
    'text/plain',
  ];
  const [short, full] = [typesOver(ours), typesOver(whole)];
  expect(kinds.map((kind) => short.contentType(kind))).toEqual(kinds.map((kind) => full.contentType(kind)));
});
