// The one error of the helper: who refused, with which code, and what to do about it.
import { CLIENT_CODES } from '../client-failures/client-codes';
import { ADVICE } from './advice';
import { isInLark, type Page } from './page';

/** The helper's own codes, in addition to those of the service's problem+json. */
export type HelperProblem =
  | 'NOT_IN_LARK'
  | 'SDK_UNAVAILABLE'
  | 'ENDPOINT_MISSING'
  | 'SIGNER_UNREACHABLE'
  | 'REPLY_UNREADABLE'
  | 'APP_ID_MISSING'
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

const FIELDS = [
  'code',
  'codeFrom',
  'problem',
  'status',
  'retryAfterSeconds',
  'api',
  'explainUrl',
  'cause',
] as const;

/** Something did not answer: `problem`, or in a page that is outside the client just that, with its user agent as the evidence. */
export function silence(page: Page, problem: HelperProblem): Failure {
  if (isInLark(page)) return { problem };
  return { problem: 'NOT_IN_LARK', detail: `user agent ${page.navigator.userAgent}` };
}

/** A final failure. Between two copies of the script test `error.name === 'LarkJsapiError'`, not `instanceof`. */
export class LarkJsapiError extends Error {
  declare readonly code: number | undefined;
  declare readonly codeFrom: string | undefined;
  declare readonly problem: string | undefined;
  declare readonly status: number | undefined;
  declare readonly detail: string;
  declare readonly retryAfterSeconds: number | undefined;
  declare readonly api: string | undefined;
  /**
   * Where the signer's page (PUBLIC_PAGE) says why the client refused the signature: the facts are in the fragment, and
   * nothing is sent until the user presses the button there. Holds the page's URL with its query. Absent for other failures.
   */
  declare readonly explainUrl: string | undefined;
  declare readonly cause: unknown;
  /** What to do, in a sentence; empty when `detail` says it already. */
  declare readonly advice: string;

  constructor(what: string, failure: Failure) {
    const { api = '', code, problem = '', detail = '' } = failure;
    const known = CLIENT_CODES[Number(code)];
    const isTooOld = api.endsWith('requestAccess') && (code === 103 || problem === 'API_MISSING');
    const advice = isTooOld
      ? 'The client is too old: call requestAuthCode.'
      : known
        ? known.advice
        : (ADVICE[problem] ?? '');
    super([what, code, code ? '' : problem, detail, advice].filter(Boolean).join(' – '));
    // Each is there, if only as undefined.
    for (const name of FIELDS) Object.assign(this, { [name]: failure[name] });
    Object.assign(this, { name: 'LarkJsapiError', detail, advice });
  }
}
