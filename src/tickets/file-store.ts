// The store of one machine or one volume: a file that outlives its processes and that several of them may share.
import { open, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemClock, type Clock } from '../clock';
import { explainingFileFailure } from './explaining-file-failure';
import { withLockFile } from './lock-file';
import { replaceFile } from './replace-file';
import { parseTicketFile, serialiseTicketFile, type TicketEntry } from './ticket-file';
import type { TicketStore } from './ticket-store';

/** How a file store is made. */
export interface FileStoreOptions {
  /** The file; its folder must exist and be writable, because the file is replaced by one written beside it. */
  path: string;
  /** Default: the machine's. */
  clock?: Clock;
  /** Hears, in a sentence, what an operator should see to: a file that others may write, or that is not ours. */
  onWarning: (message: string) => void;
}

/** The file as it is at one moment. */
interface Contents {
  entries: Map<string, TicketEntry>;
  /** Permission bits, kept when the file is replaced. */
  mode: number;
  /** It is something else than a ticket file, and not empty. */
  isForeign: boolean;
}

/** Changes the entries, if it does not find them changed by somebody else; returns whether it did. */
type Change = (entries: Map<string, TicketEntry>) => boolean;

/** A new file is the owner's alone. Text in it is sealed; this keeps others from throwing it away. */
const NEW_FILE_MODE = 0o600;
/** Everybody may write. */
const WORLD_WRITABLE = 0o002;

/**
 * A store in one file. Processes that share it never see half a file, and do not lose each other's names: every write
 * reads the file again under a lock file and changes its own name only.
 *
 * A new file has mode 0600. An existing one keeps its mode: for processes of several users on a volume with a group
 * (Kubernetes `fsGroup`), create an empty file with mode 0660 once. An empty, torn or foreign file counts as empty and is
 * replaced at the next write; a foreign one is then kept as `<path>.foreign`. `read` and `write` reject with an Error that
 * says what to do when the folder is missing or closed to us.
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
  /** The read that begins when the one under way has ended, for all who ask until then. */
  let nextRead: Promise<Contents> | undefined;
  let reading: Promise<unknown> = Promise.resolve();

  function warnOnce(message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    onWarning(message);
  }

  async function load(): Promise<Contents> {
    const file = await openOrMissing(path);
    if (file === undefined) return { entries: new Map(), mode: NEW_FILE_MODE, isForeign: false };
    try {
      const { mode } = await file.stat();
      const text = await file.readFile('utf8');
      const entries = parseTicketFile(text);
      if ((mode & WORLD_WRITABLE) !== 0)
        warnOnce(`Everybody on this machine may write the ticket file ${path}: run chmod o-w on it.`);
      if (entries === undefined) warnOnce(`${path} is not a ticket file: it is ignored, and replaced soon.`);
      return {
        entries: entries ?? new Map<string, TicketEntry>(),
        mode: mode & 0o777, // the permission bits, without the kind of file
        isForeign: entries === undefined && text !== '',
      };
    } finally {
      await file.close();
    }
  }

  /**
   * One at a time: on a volume that hangs each would keep a thread of the pool, and with all four gone no name of the
   * platform's host is resolved any more. Nobody is given a read that began before it was asked for.
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
    // It may be a path that was mistyped, and somebody's only copy.
    if (isForeign) await rename(path, `${path}.foreign`);
    await replaceFile(path, serialiseTicketFile(entries), { mode, clock });
    return results;
  }

  return {
    async read(name) {
      return explainingFileFailure(path, async () => liveText((await loadInTurn()).entries, name));
    },
    async write(name, text, { replacing, lifeMs }) {
      return explainingFileFailure(path, () =>
        make((entries) => {
          if (liveText(entries, name) !== replacing) return false;
          entries.set(name, { text, endsAtMs: clock.wallMs() + lifeMs });
          return true;
        }),
      );
    },
    async close() {
      await underWay;
    },
  };
}

/** The open file, or undefined when there is none yet; without its folder it rejects. */
async function openOrMissing(path: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await stat(dirname(path));
    return undefined;
  }
}
