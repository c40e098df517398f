// Files that are read while the service runs: bounded, and nothing but files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile } from '../../../src/config/read-text-file';

const folder = mkdtempSync(join(tmpdir(), 'read-text-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

it.each(['', 'text of a file, 飞书\n', 'x'.repeat(1_048_576)])('reads a file whole', async (text) => {
  expect((await readTextFile(file('whole', text))) === text).toBe(true);
});

it('refuses one over 1 MiB, a folder, a pipe without a writer, and a missing file', async () => {
  await expect(readTextFile(file('large', 'x'.repeat(1_048_577)))).rejects.toMatchObject({ code: 'EFBIG' });
  await expect(readTextFile(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(readTextFile(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'ENOTSUP' });
  await expect(readTextFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
