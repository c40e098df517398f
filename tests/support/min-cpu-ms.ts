// What a piece of work costs this process.

/** The CPU time of `work` in milliseconds, the least of five runs: what else the machine does falls on some of them. */
export async function minCpuMs(work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < 5; run += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
