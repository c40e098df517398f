// Several processes on one ticket file: none loses another's names, and a kill at any moment corrupts nothing.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { systemClock, type Clock } from '../../src/base/clock';
import { createFileStore } from '../../src/tickets/stores/file/file-store';
import { transpileScript } from '../support/transpile-script';

const HOUR = 3_600_000;

const { script, remove } = transpileScript(join(__dirname, '../support/file-store-writer.ts'));
let folder: string;
let children: Set<Writer>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-store-'));
  children = new Set();
});
afterEach(async () => {
  await Promise.all([...children].map((child) => child.kill()));
  await rm(folder, { recursive: true });
});
afterAll(remove);

/** A process that writes into the file at `path`. */
class Writer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  readonly #lines: Interface;

  constructor(path: string) {
    this.#process = spawn(process.execPath, [script, path]);
    this.#exited = once(this.#process, 'exit');
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#process.stderr.pipe(process.stderr);
    children.add(this);
  }

  /** Sends a command and gives the next line that is printed; rejects when the process ends instead. */
  async send(command: string): Promise<void> {
    this.#process.stdin.write(`${command}\n`);
    const ended = this.#exited.then(() => Promise.reject(new Error(`the writer ended at ${command}`)));
    await Promise.race([once(this.#lines, 'line'), ended]);
  }

  /** Ends it at once, in the middle of whatever it is doing. */
  async kill(): Promise<void> {
    children.delete(this);
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

function open(path: string, clock: Clock = systemClock) {
  const warnings: string[] = [];
  const store = createFileStore({ path, clock, onWarning: (message) => warnings.push(message) });
  return { store, warnings };
}

test('4 processes that write 25 names each at once, 10 times over, lose none of them', async () => {
  const path = join(folder, 'tickets.json');
  const writers = Array.from({ length: 4 }, () => new Writer(path));
  const { store, warnings } = open(path);
  let lost = 0;
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(writers.map((writer, n) => writer.send(`all writer-${n} 25 round-${round}`)));
    for (let n = 0; n < 100; n += 1) {
      const text = await store.read(`writer-${n % 4} ${Math.floor(n / 4)}`);
      if (text !== `round-${round}`) lost += 1;
    }
  }
  expect({ lost, warnings }).toEqual({ lost: 0, warnings: [] });
  expect(await readdir(folder)).toEqual(['tickets.json']);
});

test('50 kills at random moments of writing leave whole states only, and nothing beside the file', async () => {
  // Five files at a time: after a kill a file rests for 0.4 s, until the lock that was left is taken for what it is.
  const files = await Promise.all(Array.from({ length: 5 }, (_, n) => killTenTimes(`tickets-${n}.json`)));
  const total = (key: 'kills' | 'states' | 'torn' | 'leftOvers') =>
    files.reduce((sum, file) => sum + file[key], 0);
  console.info(
    `${total('kills')} kills, ${total('states')} states read, ${total('torn')} torn; ` +
      `${total('leftOvers')} files left half written or locked`,
  );
  expect(total('torn')).toBe(0);
  expect(files.flatMap(({ warnings }) => warnings)).toEqual([]);
  expect(total('kills')).toBe(50);
  expect(total('states')).toBeGreaterThan(1_000);
  // Otherwise no kill hit a write, and nothing was shown.
  expect(total('leftOvers')).toBeGreaterThan(0);
  expect((await readdir(folder)).sort()).toEqual(files.map(({ name }) => name));
  // Sixty processes are started, a second each; a busy machine takes three times as long.
}, 180_000);

/** Two processes write one file; one after the other is killed and replaced while this one reads. */
async function killTenTimes(name: string) {
  const path = join(folder, name);
  const { store, warnings } = open(path);
  let kills = 0;
  let states = 0;
  let torn = 0;
  const start = async (writes: string): Promise<Writer> => {
    const writer = new Writer(path);
    await writer.send(`forever ${writes}`);
    return writer;
  };
  const writers: [Writer, Writer] = [await start('name-0'), await start('name-1')];
  for (; kills < 10; kills += 1) {
    // The moment of the kill is found by reads, a fraction of a millisecond each.
    for (let left = 5 + Math.floor(Math.random() * 50); left > 0; left -= 1) {
      const text = await store.read(`name-${left % 2}`);
      if (text !== undefined) states += 1;
      if (text !== undefined && !isWhole(text)) torn += 1;
    }
    const victim = kills % 2 === 0 ? 0 : 1;
    await writers[victim].kill();
    writers[victim] = await start(`name-${victim}`);
  }
  await Promise.all(writers.map((writer) => writer.kill()));
  const left = await readdir(folder);
  const leftOvers = left.filter((file) => file.startsWith(name) && file !== name).length;

  // Half an hour later another process writes: it finds the last states, and clears up.
  const later = open(path, { ...systemClock, wallMs: () => systemClock.wallMs() + HOUR / 2 });
  if (!isWhole((await later.store.read('name-0')) ?? '')) torn += 1;
  await later.store.write('new', 'text', { replacing: undefined, lifeMs: HOUR });
  return { name, kills, states, torn, leftOvers, warnings: [...warnings, ...later.warnings] };
}

/** The counterpart of the writer's `sealState`. */
function isWhole(text: string): boolean {
  const [sum, state] = text.split(':');
  return (
    createHash('sha256')
      .update(state ?? '')
      .digest('hex') === sum
  );
}
