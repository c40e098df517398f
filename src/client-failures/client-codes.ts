// The one table of what a client hands to a page when it refuses: by code, or by words where no code comes with them. Pages are sent the first half, so it is terse, and ES2017.

/**
 * What one more attempt needs, where the first refusal does not settle the matter. `sign`: a fresh signature of the same URL.
 * `report`: the same, after a report to the signer. `url`: a signature of the URL that the client checks. `authorise`: the page
 * authorised once more, then the JSAPI called again.
 */
export type Attempt = 'sign' | 'report' | 'url' | 'authorise';

/** What to do about a code, in a sentence, and the attempt that is due. */
export interface ClientCode {
  readonly advice: string;
  readonly attempt?: Attempt;
}

const FRESHNESS = 'Check the clock of the signer, and that nothing caches its replies.';
const SECURITY = ' in the developer console, Security settings.';

const ARGUMENT: ClientCode = {
  advice: 'Check jsApiList (an entry may not be valid for web apps); timestamp must be a number.',
};
const FAULT: ClientCode = { advice: 'The platform has a fault: try again later.' };
const NETWORK: ClientCode = { advice: 'The client has no connection: try again.', attempt: 'sign' };
const DOMAIN: ClientCode = { advice: 'Add the origin of the page as an H5 trusted domain' + SECURITY };
const REDIRECT: ClientCode = { advice: 'Add the exact redirect URL' + SECURITY };
const SESSION: ClientCode = { advice: 'Sign in to the client again.' };
const USER_ID: ClientCode = { advice: 'Check user id and app id.' };

/** By the platform's code. */
export const CLIENT_CODES: Readonly<Record<number, ClientCode>> = {
  9: { advice: 'Add the scope docs:component to the app.' },
  102: FAULT,
  103: { advice: 'The client is too old.' },
  104: ARGUMENT,
  105: { advice: 'Authorise the page again.', attempt: 'authorise' },
  111: { advice: 'Call JSAPIs less often.' },
  305: NETWORK,
  1012: ARGUMENT,
  1014: NETWORK,
  10001: NETWORK,
  10002: NETWORK,
  10235: REDIRECT,
  10236: REDIRECT,
  20442: { advice: 'Web components need a ticket of the user.' },
  333430: USER_ID,
  333440: { advice: 'Check the app id, and whether the app is of Feishu or of Lark.' },
  333441: { advice: 'The client checks another URL than was signed: see signUrl.', attempt: 'url' },
  333442: {
    advice: 'The ticket died or is of another app: check app id and secret of the signer.',
    attempt: 'report',
  },
  333443: { advice: FRESHNESS, attempt: 'sign' },
  333444: { advice: FRESHNESS, attempt: 'sign' },
  333445: { advice: 'Name this JSAPI in jsApiList.', attempt: 'authorise' },
  333446: { advice: 'Check its name and the version of the client.' },
  333447: DOMAIN,
  333448: DOMAIN,
  333449: { advice: 'The app is not visible to this user: see its availability in the developer console.' },
  333450: USER_ID,
  2601001: FAULT,
  2601002: { advice: 'The text holds the reason.' },
  2602002: REDIRECT,
  99991691: SESSION,
  99991692: SESSION,
  99991693: SESSION,
  99991694: SESSION,
};

/**
 * What the platform's words mean where no code comes with them; the first that matches counts. The text of an invalid signature names the
 * ticket as well, and that of an expired one may say that it is invalid.
 */
export const CODE_OF_WORDS: readonly (readonly [words: RegExp, code: number])[] = [
  [/signature (?:\w+ ){0,3}(?:expired|too old)|expired signature/i, 333444],
  [/duplicat|already (?:been )?used/i, 333443],
  [/signature/i, 333441],
  [/ticket/i, 333442],
  [/permission scope required/i, 9],
  [/not (?:be )?support/i, 103],
  [/\bnetwork|request (?:failed|timed? ?out)/i, 1014],
];

/** What each code means, for those who say it in their own words. Not sent to pages. */
export const CLIENT_MEANINGS: Readonly<Record<number, string>> = {
  9: 'permission scope required',
  102: 'internal error of the client',
  103: 'feature not supported',
  104: 'invalid parameter',
  105: 'authorisation required again',
  111: 'too many API calls',
  305: 'network failure',
  1012: 'parameter of the wrong type',
  1014: 'network failure',
  10001: 'request failed',
  10002: 'reply unreadable',
  10235: 'the redirect URL is not registered',
  10236: 'the redirect URL is not registered',
  20442: 'ticket of the wrong kind for a web component',
  333430: 'illegal userId or appId',
  333440: 'no such app',
  333441: 'invalid signature',
  333442: 'no valid jsapi_ticket for this app',
  333443: 'duplicate signature',
  333444: 'signature is expired',
  333445: 'the JSAPI is not in jsApiList',
  333446: 'unknown JSAPI',
  333447: 'the app has no H5 trusted domain',
  333448: 'the page is not in the H5 trusted domains of the app',
  333449: 'the app is not visible to this user',
  333450: 'wrong open_id',
  2601001: 'internal error of the platform',
  2601002: 'authentication failed',
  2602002: 'the redirect URL is not registered',
  99991691: 'the session of the user ended',
  99991692: 'the session of the user ended',
  99991693: 'the session of the user ended',
  99991694: 'the session of the user ended',
};
