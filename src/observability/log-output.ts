// Non-blocking writer for log lines; survives full disks and stuck or closed readers.
import * as fs from 'node:fs';
import type { Clock } from '../base/clock';

/** How text reaches a file; `node:fs` by default. */
export type LogFile = Pick<typeof fs, 'write' | 'writeSync'>;

/** Some 100,000 lines: further lines are dropped and counted while nothing can be written. */
const MAX_WAITING_LENGTH = 16 * 1024 * 1024;
/** A write to a full disk or to a slow reader is retried after a second. */
const TRY_AGAIN_MS = 1_000;
/** At the end of the process the wait for a busy reader is a tenth of a second in all, so that the process ends. */
const BUSY_TRIES = 10;
const BUSY_PAUSE_MS = 10;

/**
 * Writes one piece at a time; text that arrives meanwhile is written with the next piece. Text that cannot be written is kept and
 * retried each second, up to 16 MB; after EPIPE, when the reader is gone, nothing more is written.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #clock: Clock;
  readonly #file: LogFile;
  #waiting = '';
  /** The text that is being written, or waits for a retry. */
  #piece: Buffer | undefined;
  #isWriting = false;
  #isGone = false;
  #dropped = 0;
  #idle: (() => void)[] = [];

  constructor(fd: number, clock: Clock, file: LogFile = fs) {
    this.#fd = fd;
    this.#clock = clock;
    this.#file = file;
  }

  /** Accepts whole lines. Never throws. */
  write(text: string): void {
    if (this.#isGone) return;
    if (this.#waiting.length + text.length > MAX_WAITING_LENGTH) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += text;
    if (this.#piece === undefined) this.#next();
  }

  /** Calls back when everything has been written, or cannot be at the moment. */
  flush(done: () => void): void {
    if (this.#isWriting) this.#idle.push(done);
    else done();
  }

  /** Writes the waiting text synchronously, as far as the file accepts it; a write that is under way may finish after it. */
  flushSync(): void {
    const waiting = Buffer.from(this.#waiting);
    let rest = this.#isWriting || !this.#piece ? waiting : Buffer.concat([this.#piece, waiting]);
    this.#waiting = '';
    if (!this.#isWriting) this.#piece = undefined;
    for (let tries = 0; rest.length > 0 && tries < BUSY_TRIES;) {
      try {
        rest = rest.subarray(this.#file.writeSync(this.#fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        tries += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
      }
    }
  }

  #next(): void {
    if (this.#dropped > 0) {
      const time = new Date(this.#clock.wallMs()).toISOString();
      const pieces = this.#dropped;
      this.#waiting = `{"level":"warn","time":"${time}","pieces":${pieces},"msg":"the log could not be written: some of it is lost"}\n${this.#waiting}`;
      this.#dropped = 0;
    }
    if (this.#waiting === '') {
      this.#becomeIdle();
      return;
    }
    const piece = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#send(piece);
  }

  #send(piece: Buffer): void {
    this.#piece = piece;
    this.#isWriting = true;
    this.#file.write(this.#fd, piece, (error, written) => {
      this.#isWriting = false;
      if (error) this.#failed(error);
      else if (written < piece.length) this.#send(piece.subarray(written));
      else {
        this.#piece = undefined;
        this.#next();
      }
    });
  }

  #failed({ code }: NodeJS.ErrnoException): void {
    if (code === 'EPIPE') {
      this.#isGone = true;
      this.#piece = undefined;
      this.#waiting = '';
    } else {
      this.#clock.setTimer(() => {
        // Written meanwhile, by `flushSync`.
        if (this.#piece !== undefined && !this.#isWriting) this.#send(this.#piece);
      }, TRY_AGAIN_MS);
    }
    this.#becomeIdle();
  }

  #becomeIdle(): void {
    for (const done of this.#idle.splice(0)) done();
  }
}
