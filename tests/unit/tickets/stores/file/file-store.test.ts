// What only a store in a file has to bear: other people's files and modes, folders that are not there, locks, leftovers.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createFileStore } from '../../../../../src/tickets/stores/file/file-store';
import { withLockFile } from '../../../../../src/tickets/stores/file/lock-file';
import { replaceFile } from '../../../../../src/tickets/stores/file/replace-file';
import type { TicketStore } from '../../../../../src/tickets/ticket-store';
import { FakeClock } from '../../../../support/fake-clock';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let folder: string;
let path: string;
let clock: FakeClock;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-store-'));
  path = join(folder, 'tickets.json');
  clock = new FakeClock();
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = (at = path): TicketStore =>
  createFileStore({ path: at, clock, onWarning: (message) => warnings.push(message) });

/** Writes `text` under `name`, over whatever is there. */
async function put(store: TicketStore, name: string, text: string, lifeMs = HOUR): Promise<void> {
  expect(await store.write(name, text, { replacing: await store.read(name), lifeMs })).toBe(true);
}

/** Lets the file system work until `isSo`; gives up after far more turns of the event loop than a file takes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (await isSo()) return;
    await nextTurn();
  }
  throw new Error('it never came to pass');
}

/**
 * Moves time on in steps of 5 ms, with the file system's work in between, until `work` settles; `beforeStep` runs before
 * each. Gives the time it took.
 */
async function timeOf(work: Promise<unknown>, beforeStep = () => Promise.resolve()): Promise<number> {
  const startedAtMs = clock.monotonicMs();
  const ended = work.then(
    () => true,
    () => true,
  );
  await until(async () => {
    if (await Promise.race([ended, nextTurn(false)])) return true;
    if (clock.timers === 0) return false;
    await beforeStep();
    await clock.advance(5);
    return false;
  });
  return clock.monotonicMs() - startedAtMs;
}

const modeOf = async (of: string): Promise<number> => (await stat(of)).mode & 0o777;

