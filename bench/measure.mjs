// One window: a contestant under full load for a few seconds, its answers sampled and its metrics scraped meanwhile.
import { setTimeout as delay } from 'node:timers/promises';

/** Ten a second: hundreds in a run, and less than 1 % of the requests of the slowest contestant. */
const SAMPLE_EVERY_MS = 100;

/** As often as the keenest Prometheus. */
const SCRAPE_EVERY_MS = 1_000;

/**
 * Measures `{ server, check, scrape }` for `seconds`: CPU time per request of the whole process, requests a second, latency in
 * microseconds, and memory at the end.
 */
export async function measureWindow({ server, check, scrape }, { load, seconds }) {
  let ended = false;
  const hasEnded = () => ended;
  const before = await server.usage();
  const sampling = sampleUntil(check, hasEnded);
  const scraping = scrape ? scrapeUntil(scrape, hasEnded) : undefined;
  let result;
  try {
    result = await load.run(server.baseUrl, seconds);
  } finally {
    ended = true;
  }
  const sampled = await sampling;
  const after = await server.usage();
  await scraping;
  server.emptyLog();
  return {
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / (result.requests + sampled),
    requestsPerSecond: result.requests / result.seconds,
    p50Micros: result.p50Micros,
    p99Micros: result.p99Micros,
    p999Micros: result.p999Micros,
    rssBytes: after.rssBytes,
    requests: result.requests,
    failures: result.failures,
  };
}

/** `scrape()` for a contestant that serves metrics, undefined for one that does not. */
export async function findMetrics({ adminToken }, baseUrl) {
  const headers = adminToken ? { Authorization: `Bearer ${adminToken}` } : {};
  const scrape = async () => {
    const response = await fetch(`${baseUrl}/metrics`, { headers });
    const text = await response.text();
    return response.ok && text.includes('# TYPE ');
  };
  return (await scrape()) ? scrape : undefined;
}

/** Gives how many requests it sent. */
async function sampleUntil(check, hasEnded) {
  let sent = 0;
  while (!hasEnded()) {
    await check.sample();
    sent += 1;
    await delay(SAMPLE_EVERY_MS);
  }
  return sent;
}

async function scrapeUntil(scrape, hasEnded) {
  while (!hasEnded()) {
    if (!(await scrape())) throw new Error('The metrics are no longer served.');
    await delay(SCRAPE_EVERY_MS);
  }
}
