// The store of one machine or one volume: a file that outlives its processes and that several of them may share.
import { lstat, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readBoundedFile, type BoundedFile } from '../../../base/read-bounded-file';
import { systemClock, type Clock } from '../../../base/clock';
import { withDeadline } from '../../../base/deadline';
import { withFileErrorHint } from './with-file-error-hint';
import { withLockFile } from './lock-file';
import { replaceFile } from './replace-file';
import { parseTicketFile, serialiseTicketFile, type TicketEntry } from './ticket-file';
import type { TicketStore } from '../../ticket-store';

/** How a file store is made. */
export interface FileStoreOptions {
  /** The file; its folder must exist and be writable, because the file is replaced by a file written next to it. */
  path: string;
  /** Default: the machine's. */
  clock?: Clock;
  /** Called with a sentence that asks an operator to act: the file is writable by others, or is not ours. */
  onWarning: (message: string) => void;
}

/** The file as it is at one moment. */
interface Contents {
  entries: Map<string, TicketEntry>;
  /** Permission bits, kept when the file is replaced. */
  mode: number;
  /** Neither a ticket file nor empty. */
  isForeign: boolean;
}

/** Changes the entries, unless another process has changed them; returns whether it did. */
type Change = (entries: Map<string, TicketEntry>) => boolean;

/** A new file is the owner's alone. Text in it is sealed; this keeps others from throwing it away. */
const NEW_FILE_MODE = 0o600;
/** Writable by every user. */
const WORLD_WRITABLE = 0o002;
/** 16 MiB: the tickets of 60,000 tenants. To read that takes the second that callers grant a store, and over 100 MB for a moment. */
const MAX_FILE_BYTES = 16 * 1_048_576;
/** Ten files in one place that are not ours: another program writes there, and would have to share it with us. */
const MAX_FOREIGN_FILES = 10;
/** A good disk writes in some 10 ms, after 0.8 s of waiting for the lock at most; on one that hangs a shutdown does not wait. */
const CLOSE_LIMIT_MS = 1_500;

/**
 * A store in one file. Processes that share it never see half a file, and do not lose each other's names: every write
 * reads the file again under a lock file and changes its own name only.
 *
 * A new file has mode 0600. An existing one keeps its mode: for processes of several users on a volume with a group
 * (Kubernetes `fsGroup`), create an empty file with mode 0660 once. An empty, torn or foreign file counts as empty and is
 * replaced at the next write; a foreign one is then kept as `<path>.foreign`, a second as `<path>.foreign.2`. `read` and
 * `write` reject with an Error that says what to do when the folder is missing or closed to us, when a pipe, device or folder
 * has the file's name, and when the tickets no longer fit into 16 MiB.
 *
 * @example createFileStore({ path: '/data/tickets.json', onWarning: (message) => logger.warn(message) })
 */
