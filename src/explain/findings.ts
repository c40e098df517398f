// The one table of findings: what the explanation, the command line and the documentation say of each.
import { PLATFORM_FINDINGS } from './platform-findings';
import type { FindingTexts } from './texts';
import { URL_FINDINGS } from './url-findings';
import { VALUE_FINDINGS } from './value-findings';

/** A stable name of a cause. */
export type FindingCode =
  keyof typeof URL_FINDINGS | keyof typeof VALUE_FINDINGS | keyof typeof PLATFORM_FINDINGS;

/** Cause and cure of every finding, in both languages. */
export const FINDINGS: Readonly<Record<FindingCode, FindingTexts>> = {
  ...URL_FINDINGS,
  ...VALUE_FINDINGS,
  ...PLATFORM_FINDINGS,
};

/** What the platform's codes say by themselves. 333441 says only that something differs, and is looked into. */
export const FINDING_OF_PLATFORM_CODE: Readonly<Record<number, FindingCode>> = {
  104: 'ARGUMENT_INVALID',
  1012: 'ARGUMENT_INVALID',
  2601001: 'PLATFORM_FAULT',
  2601002: 'AUTHENTICATION_FAILED',
  333440: 'APP_ID_UNKNOWN',
  333442: 'TICKET_DEAD',
  333443: 'SIGNATURE_REUSED',
  333444: 'SIGNATURE_OLD',
  333445: 'API_NOT_LISTED',
  333446: 'API_UNKNOWN',
  333447: 'TRUSTED_DOMAIN_NONE',
  333448: 'TRUSTED_DOMAIN_OTHER',
  333449: 'APP_NOT_VISIBLE',
};
