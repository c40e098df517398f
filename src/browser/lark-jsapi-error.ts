// The one error of the helper: who refused, with which code, and what to do about it.
import { CLIENT_CODES } from '../client-failures/client-codes';
import { ADVICE } from './advice';

/** The helper's own codes, in addition to those of the service's problem+json. */
export type HelperProblem =
  | 'NOT_IN_LARK'
  | 'SDK_UNAVAILABLE'
  | 'ENDPOINT_MISSING'
  | 'SIGNER_UNREACHABLE'
  | 'REPLY_UNREADABLE'
  | 'REQUEST_FAILED'
  | 'API_MISSING'
  | 'URL_UNSTABLE'
  | 'TIMEOUT';

/** What is known of a failure. */
export interface Failure {
  /** The platform's code, when the client refused. */
  code?: number | undefined;
  /** The field that held that code (`errno`, `errCode`, …), `text` when it was in the words, `words` when the words alone say it. */
  codeFrom?: string | undefined;
  /** `code` of the service's problem+json, or one of `HelperProblem`. */
  problem?: string | undefined;
  /** HTTP status of the signer's reply. */
  status?: number | undefined;
  /** The message of the client or the service. May hold the page's URL with its query: be careful where you log it. */
  detail?: string | undefined;
  /** Seconds the signer asked to wait. */
  retryAfterSeconds?: number | undefined;
  /** The JSAPI that failed; absent when the page could not be authorised. */
  api?: string | undefined;
  /** Where the signer's page says why the client refused the signature. */
  explainUrl?: string | undefined;
  /** What was thrown or handed over, as it came. */
  cause?: unknown;
}

/** A final failure. Between two copies of the script test `error.name === 'LarkJsapiError'`, not `instanceof`. */
export class LarkJsapiError extends Error {
  readonly code: number | undefined;
  readonly codeFrom: string | undefined;
  readonly problem: string | undefined;
  readonly status: number | undefined;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;
  readonly api: string | undefined;
  /**
   * Where the signer's page (PUBLIC_PAGE) says why the client refused the signature: the facts are in the fragment, and
   * nothing is sent until the user presses the button there. Holds the page's URL with its query. Absent for other failures.
   */
  readonly explainUrl: string | undefined;
  override readonly cause: unknown;
  /** What to do, in a sentence; empty when `detail` says it already. */
  readonly advice: string;

  constructor(what: string, failure: Failure) {
    const { code, problem, detail = '' } = failure;
    const advice = CLIENT_CODES[code ?? 0]?.advice ?? ADVICE[problem ?? ''] ?? '';
    super([what, code ?? problem, detail, advice].filter(Boolean).join(' – '));
    this.name = 'LarkJsapiError';
    this.code = code;
    this.codeFrom = failure.codeFrom;
    this.problem = problem;
    this.status = failure.status;
    this.detail = detail;
    this.retryAfterSeconds = failure.retryAfterSeconds;
    this.api = failure.api;
    this.explainUrl = failure.explainUrl;
    this.cause = failure.cause;
    this.advice = advice;
  }
}
