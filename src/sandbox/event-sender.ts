// Sends the simulated platform's events to the request URLs of store apps: sealed, signed, and again when they are not taken.
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { fetch } from 'undici';
import type { Clock } from '../base/clock';
import { createLoopbackAgent } from './loopback';
import type { PlatformState, SandboxEvents } from './platform-state';

/** One attempt to deliver an event. */
export interface EventDelivery {
  appId: string;
  uuid: string;
  /** `app_ticket`, or whatever was sent. */
  type: string;
  /** 1 for the first. */
  attempt: number;
  /** The answer's HTTP status; undefined when there was none within 3 s. */
  status: number | undefined;
}

// Documented: 200 within 3 s, else again after these pauses.
const ANSWER_WITHIN_MS = 3_000;
const RETRY_AFTER_MS = [15_000, 300_000, 3_600_000, 21_600_000];
// Documented: an answer to a challenge is waited for this long.
const CHALLENGE_WITHIN_MS = 1_000;
// Documented: an app ticket is pushed every hour.
const PUSH_EVERY_MS = 3_600_000;
// What a long demo shows; beyond it the oldest are forgotten.
const REMEMBERED_DELIVERIES = 1_000;

/** What an event is about; the rest of it is made when it is sent. */
export interface SandboxEvent {
  type: string;
  [field: string]: unknown;
}

/** Sends events and remembers how that went. */
export class EventSender {
  readonly #state: PlatformState;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #agent = createLoopbackAgent();
  #deliveries: EventDelivery[] = [];
  #underWay = 0;
  /** The apps whose next push is set. */
  readonly #pushing = new Set<string>();

  constructor(state: PlatformState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** The latest 1,000 attempts, oldest first. */
  get deliveries(): readonly EventDelivery[] {
    return this.#deliveries;
  }

  /** Attempts that have no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Pushes an app ticket now and every hour, until `close` or until the app has no request URL any more. */
  pushHourly(appId: string): void {
    if (this.#pushing.has(appId) || !this.#state.app(appId)?.events) return;
    this.#pushing.add(appId);
    void this.pushAppTicket(appId);
    this.#clock.setTimer(() => {
      this.#pushing.delete(appId);
      if (!this.#closing.signal.aborted) this.pushHourly(appId);
    }, PUSH_EVERY_MS);
  }

  /** Issues an app ticket and sends it; resolves with it after the first attempt. */
  async pushAppTicket(appId: string): Promise<string> {
    const appTicket = this.#state.appTickets.issue(appId);
    await this.send(appId, { type: 'app_ticket', app_id: appId, app_ticket: appTicket });
    return appTicket;
  }

  /**
   * Sends an event, `times` over with the same uuid; resolves with the statuses of the first attempts, and never rejects.
   * Throws RangeError, before anything is sent, for an event that is nested too deep to be written.
   */
  send(appId: string, event: SandboxEvent, times = 1): Promise<(number | undefined)[]> {
    const events = this.#state.app(appId)?.events;
    if (!events) return Promise.resolve([]);
    // Documented form: seconds with a fraction.
    const ts = (this.#state.nowMs() / 1_000).toFixed(6);
    const token = events.verificationToken ?? '';
    const uuid = randomUUID();
    const content = written({ ts, uuid, token, type: 'event_callback', event });
    return Promise.all(
      Array.from({ length: times }, () => this.#attempt({ appId, uuid, type: event.type, content }, 1)),
    );
  }

  /** What the developer console does when a request URL is entered: whether it answers the challenge in time. */
  async verifyUrl(appId: string): Promise<boolean> {
    const events = this.#state.app(appId)?.events;
    if (!events) return false;
    const challenge = randomUUID();
    const content = { challenge, token: events.verificationToken ?? '', type: 'url_verification' };
    const { status, text } = await this.#post(events, JSON.stringify(content), CHALLENGE_WITHIN_MS, false);
    return status === 200 && (JSON.parse(text) as { challenge?: string }).challenge === challenge;
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closing.abort();
    void this.#agent.destroy();
  }

  async #attempt(
    sent: { appId: string; uuid: string; type: string; content: string },
    attempt: number,
  ): Promise<number | undefined> {
    const { appId, uuid, type, content } = sent;
    const events = this.#state.app(appId)?.events;
    if (!events || this.#closing.signal.aborted) return undefined;
    const { status } = await this.#post(events, content, ANSWER_WITHIN_MS, true);
    this.#deliveries = [...this.#deliveries, { appId, uuid, type, attempt, status }].slice(
      -REMEMBERED_DELIVERIES,
    );
    const retryAfterMs = RETRY_AFTER_MS[attempt - 1];
    if (status !== 200 && retryAfterMs !== undefined)
      this.#clock.setTimer(() => void this.#attempt(sent, attempt + 1), retryAfterMs);
    return status;
  }

  /** Never rejects: no answer is an answer too. */
  async #post(
    { url, encryptKey }: SandboxEvents,
    content: string,
    limitMs: number,
    isSigned: boolean,
  ): Promise<{ status: number | undefined; text: string }> {
    const body =
      encryptKey === undefined ? content : JSON.stringify({ encrypt: encrypt(content, encryptKey) });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    if (isSigned && encryptKey !== undefined) Object.assign(headers, this.#signature(body, encryptKey));
    const late = new AbortController();
    const timer = this.#clock.setTimer(() => late.abort(), limitMs);
    this.#underWay += 1;
    try {
      const signal = AbortSignal.any([late.signal, this.#closing.signal]);
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers,
        signal,
        redirect: 'manual',
        dispatcher: this.#agent,
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: undefined, text: '' };
    } finally {
      this.#underWay -= 1;
      timer.cancel();
    }
  }

  #signature(body: string, encryptKey: string): Record<string, string> {
    const timestamp = String(Math.floor(this.#state.nowMs() / 1_000));
    const nonce = randomBytes(8).toString('hex');
    const text = timestamp + nonce + encryptKey + body;
    return {
      'X-Lark-Request-Timestamp': timestamp,
      'X-Lark-Request-Nonce': nonce,
      'X-Lark-Signature': createHash('sha256').update(text, 'utf8').digest('hex'),
    };
  }
}

function written(content: object): string {
  try {
    return JSON.stringify(content);
  } catch (cause) {
    throw new RangeError('The event is nested too deep to be written. Send one of fewer levels.', { cause });
  }
}

/** Base64 of a random initialisation vector and the text under AES-256-CBC; its key is the SHA-256 of the encrypt key. */
function encrypt(text: string, encryptKey: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}
