// What pages are sent: the bundles of the browser helper are small, of old enough syntax, and the ones that are documented.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { build, type BuildOptions } from 'esbuild';

const root = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
const bundle = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/bundle-browser.mjs'), folder, folder]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** As parsers see it that read nothing newer, such as webpack 4's. */
function findNewerSyntax(code: string, sourceType: 'script' | 'module'): string | undefined {
  try {
    parse(code, { ecmaVersion: 2017, sourceType });
    return undefined;
  } catch (error) {
    const { pos } = error as SyntaxError & { pos: number };
    return code.slice(Math.max(0, pos - 20), pos + 20);
  }
}

test.each([
  ['lark-jsapi.js', 'script'],
  ['lark-jsapi.mjs', 'module'],
  ['module.js', 'script'],
  ['module.mjs', 'module'],
] as const)('%s is ES2017', (name, sourceType) => {
  // The one thing that is newer: a module that pages load finds its own address by nothing else.
  const code = name === 'lark-jsapi.mjs' ? bundle(name).replace('import.meta.url', 'address') : bundle(name);
  expect(findNewerSyntax(code, sourceType)).toBeUndefined();
});

describe('the bundle of a front end that has the helper from the package', () => {
  const entry = `import { create, isInLark } from './module.mjs'; if (isInLark()) create({}).ready();`;

  it.each<BuildOptions>([
    { format: 'iife' },
    { format: 'iife', minify: true, target: 'es2017' },
    { format: 'esm' },
    { format: 'esm', minify: true, target: 'es2017' },
    { format: 'cjs', minify: true, target: 'es2017' },
    { format: 'iife', mainFields: ['main'], conditions: ['require'], minify: true, target: 'es2017' },
  ])('is ES2017: %j', async (options) => {
    const { outputFiles } = await build({
      ...options,
      stdin: { contents: entry, resolveDir: folder },
      bundle: true,
      write: false,
    });
    expect(outputFiles[0]!.text).toContain('LarkJsapiError');
    expect(
      findNewerSyntax(outputFiles[0]!.text, options.format === 'esm' ? 'module' : 'script'),
    ).toBeUndefined();
  });

  it('holds nothing of the server, and nothing of the table that pages have no use for', () => {
    for (const name of ['module.js', 'module.mjs']) {
      expect(bundle(name)).not.toMatch(/node:|jsapi_ticket|app_secret|express/);
      expect(bundle(name)).not.toContain('the session of the user ended');
    }
  });
});

test('newer syntax would be found', () => {
  for (const code of ['a ?? b', 'a?.b', '({ ...a })', 'try {} catch {}', 'import.meta'])
    expect(findNewerSyntax(code, 'module')).toBeDefined();
});

test('what bundlers read knows no address of its own: that would be a path of the machine that bundles', () => {
  for (const name of ['module.js', 'module.mjs']) expect(bundle(name)).not.toContain('import.meta');
});

test('web components are in what bundlers read, and in nothing that the service serves', () => {
  for (const name of ['module.js', 'module.mjs']) expect(bundle(name)).toContain('authoriseComponents');
  for (const name of ['lark-jsapi.js', 'lark-jsapi.mjs']) expect(bundle(name)).not.toContain('webComponent');
});

describe.each(['lark-jsapi.js', 'lark-jsapi.mjs'])('%s', (name) => {
  it('is at most 6 KB when compressed', () => {
    expect(gzipSync(bundle(name)).length).toBeLessThanOrEqual(6 * 1024);
  });

  it('holds nothing of the server', () => {
    expect(bundle(name)).not.toMatch(/\brequire\(|node:|\bprocess\b|jsapi_ticket|app_secret|express/);
  });

  it('is what docs/integrity.md has the hash of (else run "npm run integrity")', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const digest = createHash('sha384').update(bundle(name)).digest('base64');
    const released = name.replace('.', `-${version}.`);
    expect(read('docs/integrity.md')).toContain(`- \`${released}\`: \`sha384-${digest}\``);
  });
});

describe('lark-jsapi.js', () => {
  it('gives a page the global LarkJsapi, whose default endpoint is its own folder', () => {
    class HTMLScriptElement {
      readonly src = 'https://signer.example.com/lark/lark-jsapi-0.1.0.js';
    }
    class Document {
      readonly currentScript = new HTMLScriptElement();
    }
    const page = {
      Document,
      HTMLScriptElement,
      document: new Document(),
      location: { href: 'https://h5.example.com/' },
      navigator: { userAgent: 'Mozilla/5.0' },
    };
    const context = createContext({ ...page, window: page });
    runInContext(bundle('lark-jsapi.js'), context);
    expect(page).toMatchObject({ LarkJsapi: { create: expect.any(Function) as unknown } });
    expect((page as unknown as { LarkJsapi: { isInLark: () => boolean } }).LarkJsapi.isInLark()).toBe(false);
    const created = (page as { __larkJsapiInstances1?: Map<string, unknown> }).__larkJsapiInstances1!;
    (page as unknown as { LarkJsapi: { create: () => void } }).LarkJsapi.create();
    expect([...created.keys()]).toEqual(['{"endpoint":"https://signer.example.com/lark"}']);
  });
});
