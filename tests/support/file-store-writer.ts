// A process that writes into a file store on commands of its parent, one per line; it ends with its parent.
// `forever <name>` writes longer and shorter states under a name until it is killed; `all <prefix> <count> <text>` writes
// that many names at once and prints `done`.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/base/clock';
import { createFileStore } from '../../src/tickets/stores/file/file-store';

const [path = ''] = process.argv.slice(2);
const store = createFileStore({
  path,
  clock: systemClock,
  onWarning: (message) => {
    throw new Error(message);
  },
});

/** Writes whatever is there now. */
async function put(name: string, text: string): Promise<void> {
  // An hour: no life ends during a test.
  await store.write(name, text, { replacing: await store.read(name), lifeMs: 3_600_000 });
}

async function writeForever(name: string): Promise<never> {
  for (let n = 0; ; n += 1) {
    // From next to nothing to 64 KB, so that a state that is half another's shows.
    const filler = createHash('sha256')
      .update(`${name} ${n}`)
      .digest('hex')
      .repeat((n * 37) % 1_024);
    await put(name, sealState(filler));
    if (n === 0) console.log('writing');
  }
}

async function writeAll(prefix: string, count: number, text: string): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => put(`${prefix} ${n}`, text)));
  console.log('done');
}

/** `state` with what tells whether it is whole. */
function sealState(state: string): string {
  return `${createHash('sha256').update(state).digest('hex')}:${state}`;
}

const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => {
  const [command, name = '', count, text = ''] = line.split(' ');
  void (command === 'forever' ? writeForever(name) : writeAll(name, Number(count), text));
});
commands.on('close', () => process.exit());
