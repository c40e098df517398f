// Repeats a task while somebody can see the page.
/* global document */

/** Runs `task` now, `intervalMs` after each end of it, and at once when the page is shown again; one run at a time. */
export function whileVisible(intervalMs, task) {
  let timer;
  let isRunning = false;

  async function run() {
    clearTimeout(timer);
    if (isRunning || document.hidden) return;
    isRunning = true;
    await task();
    isRunning = false;
    timer = setTimeout(run, intervalMs);
  }

  document.addEventListener('visibilitychange', run);
  void run();
  return run;
}
