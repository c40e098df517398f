import type { Page } from './page-urls.cjs';

/** What is asked of the simulated platform. */
export interface CheckingPlatform {
  verify(call: object): { errCode: number; errMsg: string };
  issuedTickets(appId: string): string[];
  nowMs(): number;
}

export interface AnswerCheckOptions {
  /** False for a contestant whose answers hold no signature of theirs. */
  signs: boolean;
  /** Whether its timestamps are seconds, as WeChat wants them. */
  inSeconds: boolean;
  baseUrl: string;
  pages: readonly Page[];
  platform: CheckingPlatform;
  appId: string;
  /** Numbers in [0, 1). */
  random: () => number;
  fetch: (
    url: string,
    init: { headers: Record<string, string> },
  ) => Promise<{ status: number; json(): Promise<unknown> }>;
}

export interface AnswerCheck {
  checked: number;
  faults: Map<string, number>;
  sample(): Promise<string | undefined>;
  reset(): void;
}

export function createAnswerCheck(options: AnswerCheckOptions): AnswerCheck;
