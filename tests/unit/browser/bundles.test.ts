// What pages are sent: the bundles of the browser helper are small, of old enough syntax, and the ones that are documented.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';

const root = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
const bundle = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/bundle-browser.mjs'), folder]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each([
  ['lark-jsapi.js', 'es2017'],
  ['lark-jsapi.mjs', 'es2020'],
])('%s', (name, target) => {
  it('is under 5 KB when compressed', () => {
    expect(gzipSync(bundle(name)).length).toBeLessThan(5 * 1024);
  });

  it(`holds no syntax newer than ${target}`, () => {
    const rewritten = transformSync(bundle(name), { target }).code;
    // Compared here: a difference of whole bundles is nothing to read.
    expect(rewritten === transformSync(bundle(name), { target: 'esnext' }).code).toBe(true);
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
    const page = {
      document: { currentScript: { src: 'https://signer.example.com/lark/lark-jsapi-0.1.0.js' } },
      location: { href: 'https://h5.example.com/' },
      navigator: { userAgent: 'Mozilla/5.0' },
    };
    const context = createContext({ ...page, window: page });
    runInContext(bundle('lark-jsapi.js'), context);
    expect(page).toMatchObject({ LarkJsapi: { create: expect.any(Function) as unknown } });
    const created = (page as { __larkJsapiInstances1?: Map<string, unknown> }).__larkJsapiInstances1!;
    (page as unknown as { LarkJsapi: { create: () => void } }).LarkJsapi.create();
    expect([...created.keys()]).toEqual(['{"endpoint":"https://signer.example.com/lark"}']);
  });
});
