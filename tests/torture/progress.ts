// How far a long run is, its rate and the time left: one line that changes on a terminal, a line now and then elsewhere.

/** A changing line is read at this pace, a log not more often than that. */
const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 15_000;

/** What the progress is written to: `process.stderr`, or the list of a test. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far a run is. */
export interface Progress {
  /** `done` of `total`, as often as one likes; lines are written at most every 200 ms, or every 15 s without a terminal. */
  readonly show: (done: number, note?: string, total?: number) => void;
  /** Clears the terminal's line. */
  end(): void;
}

/** Progress of a run of `size` of `unit`. */
export function createProgress(
  size: number,
  unit: string,
  output: ProgressOutput = process.stderr,
): Progress {
  const startedMs = performance.now();
  const everyMs = output.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  let shownMs = startedMs;
  return {
    show(done, note = '', total = size) {
      const nowMs = performance.now();
      if (nowMs - shownMs < everyMs) return;
      shownMs = nowMs;
      const perSecond = (done / (nowMs - startedMs)) * 1_000;
      const left = Math.max(0, Math.round((total - done) / perSecond));
      const [shown, rate] = [done, perSecond].map((value) => value.toFixed(value < 10 ? 1 : 0));
      const line = `${shown} of ${total} ${unit}, ${rate} a second, ${left} s left${note && `, ${note}`}`;
      output.write(output.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end() {
      if (output.isTTY) output.write('\r\x1b[K');
    },
  };
}
