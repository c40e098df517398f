// The log's way out when its file is full, busy, slow or gone.
import { LogOutput, type LogFile } from '../../../src/observability/log-output';
import { FakeClock } from '../../support/fake-clock';

/** A file whose state a test sets: undefined takes everything, a number so many bytes a time, a text fails with that code. */
class FakeFile {
  state: undefined | number | string;
  text = '';
  /** Tries, failed ones included. */
  writes = 0;
  readonly write = ((_fd: number, piece: Buffer, done: (error: Error | null, written: number) => void) => {
    setImmediate(() => {
      try {
        done(null, this.writeSync(1, piece));
      } catch (error) {
        done(error as Error, 0);
      }
    });
  }) as LogFile['write'];
  readonly writeSync = ((_fd: number, piece: Buffer): number => {
    this.writes += 1;
    if (typeof this.state === 'string') throw Object.assign(new Error(this.state), { code: this.state });
    const taken = piece.subarray(0, this.state ?? piece.length);
    this.text += taken.toString();
    return taken.length;
  }) as LogFile['writeSync'];
}

function setup(state?: FakeFile['state']) {
  const clock = new FakeClock();
  const file = new FakeFile();
  file.state = state;
  const output = new LogOutput(1, clock, file);
  const flushed = (): Promise<void> => new Promise((resolve) => output.flush(resolve));
  return { clock, file, output, flushed };
}

test('lines that come while one is written go out together, in order', async () => {
  const { file, output, flushed } = setup();
  for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
  await flushed();
  expect(file.text).toBe('a\nb\nc\n');
  expect(file.writes).toBe(2);
});

test('a file that takes a few bytes at a time gets everything', async () => {
  const { file, output, flushed } = setup(3);
  output.write('0123456789\n');
  await flushed();
  expect(file.text).toBe('0123456789\n');
});

test.each(['ENOSPC', 'EAGAIN', 'EIO'])(
  'with %s lines wait, and are written once there is room',
  async (code) => {
    const { clock, file, output, flushed } = setup(code);
    output.write('a\n');
    output.write('b\n');
    await flushed();
    expect(file.text).toBe('');
    await clock.advance(3_000);
    const { writes } = file;
    expect(writes).toBeLessThanOrEqual(4);
    file.state = undefined;
    await clock.advance(1_000);
    await flushed();
    expect(file.text).toBe('a\nb\n');
  },
);

test('what is more than 16 MB is dropped while nothing can be written, and that is reported afterwards', async () => {
  const { clock, file, output, flushed } = setup('ENOSPC');
  const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
  for (let n = 0; n < 20; n += 1) output.write(megabyte);
  await flushed();
  file.state = undefined;
  await clock.advance(1_000);
  await flushed();
  expect(file.text.length).toBeLessThan(18 * 1024 * 1024);
  expect(file.text).toMatch(/"level":"warn".*"pieces":[34],"msg":"the log could not be written/);
});

test('a reader that is gone is not written to again', async () => {
  const { clock, file, output, flushed } = setup('EPIPE');
  output.write('a\n');
  await flushed();
  output.write('b\n');
  output.flushSync();
  await clock.advance(5_000);
  expect(file.writes).toBe(1);
});

describe('flushSync', () => {
  test('writes what waits, and what has failed, before it returns', async () => {
    const { file, output, flushed } = setup('ENOSPC');
    output.write('a\n');
    await flushed();
    output.write('b\n');
    file.state = 1;
    output.flushSync();
    expect(file.text).toBe('a\nb\n');
    await flushed();
    expect(file.text).toBe('a\nb\n');
  });

  test.each(['ENOSPC', 'EAGAIN', 'EPIPE'])('returns although %s lasts', (code) => {
    const { file, output } = setup(code);
    output.write('a\n');
    output.flushSync();
    expect(file.writes).toBeLessThanOrEqual(11);
  });
});
