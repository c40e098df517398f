// The tokens or the tickets the simulated platform has handed out: the 30-minute rule, expiry and early death; and their holders, as one string each:
// the platform keeps a current value for each holder of an app.

/** One token or ticket. */
export interface IssuedValue {
  readonly value: string;
  readonly appId: string;
  /** For whom within the app; empty for a custom app in its own tenant. */
  readonly holder: string;
  readonly lifeSeconds: number;
  readonly expiresAtMs: number;
  revoked: boolean;
}

// Enough to recognise any ticket a test or a long demo meets; beyond it the oldest are forgotten.
const REMEMBERED_PER_HOLDER = 1_000;

// Documented: with less than 30 minutes left a call returns a new value.
const RENEWAL_WINDOW_SECONDS = 1_800;

/** Values of one kind, per app and holder. All times are the platform's. */
export class IssuedValues {
  readonly #newValue: (holder: string) => string;
  readonly #nowMs: () => number;
  readonly #byApp = new Map<string, Map<string, IssuedValue[]>>();
  readonly #byValue = new Map<string, IssuedValue>();
  #lifeSeconds: number;

  constructor(newValue: (holder: string) => string, nowMs: () => number, lifeSeconds: number) {
    this.#newValue = newValue;
    this.#nowMs = nowMs;
    this.#lifeSeconds = checkedLife(lifeSeconds);
  }

  /** The life of values issued from now on. Throws RangeError unless it is a whole number of seconds, at least 1. */
  setLife(seconds: number): void {
    this.#lifeSeconds = checkedLife(seconds);
  }

  /** The holder's current value, or a new one when that is inside its renewal window; the old one then stays valid. */
  issue(appId: string, holder = ''): IssuedValue {
    const newest = this.ofHolder(appId, holder).findLast((issued) => this.isLive(issued));
    if (newest && this.#leftMs(newest) >= renewalWindowMs(newest.lifeSeconds)) return newest;
    const issued = {
      value: this.#newValue(holder),
      appId,
      holder,
      lifeSeconds: this.#lifeSeconds,
      expiresAtMs: this.#nowMs() + this.#lifeSeconds * 1000,
      revoked: false,
    };
    this.#remember(issued);
    return issued;
  }

  /** The whole seconds that `issued` still has; what `expire` and `expire_in` say. */
  leftSeconds(issued: IssuedValue): number {
    return Math.floor(this.#leftMs(issued) / 1000);
  }

  isLive(issued: IssuedValue): boolean {
    return !issued.revoked && this.#leftMs(issued) > 0;
  }

  /** What was issued as `value`, live or dead. */
  find(value: string): IssuedValue | undefined {
    return this.#byValue.get(value);
  }

  /** Everything issued to the app, live or dead: holder by holder, oldest first. */
  ofApp(appId: string): readonly IssuedValue[] {
    return [...(this.#byApp.get(appId)?.values() ?? [])].flat();
  }

  /** Everything issued to one holder, live or dead, oldest first. */
  ofHolder(appId: string, holder: string): readonly IssuedValue[] {
    return this.#byApp.get(appId)?.get(holder) ?? [];
  }

  /** Ends the life of everything issued to the app so far. */
  revoke(appId: string): void {
    for (const issued of this.ofApp(appId)) issued.revoked = true;
  }

  #leftMs(issued: IssuedValue): number {
    return issued.expiresAtMs - this.#nowMs();
  }

  #remember(issued: IssuedValue): void {
    const ofApp = this.#byApp.get(issued.appId) ?? new Map<string, IssuedValue[]>();
    this.#byApp.set(issued.appId, ofApp);
    const values = ofApp.get(issued.holder) ?? [];
    ofApp.set(issued.holder, values);
    this.#byValue.set(issued.value, issued);
    values.push(issued);
    const forgotten = values.length > REMEMBERED_PER_HOLDER ? values.shift() : undefined;
    if (forgotten) this.#byValue.delete(forgotten.value);
  }
}

/** 30 minutes, as documented; for a life that is no longer than that, its last quarter, so that short lives renew too. */
function renewalWindowMs(lifeSeconds: number): number {
  const seconds = lifeSeconds > RENEWAL_WINDOW_SECONDS ? RENEWAL_WINDOW_SECONDS : lifeSeconds / 4;
  return seconds * 1000;
}

function checkedLife(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 1) return seconds;
  throw new RangeError(`a life is a whole number of seconds, at least 1, not ${seconds}`);
}

/** The app itself, in no tenant: an app_access_token. */
export const APP_ITSELF = 'app';

/** A tenant that has installed a store app. */
export function tenantHolder(tenantKey: string): string {
  return `tenant ${tenantKey}`;
}

/** A user who has signed in to a custom app. */
export function userHolder(openId: string): string {
  return `user ${openId}`;
}

/** Whether the holder is a user. */
export function isUserHolder(holder: string): boolean {
  return holder.startsWith('user ');
}

/** Observed of new user tokens: a JWT, of up to 4 KB. Only their issuer reads what is in a token. */
const JWT_HEADER = `${Buffer.from('{"alg":"ES256","typ":"JWT"}').toString('base64url')}.`;
const JWT_PAYLOAD_BYTES = 1_900;
const JWT_SIGNATURE_BYTES = 43;

/** A token for the holder: `a-…` of an app, `t-…` of a tenant, a JWT of a user. */
export function newToken(holder: string, randomHex: (bytes: number) => string): string {
  if (isUserHolder(holder))
    return `${JWT_HEADER}${randomHex(JWT_PAYLOAD_BYTES)}.${randomHex(JWT_SIGNATURE_BYTES)}`;
  return (holder === APP_ITSELF ? 'a-' : 't-') + randomHex(20);
}

/** Whether `token` has a form of user tokens, old or new. */
export function isUserToken(token: string): boolean {
  return /^(?:u-|eyJ[\w-]*\.)/.test(token);
}

/** Whether tickets of the holder are good for web components only. */
export function isComponentHolder(holder: string): boolean {
  return holder === APP_ITSELF || isUserHolder(holder);
}
