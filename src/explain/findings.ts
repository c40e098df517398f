// The one table of findings: what the explanation, the command line and the documentation say of each.
import { PLATFORM_FINDINGS } from './platform-findings';
import type { FindingTexts } from './texts';
import { URL_FINDINGS } from './url-findings';
import { VALUE_FINDINGS } from './value-findings';

/** A stable name of a cause. */
export type FindingCode =
  | keyof typeof URL_FINDINGS
  | keyof typeof VALUE_FINDINGS
  | keyof typeof PLATFORM_FINDINGS;

/** Cause and cure of every finding, in both languages. */
export const FINDINGS: Readonly<Record<FindingCode, FindingTexts>> = {
  ...URL_FINDINGS,
  ...VALUE_FINDINGS,
  ...PLATFORM_FINDINGS,
};

/** What the client's codes say by themselves, those of `CLIENT_CODES`. 333441 says only that something differs, and is looked into. */
export const FINDING_OF_PLATFORM_CODE: Readonly<Record<number, FindingCode>> = {
  9: 'COMPONENT_SCOPE_MISSING',
  102: 'CLIENT_FAULT',
  103: 'CLIENT_TOO_OLD',
  104: 'ARGUMENT_INVALID',
  105: 'AUTHORISATION_ENDED',
  111: 'CALLS_TOO_MANY',
  305: 'NETWORK_FAILED',
  1012: 'ARGUMENT_INVALID',
  1014: 'NETWORK_FAILED',
  10001: 'NETWORK_FAILED',
  10002: 'NETWORK_FAILED',
  10235: 'REDIRECT_URL_UNKNOWN',
  10236: 'REDIRECT_URL_UNKNOWN',
  20442: 'COMPONENT_TICKET_KIND',
  333430: 'USER_ID_WRONG',
  333440: 'APP_ID_UNKNOWN',
  333442: 'TICKET_DEAD',
  333443: 'SIGNATURE_REUSED',
  333444: 'SIGNATURE_OLD',
  333445: 'API_NOT_LISTED',
  333446: 'API_UNKNOWN',
  333447: 'TRUSTED_DOMAIN_NONE',
  333448: 'TRUSTED_DOMAIN_OTHER',
  333449: 'APP_NOT_VISIBLE',
  333450: 'USER_ID_WRONG',
  2601001: 'PLATFORM_FAULT',
  2601002: 'AUTHENTICATION_FAILED',
  2602002: 'REDIRECT_URL_UNKNOWN',
  99991691: 'SESSION_ENDED',
  99991692: 'SESSION_ENDED',
  99991693: 'SESSION_ENDED',
  99991694: 'SESSION_ENDED',
};
