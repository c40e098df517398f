// Faults of the file store and of the disk below it. Tickets are still loaded; only their persistence suffers.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import fsPromises, { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harmless } from './expectations';
import type { FaultCase, Infliction, LogFields } from './fault-case';

/** A folder of its own for the ticket file. */
interface Place {
  readonly folder: string;
  readonly file: string;
}

/** Long enough for a write with its two syncs on a busy disk, and only waited for while one is under way. */
const WRITE_LIMIT_MS = 300;
/** Threads of the pool begin what they are given within this. */
const BEGIN_MS = 2;

/** A world with a file store, and what happens to its place. */
function spoilt({
  begin,
  end,
  waitsForWrites = true,
}: {
  begin: (place: Place) => void;
  end: (place: Place) => void;
  waitsForWrites?: boolean;
}): () => Infliction {
  return () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'faults-')), 'data');
    mkdirSync(folder);
    chmodSync(join(folder, '..'), 0o755); // the user nobody has to enter, see `asNobody`
    const place = { folder, file: join(folder, 'tickets.json') };
    let isSpoilt = false;
    return {
      world: {
        env: { TICKET_STORE: `file:${place.file}` },
        // A name, so that the name server is asked: by the same threads that read files.
        way: (platformUrl) => Promise.resolve({ LARK_DOMAIN: platformUrl.replace('127.0.0.1', 'localhost') }),
        async alsoSettle() {
          if (!waitsForWrites && isSpoilt) return pause(BEGIN_MS);
          await poolTurns(folder);
          return writesEnded(folder);
        },
        patienceMs: () => (waitsForWrites || !isSpoilt ? WRITE_LIMIT_MS : 0),
      },
      begin() {
        isSpoilt = true;
        begin(place);
      },
      end() {
        isSpoilt = false;
        end(place);
      },
      isMended: () => holdsTickets(place.file),
      dispose() {
        end(place);
        rmSync(join(folder, '..'), { recursive: true, force: true });
      },
    };
  };
}

/** Lets what was given to the threads of the pool before, and the first steps that follow from it, be done. */
async function poolTurns(folder: string): Promise<void> {
  // More than there are threads, and as many times as a write has steps before its lock file is there.
  for (let turn = 0; turn < 3; turn += 1)
    await Promise.all(Array.from({ length: 8 }, () => stat(folder).catch(() => undefined)));
}

/** Every write is made under a lock file, beside a temporary file. */
async function writesEnded(folder: string): Promise<void> {
  const untilMs = performance.now() + WRITE_LIMIT_MS;
  while (existsSync(folder) && readdirSync(folder).some((name) => /\.(lock|tmp)$/.test(name))) {
    if (performance.now() > untilMs) return;
    await pause(BEGIN_MS);
  }
}

function holdsTickets(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').startsWith('{"format":"lark-jsapi-signer tickets');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a root user may do is no test: while the fault lasts this process runs as the user nobody. */
const NOBODY = 65_534;
function asNobody(is: boolean): void {
  if (process.getuid?.() === 0) process.seteuid?.(is ? NOBODY : 0);
}

/** The soft limit alone, of this process: what it writes fails as on a full disk. */
function limitFiles(to: 'nothing' | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${to === 'nothing' ? 0 : to}:`]);
}

const { open } = fsPromises;
/** Files of the cells that hang at this moment: several run at once. */
const hanging = new Set<unknown>();

/** Next to the folder: a pipe without a writer. */
const pipeOf = (file: string): string => join(file, '..', '..', 'pipe');

/** From now on opening `file` keeps a thread and never ends, as opening the pipe does without O_NONBLOCK. */
function hang(file: string): void {
  execFileSync('mkfifo', [pipeOf(file)]);
  hanging.add(file);
  fsPromises.open = (path, ...rest) =>
    hanging.has(path) ? open(pipeOf(String(path)), 'r') : open(path, ...rest);
}

/** Whatever hangs at the pipe ends, and the file is a file again. */
function goOn(file: string): void {
  if (!hanging.delete(file)) return;
  if (hanging.size === 0) fsPromises.open = open;
  const writer = openSync(pipeOf(file), constants.O_RDWR | constants.O_NONBLOCK);
  rmSync(pipeOf(file));
  setTimeout(() => closeSync(writer), 50);
}

const row = (
  name: string,
  area: string,
  what: string,
  how: Parameters<typeof spoilt>[0],
  expected: FaultCase['expected'],
  needs?: string,
): FaultCase => ({
  name,
  area,
  what,
  blocks: false,
  inflict: spoilt(how),
  expected,
  ...(needs && { needs }),
});

/** Told whenever the store is needed, which a fresh ticket does not. */
const whenNeeded = (log: LogFields): FaultCase['expected'] =>
  harmless({ cold: log, renewing: log, expired: log });
const FAILS = { msg: 'the ticket store fails' };

export const fileStoreFaults: readonly FaultCase[] = [
  row(
    'file-gone',
    'file store',
    'the folder is gone: a volume that is not mounted',
    {
      begin: ({ folder }) => renameSync(folder, `${folder}.away`),
      end({ folder }) {
        if (existsSync(`${folder}.away`)) renameSync(`${folder}.away`, folder);
      },
    },
    whenNeeded({ ...FAILS, error: 'mount the volume' }),
  ),
  row(
    'file-hanging',
    'file store',
    'reading never ends: a network volume whose server is gone',
    {
      waitsForWrites: false,
      begin: ({ file }) => hang(file),
      end: ({ file }) => goOn(file),
    },
    whenNeeded({ ...FAILS, operation: 'read', error: 'over 1000 ms' }),
    'mkfifo',
  ),
  row(
    'file-is-a-pipe',
    'file store',
    'a pipe has the name of the file',
    {
      begin({ file }) {
        rmSync(file, { force: true });
        execFileSync('mkfifo', [file]);
      },
      end: ({ file }) => rmSync(file, { force: true }),
    },
    whenNeeded({ ...FAILS, operation: 'read', error: 'name a file' }),
    'mkfifo',
  ),
  row(
    'file-garbage',
    'file store',
    'the file is of something else',
    {
      begin: ({ file }) => writeFileSync(file, 'not a ticket file\n'),
      end: () => undefined,
    },
    whenNeeded({ msg: 'is not a ticket file' }),
  ),
  row(
    'file-torn',
    'file store',
    'half of the file is left',
    {
      begin: ({ file }) => writeFileSync(file, '{"format":"lark-jsapi-signer tickets v1","entr'),
      end: () => undefined,
    },
    whenNeeded({ msg: 'is not a ticket file' }),
  ),
  row(
    'disk-read-only',
    'disk',
    'nothing may be written',
    {
      begin({ folder }) {
        chmodSync(folder, 0o555);
        asNobody(true);
      },
      end({ folder }) {
        asNobody(false);
        chmodSync(folder, 0o755);
      },
    },
    whenNeeded({ ...FAILS, operation: 'write', error: 'let the user of this process' }),
  ),
  row(
    'disk-full',
    'disk',
    'nothing more fits',
    { begin: () => limitFiles('nothing'), end: () => limitFiles('unlimited') },
    whenNeeded({ ...FAILS, operation: 'write', error: 'free or repair the disk' }),
    'prlimit',
  ),
];
