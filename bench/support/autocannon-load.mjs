// The load where wrk is missing: a process of its own, so that it does not wait for the runner. Writes one line of JSON.
import autocannon from 'autocannon';
import { readFileSync } from 'node:fs';

const [baseUrl, requestsFile, connections, seconds] = process.argv.slice(2);
const requests = readFileSync(requestsFile, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [path, origin] = line.split('\t');
    return { method: 'GET', path, headers: origin ? { Origin: origin } : {} };
  });

const result = await autocannon({
  url: baseUrl,
  connections: Number(connections),
  duration: Number(seconds),
  requests,
});
const { latency } = result;
// It counts latency in whole milliseconds.
const micros = (milliseconds) => Math.round(milliseconds * 1000);
console.log(
  JSON.stringify({
    requests: result['2xx'] + result.non2xx,
    seconds: result.duration,
    failures: result.non2xx + result.errors,
    p50Micros: micros(latency.p50),
    p99Micros: micros(latency.p99),
    p999Micros: micros(latency.p99_9),
  }),
);
