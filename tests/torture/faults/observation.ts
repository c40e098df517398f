// What a cell of the fault matrix has shown, and where that differs from what was expected of it.
import type { Answer, Expectation, LogFields } from './fault-case';

/** What was seen. */
export interface Observation {
  /** What pages got while the fault lasted, without repetitions. */
  readonly pages: readonly Answer[];
  readonly ready: boolean;
  readonly calls: { readonly token: number; readonly ticket: number };
  /** Undefined: not within the limit of the run. */
  readonly healedAfterSeconds: number | undefined;
  /** The log while the fault lasted. */
  readonly lines: readonly Record<string, unknown>[];
  /** What must not happen in any cell, and did. */
  readonly trouble: readonly string[];
}

/** Every way in which `seen` is not what was expected; empty when it is. */
export function judge(expected: Expectation, seen: Observation): string[] {
  const wrong = [...seen.trouble];
  const differs = (what: string, wanted: unknown, got: unknown): void =>
    void wrong.push(`${what}: ${JSON.stringify(wanted)} expected, ${JSON.stringify(got)} seen`);
  if (seen.pages.join() !== expected.pages.join()) differs('pages', expected.pages, seen.pages);
  if (seen.ready !== expected.ready) differs('ready', expected.ready, seen.ready);
  for (const kind of ['token', 'ticket'] as const)
    if (seen.calls[kind] > expected.calls[kind])
      differs(`${kind} calls at most`, expected.calls[kind], seen.calls[kind]);
  if (!((seen.healedAfterSeconds ?? Infinity) <= expected.healedWithinSeconds))
    differs('healed within seconds', expected.healedWithinSeconds, seen.healedAfterSeconds);
  const warnings = seen.lines.filter((line) => line['msg'] !== 'request' && isWarning(line));
  const { log } = expected;
  if (log === 'silent' ? warnings.length > 0 : !isNamed(warnings, log))
    differs('log', log, distinctLines(warnings));
  return wrong;
}

/** Whether one of the lines, at `warn` or above, names the cause. */
export function isNamed(lines: readonly Record<string, unknown>[], log: LogFields): boolean {
  return lines.some((line) => isWarning(line) && names(line, log));
}

/** Calls by what they are for, from their paths. */
export function countCalls(calls: readonly { path: string }[]): Observation['calls'] {
  const count = (part: string): number => calls.filter(({ path }) => path.includes(part)).length;
  return { token: count('/auth/v3/'), ticket: count('/jssdk/ticket/get') };
}

function isWarning({ level }: Record<string, unknown>): boolean {
  return level === 'warn' || level === 'error' || level === 'fatal';
}

function names(line: Record<string, unknown>, wanted: LogFields): boolean {
  return Object.entries(wanted).every(([field, value]) =>
    typeof value === 'string' ? String(line[field]).includes(value) : line[field] === value,
  );
}

/** For the report: each line once, without what differs from one to the next. */
function distinctLines(lines: readonly Record<string, unknown>[]): string[] {
  const texts = lines.map(({ msg, reason, code, operation, error, summary }) =>
    JSON.stringify({ msg, reason, code, operation, error, summary }),
  );
  return [...new Set(texts)].slice(0, 5);
}

/** In order, without what repeats its predecessor. */
export function distinct<T>(list: readonly T[]): T[] {
  return list.filter((one, index) => one !== list[index - 1]);
}
