// What a run says: tables for the terminal, which are Markdown for docs/benchmarks.md as well.

/** The figures of every contestant; the last column compares it with ours, where ours took part. */
export function renderContestants(evaluation, checks) {
  const isCompared = (name) => evaluation.names.includes('ours') && name !== 'ours';
  const ratio = (name) => evaluation.ratio({ measure: 'requestsPerSecond', of: 'ours', over: name });
  const rows = evaluation.names.map((name) => {
    const median = (measure) => evaluation.median(name, measure);
    const milliseconds = (measure) => (median(measure) / 1_000).toFixed(2);
    return [
      name,
      withInterval(evaluation.interval(name, 'cpuMicrosPerRequest'), 1),
      median('requestsPerSecond').toFixed(0),
      milliseconds('p50Micros'),
      milliseconds('p99Micros'),
      milliseconds('p999Micros'),
      (median('rssBytes') / 2 ** 20).toFixed(0),
      describeCheck(checks[name]),
      isCompared(name) ? withInterval(ratio(name), 2) : '–',
    ];
  });
  const head = [
    'contestant',
    'CPU µs/request',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'p99.9 ms',
    'RSS MB',
    'answers',
    'our requests/s ÷ its',
  ];
  return renderTable(head, rows);
}

function describeCheck({ signs, checked, faults, scraped }) {
  if (faults.length > 0) return 'WRONG';
  return `${signs ? `${checked} right` : 'fixed'}${scraped ? ', scraped' : ''}`;
}

/** The required figures and whether they are met. */
export function renderTargets(judged) {
  const rows = judged.map(({ name, least, goal, ratio, met }) => [
    name,
    ratio ? withInterval(ratio, 2) : 'not measured',
    `≥ ${least}${goal ? ` (goal ${goal})` : ''}`,
    met === undefined ? '–' : met ? 'met' : 'MISSED',
  ]);
  return renderTable(['required', 'measured', 'at least', ''], rows);
}

/** One line per fact about how and where. */
export function renderSetting({
  command,
  startedAt,
  revision,
  machine,
  node,
  load,
  cores,
  connections,
  pairs,
  seconds,
  loadAverages,
}) {
  const [before, after] = loadAverages.map((average) => average.toFixed(1));
  return [
    `- Command: \`${command}\` at ${startedAt}, revision ${revision}`,
    `- Machine: ${machine}; Node ${node}; load average ${before} before, ${after} after`,
    `- Load: ${load}, ${connections} connections, 1,000 page URLs of 40–2,000 bytes, an \`Origin\` on every other request`,
    cores
      ? `- Servers on core ${cores.server}, everything else on core ${cores.load}`
      : '- Servers and load were NOT kept on cores of their own',
    `- ${pairs} rounds of one ${seconds} s window each; every figure is the median of the windows, [its 95 % interval]; ratios are taken per round`,
  ].join('\n');
}

const withInterval = ({ median, low, high }, digits) =>
  `${median.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;

function renderTable(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column])].map((cell) => cell.length)),
  );
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
