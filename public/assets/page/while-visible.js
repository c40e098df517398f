// Repeats a task while somebody can see the page.

/** Runs `task` now and `intervalMs` after each end of it. Returns a function that runs it at once; never two at a time. */
export function whileVisible(intervalMs, task) {
  let timer;
  let isRunning = false;
  let isWanted = false;

  async function run() {
    clearTimeout(timer);
    isWanted = isRunning;
    if (isRunning || document.hidden) return;
    isRunning = true;
    try {
      await task();
    } finally {
      isRunning = false;
      timer = setTimeout(run, isWanted ? 0 : intervalMs);
    }
  }

  document.addEventListener('visibilitychange', run);
  void run();
  return run;
}
