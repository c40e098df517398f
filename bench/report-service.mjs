// What a run of the service by itself says, as Markdown.
import statistics from './statistics.cjs';
import seededRandom from './seeded-random.cjs';

/** A table of what was measured, `{ start?, renewal?, explain?, memory? }`, and how and where. */
export function renderService(measured, { command, startedAt, revision, machine, node }) {
  return [
    '| figure | measured |',
    '| --- | --- |',
    ...rowsOf(measured).map(([figure, , shown]) => `| ${figure} | ${shown} |`),
    '',
    `- Command: \`${command}\` at ${startedAt}, revision ${revision}`,
    `- Machine: ${machine}; Node ${node}`,
  ].join('\n');
}

/** A line for each figure that is above what it may be. */
export function findTooHigh(measured) {
  return rowsOf(measured)
    .filter(([, value, , most]) => value > most)
    .map(([figure, , shown, most]) => `above ${most}: ${figure}: ${shown}`);
}

/** Name of a figure, its value, the value in words, and what it may be at most. */
function rowsOf({ start, renewal, explain, memory }) {
  return [
    ...(start ? startRows(start) : []),
    ...(renewal ? renewalRows(renewal) : []),
    ...(explain ? explainRows(explain) : []),
    ...(memory ? memoryRows(memory) : []),
  ];
}

function startRows({ emptyMs, oursMs, ratios, rssBytes }) {
  const random = seededRandom.createSeededRandom(1);
  const ratio = statistics.bootstrapMedian(ratios, { random });
  const ms = (values) => statistics.median(values).toFixed(0);
  const rssMb = rssBytes / 2 ** 20;
  return [
    [
      'process start to first signature with a stored ticket ÷ start of an empty `node:http` server to its first reply',
      ratio.median,
      `${withInterval(ratio)}: ${ms(oursMs)} ms ÷ ${ms(emptyMs)} ms, ${ratios.length} pairs`,
      2.6,
    ],
    ['RSS 10 s after the start, before load, MB', rssMb, rssMb.toFixed(1), 75],
  ];
}

function renewalRows({ ratePerSecond, near, failing, calls, waited, failures }) {
  return [
    [
      'p99 around a renewal (platform answering in 500 ms) ÷ before it',
      near.ratio.median,
      `${describe(near)}, ${calls} ticket calls, ${ratePerSecond} requests/s open loop`,
      1.1,
    ],
    ['p99 while renewals fail ÷ before', failing.ratio.median, describe(failing), 1.1],
    ['requests that waited for the platform after warm-up', waited, String(waited), 0],
    ['requests that failed meanwhile', failures, String(failures), 0],
  ];
}

function explainRows({ ratePerSecond, compared, answerMs, failures }) {
  return [
    [
      'p99 while a refused signature is explained ÷ after it',
      compared.ratio.median,
      `${describe(compared)}, ${ratePerSecond} requests/s open loop; an answer took ${answerMs.toFixed(0)} ms`,
      1.5,
    ],
    ['requests that failed while signatures were explained', failures, String(failures), 0],
  ];
}

/** Windows of time in pairs, as `compareWindows` has them. */
function describe({ ratio, p99Ms, besideMs, requests }) {
  return `${withInterval(ratio)}: ${p99Ms.toFixed(2)} ÷ ${besideMs.toFixed(2)} ms, ${requests.join(' and ')} requests`;
}

const withInterval = ({ median, low, high }) => `${median.toFixed(2)} [${low.toFixed(2)}–${high.toFixed(2)}]`;

function memoryRows({ first, last, ratio, failures }) {
  const mb = ({ heapBytes }) => (heapBytes / 2 ** 20).toFixed(1);
  return [
    [
      'heap after forced collection, after all requests ÷ after the first 100,000',
      ratio,
      `${ratio.toFixed(3)}: ${mb(last)} MB after ${last.requests} requests ÷ ${mb(first)} MB after ${first.requests}; ${failures} failed`,
      1.05,
    ],
  ];
}
