// `npm run dev` has the browser helper bundled again when its sources change: in a copy, so that the working tree stays unchanged.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyProject } from '../../support/copy-project';

/** Says "watching", and "rewritten" after each bundle that was written again; ends with its standard input. */
const WATCH = `
  const { watchBrowser } = await import('./scripts/bundle-browser.mjs');
  const end = await watchBrowser('public', () => console.log('rewritten'));
  console.log('watching');
  process.stdin.resume().on('end', end);
`;

test('both bundles are written again when a source changes, and it ends on a signal', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'watch-browser-'));
  copyProject(copy, ['scripts', 'src', 'tsconfig.json']);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WATCH], {
    cwd: copy,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => (await lines.next()).value;

  expect(await next()).toBe('watching');
  const source = join(copy, 'src/browser/lark-jsapi-error.ts');
  writeFileSync(
    source,
    `${readFileSync(source, 'utf8')}\n(globalThis as { changed?: string }).changed = 'seen';\n`,
  );
  expect([await next(), await next()]).toEqual(['rewritten', 'rewritten']);
  for (const name of ['lark-jsapi.js', 'lark-jsapi.mjs'])
    expect(readFileSync(join(copy, 'public', name), 'utf8')).toContain('"seen"');
  child.stdin.end();
  expect(await closed).toEqual([0, null]);
  rmSync(copy, { recursive: true });
});
