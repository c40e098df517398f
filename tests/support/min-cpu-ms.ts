// What a piece of work costs this process.

/**
 * The CPU time of `work` in milliseconds, the least of `runs`, five by default: what else the machine does falls on some of them. The
 * first run of at most `enoughMs` ends it.
 */
export async function minCpuMs(work: () => unknown, { runs = 5, enoughMs = 0 } = {}): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < runs && least > enoughMs; run += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
