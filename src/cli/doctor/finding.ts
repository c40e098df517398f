// What the doctor finds: one line each, and what to do where something is to be done.

/** The checks, in their order. */
export type Check =
  | 'variables'
  | 'origins'
  | 'trust-proxy'
  | 'proxy'
  | 'dns'
  | 'tls'
  | 'clock'
  | 'token'
  | 'ticket'
  | 'store';

/** `note`: it works, but the operator should know. */
export type Verdict = 'good' | 'note' | 'wrong';

/** One line. No text of it holds a secret, token or ticket. */
export interface Finding {
  readonly check: Check;
  /** The variable, host or app that it is about. */
  readonly subject?: string | undefined;
  readonly verdict: Verdict;
  /** What was found, one sentence. */
  readonly finding: string;
  /** What to do. There is one for everything that is wrong. */
  readonly advice?: string | undefined;
}

/** `GOOD   tls     open.feishu.cn: …`, and under it what to do. */
export function renderFinding({ check, subject, verdict, finding, advice }: Finding): string[] {
  // 6 and 12: the longest verdict and check, and a space.
  const head = `${verdict.toUpperCase().padEnd(6)}${check.padEnd(12)}`;
  const line = `${head}${subject === undefined ? '' : `${subject}: `}${finding}`;
  return advice === undefined ? [line] : [line, `${' '.repeat(head.length)}→ ${advice}`];
}
