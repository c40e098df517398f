// A volume that hangs: opening a file never ends, and keeps a thread. A pipe without a writer does that to a plain `open`.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../../../src/tickets/stores/file/file-store';
import { FakeClock } from '../../../../support/fake-clock';
import { describeWith } from '../../../../support/needs-program';

/** Files whose opening hangs in a thread. */
const mockHanging = new Map<unknown, string>();
jest.mock('node:fs/promises', () => {
  const actual = jest.requireActual<typeof fsPromises>('node:fs/promises');
  const open: typeof actual.open = (path, ...rest) => {
    const pipe = mockHanging.get(path);
    return pipe === undefined ? actual.open(path, ...rest) : actual.open(pipe, 'r');
  };
  return { ...actual, open };
});

describeWith('mkfifo', 'a file store on a volume that hangs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-store-hanging-'));
  const path = join(folder, 'tickets.json');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  let mending: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(mending));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => mockHanging.set(path, pipe));

  /** From now on files are as they are; what hangs ends, as if there were no file. */
  function mend(): void {
    mockHanging.clear();
    // Over and over: a thread that is slow opens the pipe a little later.
    const endOne = (): void => closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
    endOne();
    mending = setInterval(endOne, 5);
  }

  test('leaves the process threads for its other files and for names of hosts, however often it is read', async () => {
    const store = createFileStore({ path, clock: new FakeClock(), onWarning: () => undefined });
    const reads = Array.from({ length: 8 }, () => store.read('a').catch(() => undefined)); // twice the threads that Node has
    // Answered by one of the threads; without one left it would wait indefinitely.
    expect((await fsPromises.stat(folder)).isDirectory()).toBe(true);
    mend();
    expect(await Promise.all(reads)).toEqual(Array(8).fill(undefined));
  });

  test('is closed after 1.5 s', async () => {
    const clock = new FakeClock();
    const store = createFileStore({ path, clock, onWarning: () => undefined });
    const writing = store.write('a', 'text', { replacing: undefined, lifeMs: 60_000 }).catch(() => false);
    let isClosed = false;
    const closing = store.close().then(() => (isClosed = true));
    await clock.advance(1_499);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;
    mend();
    await writing;
  });

  test('gives no caller a text that was read before its call', async () => {
    mend();
    const store = createFileStore({ path, clock: new FakeClock(), onWarning: () => undefined });
    const early = store.read('a');
    await store.write('a', 'text', { replacing: undefined, lifeMs: 60_000 });
    expect([undefined, 'text']).toContain(await early);
    expect(await Promise.all([store.read('a'), store.read('a')])).toEqual(['text', 'text']);
  });
});
