// A volume that hangs: reading never ends. A pipe that nobody writes into stands for it.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../src/tickets/file-store';
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';

describeWith('mkfifo', 'a file store on a volume that hangs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-store-hanging-'));
  const path = join(folder, 'tickets.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('leaves the process threads for its other files and for names of hosts, however often it is read', async () => {
    execFileSync('mkfifo', [path]);
    const store = createFileStore({ path, clock: new FakeClock(), onWarning: () => undefined });
    const reads = Array.from({ length: 8 }, () => store.read('a')); // twice the threads that Node has
    // Answered by one of the threads; without one left it would wait for ever.
    expect((await stat(folder)).isDirectory()).toBe(true);
    const writer = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    rmSync(path);
    closeSync(writer);
    expect(await Promise.all(reads)).toEqual(Array(8).fill(undefined));
  });

  test('gives nobody a text that was read before it was asked for', async () => {
    const store = createFileStore({ path, clock: new FakeClock(), onWarning: () => undefined });
    const early = store.read('a');
    await store.write('a', 'text', { replacing: undefined, lifeMs: 60_000 });
    expect([undefined, 'text']).toContain(await early);
    expect(await Promise.all([store.read('a'), store.read('a')])).toEqual(['text', 'text']);
  });
});
