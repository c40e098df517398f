// Files that others may have put anything into the place of: read up to a limit, and nothing but files is waited for.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBoundedFile, readBoundedFileSync } from '../../../src/base/read-bounded-file';

const folder = mkdtempSync(join(tmpdir(), 'read-bounded-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
function pipe(name: string): string {
  execFileSync('mkfifo', [at(name)]);
  return at(name);
}

/** Both ways to read, as promises. */
const READERS: [name: string, read: typeof readBoundedFile][] = [
  ['readBoundedFile', readBoundedFile],
  // oxlint-disable-next-line typescript/require-await -- so that it rejects where the other throws
  ['readBoundedFileSync', async (path, maxBytes) => readBoundedFileSync(path, maxBytes)],
];

describe.each(READERS)('%s', (_name, read) => {
  test('returns the text and the mode of a file, through a symbolic link too', async () => {
    writeFileSync(at('file'), 'text, 飞书\n');
    chmodSync(at('file'), 0o640);
    expect(await read(at('file'), 100)).toEqual({ text: 'text, 飞书\n', mode: 0o640 });
    rmSync(at('link'), { force: true });
    symlinkSync(at('file'), at('link'));
    expect((await read(at('link'), 100)).text).toBe('text, 飞书\n');
  });

  test('returns a text of exactly the limit, and none of a byte more', async () => {
    writeFileSync(at('file'), 'x'.repeat(100));
    expect((await read(at('file'), 100)).text).toHaveLength(100);
    expect((await read(at('file'), 99)).text).toBeUndefined();
  });

  test('reads a file that tells no size, up to the limit', async () => {
    expect((await read('/proc/self/status', 65_536)).text).toMatch(/^Name:/);
    expect((await read('/proc/self/status', 10)).text).toBeUndefined();
  });

  test('refuses a folder, a device, a socket and what is not there', async () => {
    await expect(read(folder, 100)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(read('/dev/zero', 100)).rejects.toMatchObject({ code: 'ENOTSUP' });
    await expect(read('/dev/null', 100)).rejects.toMatchObject({ code: 'ENOTSUP' });
    await expect(read(at('none'), 100)).rejects.toMatchObject({ code: 'ENOENT' });
    const server = createServer().listen(at('socket'));
    await expect(read(at('socket'), 100)).rejects.toMatchObject({ code: /ENXIO|ENOTSUP/ });
    server.close();
  });
});

test('a pipe is refused while the service runs, with a writer or without one', async () => {
  await expect(readBoundedFile(pipe('pipe'), 100)).rejects.toMatchObject({ code: 'ENOTSUP' });
  const writer = spawn('sh', ['-c', `echo text > ${at('pipe')}`]);
  await expect(readBoundedFile(at('pipe'), 100)).rejects.toMatchObject({ code: 'ENOTSUP' });
  writer.kill();
});

describe('before the service runs, a pipe', () => {
  test('is empty without a writer', () => {
    expect(readBoundedFileSync(pipe('idle'), 100).text).toBe('');
  });

  test('is read to its end, however slow its writer', async () => {
    const path = pipe('slow');
    const script = `exec 3<>${path}; echo open; sleep 0.1; echo a >&3; sleep 0.1; echo b >&3`;
    const writer = spawn('sh', ['-c', script]);
    await once(writer.stdout, 'data');
    expect(readBoundedFileSync(path, 100).text).toBe('a\nb\n');
  });

  test('is read up to the limit', async () => {
    const path = pipe('endless');
    const writer = spawn('sh', ['-c', `exec 3<>${path}; echo open; exec yes >&3`]);
    await once(writer.stdout, 'data');
    expect(readBoundedFileSync(path, 100_000).text).toBeUndefined();
    writer.kill();
  });
});
