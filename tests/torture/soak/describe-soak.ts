// The figures of a soak in words: for the terminal and for docs/reliability.md.
import type { Flatness } from './flatness';
import type { SoakReport } from './run-soak';

/** Name and figure, line by line. */
export function describeSoak(report: SoakReport, seed: number): [name: string, figure: string][] {
  const { requests, seconds, samples } = report;
  const second = samples.slice(samples.length / 2);
  const lags = second.map(({ lagP99Seconds }) => lagP99Seconds * 1_000).sort((a, b) => a - b);
  return [
    [
      'requests',
      `${requests}, seed ${seed}, in ${Math.round(seconds)} s (${Math.round(requests / seconds)}/s)`,
    ],
    ['by kind', describeCounts(joinBad(report.kinds))],
    ['by status', describeCounts(report.statuses)],
    ['faults and other events', describeCounts(report.events)],
    ['restarts carried out', `${report.restarts}, which cut off ${report.cutOff} requests`],
    ['calls to the platform', `${report.platformCalls}`],
    [
      'signatures recomputed',
      `${report.signatures}, of them ${report.killed} over tickets that a fault had killed`,
    ],
    ['wrong signatures', `${report.wrong}`],
    ['refusals that a fault explains', `${report.explained}`],
    ['unexplained failures', `${report.unexplained}`],
    ['slowest answer', `${Math.round(report.slowestMs)} ms`],
    ['event-loop lag, p99 of each 2 s', `median ${at(lags, 0.5)} ms, at most ${at(lags, 1)} ms`],
    ...report.flatness.map((figure): [string, string] => [figure.name, describeFlatness(figure)]),
  ];
}

const at = (sorted: readonly number[], share: number): string =>
  (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0).toFixed(1);

function describeCounts(counts: Record<string, number>): string {
  const named = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other));
  return named.map(([name, count]) => `${name} ${count}`).join(', ');
}

/** The kinds of bad requests as one. */
function joinBad(kinds: Record<string, number>): Record<string, number> {
  const joined: Record<string, number> = {};
  for (const [kind, count] of Object.entries(kinds)) {
    const name = kind.split(':', 1)[0]!;
    joined[name] = (joined[name] ?? 0) + count;
  }
  return joined;
}

function describeFlatness({ mean, unit, perMillion, limitPerMillion, isJudged, isFlat }: Flatness): string {
  const sign = perMillion < 0 ? '' : '+';
  const verdict = !isJudged ? 'not judged, too short' : isFlat ? 'flat' : 'NOT FLAT';
  return (
    `${mean.toFixed(1)} ${unit} on average, ${sign}${perMillion.toFixed(2)} ${unit} per million requests ` +
    `(at most ${limitPerMillion}): ${verdict}`
  ).replaceAll('  ', ' ');
}