describe('the file', () => {
  test('does not hold names whose time is over, beyond the next write', async () => {
    const store = open();
    await put(store, 'short', 'one', MINUTE);
    await put(store, 'long', 'two', HOUR);
    await clock.advance(MINUTE);
    await put(store, 'new', 'three');
    const file = JSON.parse(await readFile(path, 'utf8'));
    expect(file).toEqual({
      format: 'lark-jsapi-signer tickets v1',
      entries: {
        long: { text: 'two', endsAtMs: expect.any(Number) },
        new: { text: 'three', endsAtMs: clock.wallMs() + HOUR },
      },
    });
  });

  test('holds nothing under the names that every object has', async () => {
    const store = open();
    await put(store, 'a', 'one');
    for (const name of ['__proto__', 'toString', 'constructor'])
      expect(await store.read(name)).toBeUndefined();
  });

  test('is written once for all writes that come meanwhile', async () => {
    const store = open();
    const inodes = new Set<number>();
    const names = Array.from({ length: 200 }, (_, n) => `app ${n}`);
    await Promise.all(
      names.map(async (name) => {
        await store.write(name, 'text', { replacing: undefined, lifeMs: HOUR });
        inodes.add((await stat(path)).ino);
      }),
    );
    expect(inodes.size).toBeLessThanOrEqual(2);
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')).entries)).toEqual(names);
  });

  test('takes writes that come at any moment of another one', async () => {
    const store = open();
    const writes: Promise<boolean>[] = [];
    for (let n = 0; n < 100; n += 1) {
      writes.push(store.write(`app ${n}`, 'text', { replacing: undefined, lifeMs: HOUR }));
      // As long as one of the steps of a write takes.
      await store.read('a');
    }
    expect(await timeOf(Promise.all(writes))).toBe(0);
    expect(await Promise.all(writes)).toEqual(writes.map(() => true));
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')).entries)).toHaveLength(100);
  });

  test('is left alone by a write that is refused', async () => {
    const store = open();
    await put(store, 'a', 'one');
    const before = await stat(path);
    expect(await store.write('a', 'two', { replacing: undefined, lifeMs: HOUR })).toBe(false);
    expect(await stat(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test('keeps accepting writes after a failed one', async () => {
    const later = join(folder, 'later', 'tickets.json');
    const store = open(later);
    const options = { replacing: undefined, lifeMs: HOUR };
    await expect(store.write('a', 'one', options)).rejects.toThrow('create the folder');
    await mkdir(join(folder, 'later'));
    expect(await store.write('a', 'one', options)).toBe(true);
    expect(await store.read('a')).toBe('one');
  });
});

describe('the mode', () => {
  test('of a new file admits only its owner', async () => {
    await put(open(), 'a', 'one');
    expect(await modeOf(path)).toBe(0o600);
  });

  test('of a file that is there is kept, empty or not', async () => {
    await writeFile(path, '');
    await chmod(path, 0o660);
    await put(open(), 'a', 'one');
    expect(await modeOf(path)).toBe(0o660);
    await put(open(), 'a', 'two');
    expect(await modeOf(path)).toBe(0o660);
  });

  test('that lets everybody write is warned of once', async () => {
    const store = open();
    await put(store, 'a', 'one');
    expect(warnings).toEqual([]);
    await chmod(path, 0o666);
    await put(store, 'a', 'two');
    await put(store, 'a', 'three');
    expect(warnings).toEqual([expect.stringContaining(`may write the ticket file ${path}: run chmod o-w`)]);
  });
});

describe('a file that is not ours', () => {
  const whole = JSON.stringify({
    format: 'lark-jsapi-signer tickets v1',
    entries: { a: { text: 'one', endsAtMs: 9e15 } },
  });

  test.each([
    ['empty', ''],
    ['torn', whole.slice(0, 60)],
    ['torn and padded with zeros', whole.slice(0, 60).padEnd(4_096, '\0')],
    ['text', 'PASSWORD=1234\n'],
    ['null', 'null'],
    ['another JSON', '{"a":{"text":"one","endsAtMs":9e15}}'],
    ['of a later format', whole.replace('v1', 'v2')],
    ['without entries', '{"format":"lark-jsapi-signer tickets v1"}'],
    ['with an entry of another form', whole.replace('"one"', '1')],
    ['with an entry that is null', whole.replace(/\{"text[^}]*\}/, 'null')],
    ['with an entry without an end', whole.replace('endsAtMs', 'endedAtMs')],
  ])('is ignored with a warning, and replaced at the next write: %s', async (what, text) => {
    await writeFile(path, text);
    const store = open();
    expect(await store.read('a')).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(`${path} is not a ticket file`)]);
    expect(await readFile(path, 'utf8')).toBe(text);
    await put(store, 'a', 'two');
    expect(await open().read('a')).toBe('two');
    expect(warnings).toHaveLength(1);
    const kept = await readFile(`${path}.foreign`, 'utf8').catch(() => undefined);
    expect(kept).toBe(what === 'empty' ? undefined : text);
  });

  test('of any size is ignored and kept without being read', async () => {
    await writeFile(path, '');
    await truncate(path, 2 ** 40);
    const before = process.memoryUsage().arrayBuffers;
    const store = open();
    expect(await store.read('a')).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    await put(store, 'a', 'one');
    expect(await open().read('a')).toBe('one');
    expect((await stat(`${path}.foreign`)).size).toBe(2 ** 40);
  });

  test('does not overwrite the one that was kept before', async () => {
    const store = open();
    for (const text of ['first', 'second', 'third']) {
      await writeFile(path, text);
      await put(store, 'a', 'one');
    }
    expect(await readFile(`${path}.foreign`, 'utf8')).toBe('first');
    expect(await readFile(`${path}.foreign.2`, 'utf8')).toBe('second');
    expect(await readFile(`${path}.foreign.3`, 'utf8')).toBe('third');
  });

  test('for the eleventh time stays where it is, and the write rejects', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `${path}.foreign${n === 0 ? '' : `.${n + 1}`}`);
    // A link that leads nowhere would be overwritten too.
    for (const name of names) await symlink('nowhere', name);
    await writeFile(path, 'somebody else’s');
    const writing = open().write('a', 'one', { replacing: undefined, lifeMs: HOUR });
    await expect(writing).rejects.toThrow('another program writes to this path too');
    expect(await readFile(path, 'utf8')).toBe('somebody else’s');
  });

  test('is distinguished from ours', async () => {
    await writeFile(path, whole);
    expect(await open().read('a')).toBe('one');
    expect(warnings).toEqual([]);
  });
});

describe('where no file can be', () => {
  test.each([
    ['the folder is missing', 'missing/tickets.json', /create the folder .*missing, or mount the volume/],
    ['the folder is a file', 'file/tickets.json', /create the folder .*file, or mount the volume/],
    ['the path is a folder', 'folder', /it is a folder; name a file in it/],
  ])('reading and writing reject with what to do: %s', async (_, relative, advice) => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'folder'));
    const store = open(join(folder, relative));
    await expect(store.read('a')).rejects.toThrow(advice);
    const writing = store.write('a', 'one', { replacing: undefined, lifeMs: HOUR });
    await expect(writing).rejects.toThrow(advice);
    await store.close();
    expect((await readdir(folder)).sort()).toEqual(['file', 'folder']);
  });

  test.each(['pipe', 'device'])('a %s is neither read nor replaced', async (kind) => {
    if (kind === 'pipe') execFileSync('mkfifo', [path]);
    else await symlink('/dev/zero', path);
    const store = open();
    const advice = /it is a pipe, a device or a socket: name a file/;
    await expect(store.read('a')).rejects.toThrow(advice);
    await expect(store.write('a', 'one', { replacing: undefined, lifeMs: HOUR })).rejects.toThrow(advice);
    await store.close();
    expect(await readdir(folder)).toEqual(['tickets.json']);
    expect(warnings).toEqual([]);
  });

  test('tickets that no longer fit into 16 MiB are refused, and those before stay', async () => {
    const store = open();
    const long = 'x'.repeat(15 * 1_048_576);
    await put(store, 'a', long);
    const writing = store.write('b', long, { replacing: undefined, lifeMs: HOUR });
    await expect(writing).rejects.toThrow('keep those of so many tenants in Redis');
    expect(await open().read('a')).toBe(long);
    expect(await readdir(folder)).toEqual(['tickets.json']);
  });

  test('a file that cannot be put into its place leaves none beside it', async () => {
    await mkdir(path);
    await expect(replaceFile(path, 'text', { mode: 0o600, clock })).rejects.toThrow(/EISDIR|EEXIST|EPERM/);
    expect(await readdir(folder)).toEqual(['tickets.json']);
  });
});

