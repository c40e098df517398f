// The platform's failure codes as data: what the service does about each, and what its operator should check.
import type { SettingNames } from '../base/setting-names';

/**
 * What the service does about a failure.
 * - `retry`: exponential back-off; no action is needed.
 * - `token`: drop that token, fetch one, retry once.
 * - `app-ticket`: the app_ticket of a store app is no longer good; ask for a new one.
 * - `configuration`: an operator must act; frequent retries are useless.
 * - `rate-limit`: wait as long as the platform says (`platform-reply.ts` reads it), and at least the back-off.
 * - `quota`: the allowance of a whole month is gone; do not retry soon.
 */
export type FaultKind = 'retry' | 'token' | 'app-ticket' | 'configuration' | 'rate-limit' | 'quota';

/** One sentence for the operator; one that names settings is made for each way of calling them. */
export type Advice = string | ((settings: SettingNames) => string);

/** What is to be done about a failure, and what the operator should check. */
export interface Fault {
  readonly kind: FaultKind;
  readonly advice: Advice;
  /** A `configuration` fault that passes by itself at times: it is tried again with exponential back-off. */
  readonly mayPass?: true;
}

/** The sentence of `advice`, with the settings by their names. */
export function adviceOf(advice: Advice, settings: SettingNames): string {
  return typeof advice === 'string' ? advice : advice(settings);
}

const WRONG_APP: Fault = {
  kind: 'configuration',
  advice: ({ appId, appSecret, domain }) =>
    `Check that ${appId} and ${appSecret} belong together, that ${domain} is the platform the app was made on (feishu or lark), and that the app is enabled.`,
};
const LACKS_SCOPE = (whose: string): Fault => ({
  kind: 'configuration',
  advice: `${whose}: add the permission scope in the developer console, publish a version of the app, and sign the user in again.`,
});
const WRONG_ADDRESS: Fault = {
  kind: 'configuration',
  advice: ({ domain }) =>
    `Check ${domain} and its path, and that no proxy or forwarder on the way changes the path or the method of a call.`,
};
const REFUSED_USER_TOKEN: Fault = {
  kind: 'token',
  advice: 'The token of this user is invalid or has expired: sign the user in again.',
};
const REFUSED_TOKEN: Fault = {
  kind: 'token',
  advice:
    'The service drops the token and fetches another one; if this repeats, look for something that resets the app.',
};
const PLATFORM_INTERNAL: Fault = {
  kind: 'retry',
  advice: 'This is a failure inside the platform; if it lasts, give platform support the log id.',
};

/** Every code with a known meaning, from the platform's documentation and from replies seen in public reports. */
export const FAULTS: ReadonlyMap<number, Fault> = new Map<number, Fault>([
  // Seen with HTTP 200: the status carries no information.
  [
    10003,
    {
      kind: 'configuration',
      advice: ({ appId, appSecret }) => `A parameter is invalid: check ${appId} and ${appSecret}.`,
    },
  ],
  [10005, WRONG_APP],
  [10014, WRONG_APP],
  [10015, WRONG_APP],
  // Documented as: no tenant token. It may pass, so the back-off is that of passing failures.
  [10013, { ...WRONG_APP, mayPass: true }],
  [
    10016,
    {
      kind: 'configuration',
      advice:
        'The app is no store app, so that it has no app_ticket: leave out "type": "store", or check which app this is.',
    },
  ],
  [
    9499,
    {
      kind: 'configuration',
      advice: ({ domain }) =>
        `The platform finds the call malformed: check ${domain}, and that no proxy or forwarder on the way changes headers or body.`,
    },
  ],
  [99991543, WRONG_APP],
  [
    10012,
    { kind: 'app-ticket', advice: 'The app_ticket is invalid: the service asks the platform for another.' },
  ],
  [
    99991400,
    {
      kind: 'rate-limit',
      advice: 'If this lasts, look for others that call the platform with the same app.',
    },
  ],
  [
    99991403,
    {
      kind: 'quota',
      advice: 'Raise the monthly quota of API calls in the admin console, or wait for the next month.',
    },
  ],
  [
    99991401,
    {
      kind: 'configuration',
      advice:
        "Add this server's public IP address to the app's IP allow-list in the developer console (Security settings).",
    },
  ],
  [
    // We always send a token with the ticket call, so something on the network path removed it. Seen without `Bearer` too.
    99991661,
    {
      kind: 'configuration',
      advice:
        'The request arrived without its Authorization header, or without the word Bearer in it: check that no proxy or forwarder on the way removes or rewrites it.',
    },
  ],
  [99991663, REFUSED_TOKEN],
  [99991664, REFUSED_TOKEN],
  [99991665, REFUSED_TOKEN],
  [99991671, REFUSED_TOKEN],
  [20013, REFUSED_TOKEN],
  [99991668, REFUSED_USER_TOKEN],
  [99991677, REFUSED_USER_TOKEN],
  [99991676, LACKS_SCOPE('The token of this user lacks a permission')],
  [99991679, LACKS_SCOPE('This user has not granted the app a permission')],
  [99991201, WRONG_ADDRESS],
  [99991301, WRONG_ADDRESS],
  [99991662, { kind: 'configuration', advice: 'The app is disabled: enable it in the admin console.' }],
  [
    99991672,
    {
      kind: 'configuration',
      advice:
        'The app lacks a permission scope: add it in the developer console and publish a version of the app.',
    },
  ],
  [
    99991673,
    {
      kind: 'configuration',
      advice: 'The app is not available in this tenant: install it there, or publish a version of it.',
    },
  ],
  [1500, PLATFORM_INTERNAL],
  [1503, PLATFORM_INTERNAL],
  [2200, PLATFORM_INTERNAL],
  [5000, PLATFORM_INTERNAL],
  [10101, PLATFORM_INTERNAL],
  [10500, PLATFORM_INTERNAL],
]);

/** Whether `code` is an answer of the platform that has no known meaning, neither as a passing failure nor as a refusal. */
export function isUnknownCode(code: number | undefined): boolean {
  return code !== undefined && !FAULTS.has(code);
}

const UNKNOWN_CODE: Fault = {
  kind: 'retry',
  advice: 'This code is not known here: look it up in the platform’s list of error codes.',
};
const LIMITED_ON_THE_WAY: Fault = {
  kind: 'rate-limit',
  advice:
    'A proxy, a gateway or the platform limits the calls: look for other clients behind the same egress address.',
};
const NO_PLATFORM_REPLY: Fault = {
  kind: 'retry',
  advice: ({ domain }) =>
    `Check ${domain}, and whether a proxy or gateway answers in the place of the platform.`,
};

/**
 * What to do about a reply. The platform's `code` decides alone, because its HTTP status varies for the same code;
 * only a reply without a code (`undefined`: it is not the platform's) is judged by `httpStatus`. Unknown codes back off.
 *
 * @example classify(10014, 200).kind // 'configuration'
 */
export function classify(code: number | undefined, httpStatus?: number): Fault {
  if (code !== undefined) return FAULTS.get(code) ?? UNKNOWN_CODE;
  // 429 Too Many Requests is the one status that means the same from every sender.
  return httpStatus === 429 ? LIMITED_ON_THE_WAY : NO_PLATFORM_REPLY;
}