export function createFileStore(options: FileStoreOptions): TicketStore {
  const { clock = systemClock, onWarning } = options;
  const path = resolve(options.path);
  const warned = new Set<string>();
  /** Changes that wait for the write under way, to be made in one go: a thousand apps are not a thousand writes. */
  let waiting: { changes: Change[]; results: Promise<boolean[]> } | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  /** The read that begins when the current read has ended, for all callers until then. */
  let nextRead: Promise<Contents> | undefined;
  let reading: Promise<unknown> = Promise.resolve();

  function warnOnce(message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    onWarning(message);
  }

  async function load(): Promise<Contents> {
    const file = await readOrMissing(path);
    if (file === undefined) return { entries: new Map(), mode: NEW_FILE_MODE, isForeign: false };
    const { text, mode } = file;
    const entries = text === undefined ? undefined : parseTicketFile(text);
    if ((mode & WORLD_WRITABLE) !== 0)
      warnOnce(`Every user of this machine may write the ticket file ${path}: run chmod o-w on it.`);
    if (entries === undefined) warnOnce(`${path} is not a ticket file: it is ignored, and replaced soon.`);
    return {
      entries: entries ?? new Map<string, TicketEntry>(),
      mode,
      isForeign: entries === undefined && text !== '',
    };
  }

  /**
   * One at a time: on a volume that hangs each would keep a thread of the pool, and with all four gone no name of the
   * platform's host is resolved any more. No caller gets a read that began before its call.
   */
  function loadInTurn(): Promise<Contents> {
    nextRead ??= reading.then(() => {
      nextRead = undefined;
      return load();
    });
    reading = nextRead.catch(() => undefined);
    return nextRead;
  }

  /** The text under `name`, unless its time is over. */
  function liveText(entries: Map<string, TicketEntry>, name: string): string | undefined {
    const entry = entries.get(name);
    return entry !== undefined && entry.endsAtMs > clock.wallMs() ? entry.text : undefined;
  }

  /** Makes `change` with the next write of the file. */
  async function make(change: Change): Promise<boolean> {
    waiting ??= startBatch();
    const index = waiting.changes.push(change) - 1;
    return (await waiting.results)[index] === true;
  }

  function startBatch(): NonNullable<typeof waiting> {
    const changes: Change[] = [];
    const closeBatch = () => {
      if (waiting?.changes === changes) waiting = undefined;
    };
    const results = underWay
      .then(() =>
        withLockFile(`${path}.lock`, clock, () => {
          closeBatch();
          return apply(changes);
        }),
      )
      .finally(closeBatch);
    underWay = results.catch(() => undefined);
    return { changes, results };
  }

  async function apply(changes: Change[]): Promise<boolean[]> {
    const { entries, mode, isForeign } = await load();
    const results = changes.map((change) => change(entries));
    if (!results.includes(true)) return results;
    for (const name of [...entries.keys()]) if (liveText(entries, name) === undefined) entries.delete(name);
    const text = serialiseTicketFile(entries);
    // What could not be read again would be lost at the next write.
    if (Buffer.byteLength(text) > MAX_FILE_BYTES)
      throw Object.assign(new Error(`${path} would exceed ${MAX_FILE_BYTES} bytes`), {
        code: 'ERR_TICKETS_TOO_LARGE',
      });
    // The path may be mistyped, and the file the only copy of something.
    if (isForeign) await rename(path, await freeName(`${path}.foreign`));
    await replaceFile(path, text, { mode, clock });
    return results;
  }

  return {
    async read(name) {
      return withFileErrorHint(path, async () => liveText((await loadInTurn()).entries, name));
    },
    async write(name, text, { replacing, lifeMs }) {
      return withFileErrorHint(path, () =>
        make((entries) => {
          if (liveText(entries, name) !== replacing) return false;
          entries.set(name, { text, endsAtMs: clock.wallMs() + lifeMs });
          return true;
        }),
      );
    },
    async close() {
      await withDeadline(underWay, CLOSE_LIMIT_MS, clock, 'closing').catch(() => undefined);
    },
  };
}

/** The file, or undefined when it does not exist yet; rejects without its folder. */
async function readOrMissing(path: string): Promise<BoundedFile | undefined> {
  try {
    return await readBoundedFile(path, MAX_FILE_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await stat(dirname(path));
    return undefined;
  }
}

/** `path`, or `path.2` to `path.10`, whichever is free: earlier copies are kept. Rejects with EEXIST when all are taken. */
async function freeName(path: string): Promise<string> {
  for (let n = 1; n <= MAX_FOREIGN_FILES; n += 1) {
    const name = n === 1 ? path : `${path}.${n}`;
    if (await isMissing(name)) return name;
  }
  throw Object.assign(new Error(`${path}.2 to ${path}.${MAX_FOREIGN_FILES} exist too`), { code: 'EEXIST' });
}

/** Whether nothing is there, not even a symbolic link that leads nowhere. */
async function isMissing(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}