// Where the kernel lists a process's descriptors.
(existsSync('/proc/self/fd') ? test : test.skip)(
  'leaves no descriptor of a file or folder open',
  async () => {
    const descriptors = async (): Promise<string[]> => {
      const names = await readdir('/proc/self/fd');
      const targets = await Promise.all(
        names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
      );
      return targets.filter((target) => target.startsWith(folder));
    };
    const store = open();
    for (const text of ['one', 'two', 'three']) await put(store, 'a', text);
    expect(await descriptors()).toEqual([]);
  },
);

describe('the lock file', () => {
  const lockPath = (): string => `${path}.lock`;
  const write = (name: string): Promise<boolean> =>
    open().write(name, 'text', { replacing: undefined, lifeMs: HOUR });

  test('is gone after a write, and after one that failed', async () => {
    await write('a');
    expect(await readdir(folder)).toEqual(['tickets.json']);
    await rm(path);
    await mkdir(path);
    await expect(write('a')).rejects.toThrow('it is a folder');
    expect(await readdir(folder)).toEqual(['tickets.json']);
  });

  test('makes a writer wait until it is released', async () => {
    await writeFile(lockPath(), '');
    const writing = write('a');
    await until(() => clock.timers > 0);
    await clock.advance(100);
    expect(await readdir(folder)).toEqual(['tickets.json.lock']);
    await rm(lockPath());
    expect(await timeOf(writing)).toBeLessThanOrEqual(5);
    expect(await readdir(folder)).toEqual(['tickets.json']);
  });

  test('that a killed process has left holds a writer up for 0.4 s, once', async () => {
    await writeFile(lockPath(), '');
    expect(await timeOf(write('a'))).toBe(400);
    expect(await timeOf(write('b'))).toBe(0);
    expect(await readdir(folder)).toEqual(['tickets.json']);
  });

  test('that passes from one to the next holds a writer up for 0.8 s, and is left to them', async () => {
    await writeFile(lockPath(), '');
    const time = timeOf(write('a'), async () => {
      if (clock.monotonicMs() % 200 !== 0) return;
      // By a rename, so that there is no moment without a lock.
      await writeFile(`${path}.next`, '');
      await rename(`${path}.next`, lockPath());
    });
    expect(await time).toBe(800);
    expect(await open().read('a')).toBe('text');
    expect((await readdir(folder)).sort()).toEqual(['tickets.json', 'tickets.json.lock']);
  });

  test('is not released by who lost it', async () => {
    let finish = (): void => undefined;
    const slow = withLockFile(lockPath(), clock, () => new Promise<void>((resolve) => (finish = resolve)));
    await until(async () => (await readdir(folder)).includes('tickets.json.lock'));
    const fast = withLockFile(lockPath(), clock, async () => {
      finish();
      await slow;
      return readdir(folder);
    });
    expect(await timeOf(fast)).toBe(400);
    expect(await fast).toEqual(['tickets.json.lock']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('what killed processes have left', () => {
  const leftOver = (name: string, atMs: number): string =>
    join(folder, `${name}.${atMs}.01234567-89ab-cdef-0123-456789abcdef.tmp`);

  test('is removed a minute later, and nothing else is', async () => {
    const nowMs = clock.wallMs();
    const old = leftOver('tickets.json', nowMs - MINUTE - 1);
    const fromTheFuture = leftOver('tickets.json', nowMs + MINUTE + 1);
    const young = leftOver('tickets.json', nowMs - MINUTE);
    const others = [
      leftOver('another.json', 1),
      leftOver('tickets.json2', 1),
      `${path}.1.tmp`,
      `${path}.bak`,
    ];
    for (const file of [old, fromTheFuture, young, ...others]) await writeFile(file, '');
    await put(open(), 'a', 'one');
    const left = (await readdir(folder)).map((name) => join(folder, name));
    expect(left.sort()).toEqual([path, young, ...others].sort());
    await clock.advance(SECOND);
    await put(open(), 'a', 'two');
    expect(await readdir(folder)).toHaveLength(1 + others.length);
  });
});
