// How far a long run is, how fast it goes and how long it still takes: one line that changes on a terminal, a line now and then elsewhere.

/** A changing line is read at this pace, a log not more often than that. */
const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 15_000;

/** A function to call with how many of `total` are done, as often as one likes; `end()` clears the terminal's line. */
export function createProgress(total, what, output = process.stderr) {
  const startedMs = performance.now();
  const everyMs = output.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  let shownMs = startedMs;
  function progress(done, note = '') {
    const nowMs = performance.now();
    if (nowMs - shownMs < everyMs) return;
    shownMs = nowMs;
    const perSecond = (done / (nowMs - startedMs)) * 1000;
    const left = Math.max(0, Math.round((total - done) / perSecond));
    const line = `${done} of ${total} ${what}, ${Math.round(perSecond)}/s, ${left} s left${note && `, ${note}`}`;
    output.write(output.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }
  return Object.assign(progress, { end: () => output.isTTY && output.write('\r\x1b[K') });
}
