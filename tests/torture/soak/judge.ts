// Holds every reply of a soak against what was asked and what the platform's side of the story is, and counts.
import { expectedSignature } from '../../../src/sandbox/verify';
import type { Flight } from './pipelined-connection';
import { SHOP } from './soak-apps';
import type { SoakPlatform } from './soak-platform';
import type { BookedTicket } from './ticket-book';
import type { WantedSignature } from './traffic';

/** The fields of a signature, whatever its shape. */
interface Signed {
  appId: unknown;
  timestamp: number;
  nonceStr: string;
  signature: string;
  url?: string;
}

/** What was counted. */
export interface JudgeCounts {
  /** Replies by kind of request. */
  readonly kinds: Record<string, number>;
  /** Replies by HTTP status. */
  readonly statuses: Record<string, number>;
  /** Signatures that were recomputed. */
  signatures: number;
  /** Of those, over a ticket that a fault had killed early: the client refuses them, and pages report that. */
  killed: number;
  /** Signatures that are wrong by any account. */
  wrong: number;
  /** Refusals that an injected fault explains. */
  explained: number;
  /** Replies that nothing explains, and requests without one. */
  unexplained: number;
  /** Requests that were under way when the service was restarted. */
  cutOff: number;
  slowestMs: number;
  /** The first few of what is wrong or unexplained. */
  readonly examples: string[];
}

/** Enough to see what goes wrong, few enough to read. */
const MAX_EXAMPLES = 10;
/** Documented: a signature lives 10 minutes. */
const SIGNATURE_LIFE_MS = 600_000;
/** Nonces are looked for among so many before; two generations of this size are kept. */
const NONCE_GENERATION = 100_000;
/** The least that the service uses of a ticket's life: all but its margin of a twentieth, the second that whole seconds lose, and a slow turn. */
const usableForMs = (lifeMs: number): number => lifeMs * 0.95 - 1_000 - 500;

/** Judges replies; `counts` is the outcome. */
export class Judge {
  readonly counts: JudgeCounts = {
    kinds: {},
    statuses: {},
    ...{ signatures: 0, killed: 0, wrong: 0, explained: 0, unexplained: 0, cutOff: 0, slowestMs: 0 },
    examples: [],
  };
  readonly #platform: SoakPlatform;
  readonly #onKilled: (wants: WantedSignature, signed: object) => void;
  /** By app and holder: the ticket this service process last signed with, as the platform has confirmed. */
  readonly #inUse = new Map<string, { ticket: BookedTicket; sinceMs: number }>();
  readonly #reported = new WeakSet<BookedTicket>();
  #nonces = new Set<string>();
  #olderNonces = new Set<string>();

  /** `onKilled` is called with the first signature over each killed ticket: what its page then reports. */
  constructor(platform: SoakPlatform, onKilled: (wants: WantedSignature, signed: object) => void) {
    this.#platform = platform;
    this.#onKilled = onKilled;
  }

  reply(flight: Flight, status: number, body: string): void {
    const { counts } = this;
    const { kind, wants } = flight.request;
    counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - flight.sentMs);
    if ('app' in wants) {
      if (status === 200) this.#signature(flight, wants, body);
      else this.#refusal(flight, wants, status, body);
      return;
    }
    const code = codeOf(status, body);
    if (status === wants.status && (wants.code === undefined || code === wants.code)) return;
    // A made-up tenant gets the platform's failure, or that too many new ones were asked for.
    const isTenant = kind === 'made-up tenant';
    if (isTenant && code === 'RATE_LIMITED') return;
    if (isTenant && this.#platform.explains(SHOP, code, flight.sentMs)) counts.explained += 1;
    else this.#unexplained(flight, `${status} ${body.slice(0, 300)}`);
  }

  /** Requests without a reply. */
  cut(flights: readonly Flight[], reason: string, isRestarting: boolean): void {
    if (isRestarting) this.counts.cutOff += flights.length;
    else for (const flight of flights) this.#unexplained(flight, reason);
  }

  /** The service process is another one now: it has no ticket. */
  restarted(): void {
    this.#inUse.clear();
  }

  #signature(flight: Flight, wants: WantedSignature, body: string): void {
    this.counts.signatures += 1;
    const signed = readSigned(body);
    const fault = signed ? this.#faultOf(flight, wants, signed) : `no signature: ${body.slice(0, 300)}`;
    if (fault === undefined) return;
    this.counts.wrong += 1;
    this.#example(`wrong: ${fault}: ${describe(flight)}`);
  }

  /** What is wrong with a signature; undefined when nothing is. */
  #faultOf(flight: Flight, wants: WantedSignature, signed: Signed): string | undefined {
    const { app, pageUrl, isComponent, tenantKey } = wants;
    const { timestamp, nonceStr, signature } = signed;
    const { book, sandbox } = this.#platform;
    // Documented: a web component's address carries no query.
    const url = isComponent ? pageUrl.split('?', 1)[0]! : pageUrl;
    if (signed.appId !== app.appId) return `for the app ${String(signed.appId)}`;
    if (signed.url !== undefined && signed.url !== url) return `for the address ${signed.url}`;
    if (!(Math.abs(timestamp - flight.sentPlatformMs) < SIGNATURE_LIFE_MS)) return `of ${timestamp}`;
    if (!this.#isNewNonce(nonceStr)) return `with a nonce that was used before`;

    const holder = holderOf(wants);
    const isOver = (ticket: string): boolean =>
      expectedSignature(ticket, nonceStr, timestamp, url) === signature;
    const known = this.#inUse.get(holder)?.ticket;
    if (known && book.isLive(known, flight.sentPlatformMs) && isOver(known.value)) return undefined;

    const value = sandbox.issuedTickets(app.appId, tenantKey).findLast(isOver);
    const ticket = value === undefined ? undefined : book.find(value);
    if (!ticket) return 'over no ticket of the app';
    const call = { ...signed, url: pageUrl, tenantKey, ...(isComponent && { kind: 'component' }) };
    const { errCode, errMsg } = sandbox.verify(call);
    if (errCode === 0) this.#inUse.set(holder, { ticket, sinceMs: performance.now() });
    else if (errCode !== 333442) return `${errCode} ${errMsg}`;
    if (book.isLive(ticket, flight.sentPlatformMs)) return undefined;
    if (!book.isKilled(ticket, flight.sentPlatformMs)) return 'over a ticket past its end';
    this.counts.killed += 1;
    if (!this.#reported.has(ticket)) {
      this.#reported.add(ticket);
      this.#onKilled(wants, { ...signed, url });
    }
    return undefined;
  }

  /**
   * The rule for a refusal. Explained while (1) the service process has no ticket of that page's app and tenant that it has
   * signed with before the request was sent and whose usable life lasts at the reply, and (2) an injected fault that keeps tickets from it lasts or has ended
   * less than its longest back-off and one load ago.
   */
  #refusal(flight: Flight, wants: WantedSignature, status: number, body: string): void {
    const inUse = this.#inUse.get(holderOf(wants));
    // Whenever between the two the service looked, it held that ticket.
    const hasTicket =
      inUse !== undefined &&
      inUse.sinceMs < flight.sentMs &&
      performance.now() < inUse.ticket.issuedAtMs + usableForMs(inUse.ticket.lifeMs);
    if (!hasTicket && this.#platform.explains(wants.app, codeOf(status, body), flight.sentMs))
      this.counts.explained += 1;
    else this.#unexplained(flight, `${hasTicket ? 'in spite of a ticket: ' : ''}${status} ${body}`);
  }

  #isNewNonce(nonce: string): boolean {
    if (this.#nonces.has(nonce) || this.#olderNonces.has(nonce)) return false;
    this.#nonces.add(nonce);
    if (this.#nonces.size >= NONCE_GENERATION) {
      this.#olderNonces = this.#nonces;
      this.#nonces = new Set();
    }
    return true;
  }

  #unexplained(flight: Flight, what: string): void {
    this.counts.unexplained += 1;
    this.#example(`unexplained: ${what}: ${describe(flight)}`);
  }

  #example(text: string): void {
    if (this.counts.examples.length < MAX_EXAMPLES) this.counts.examples.push(text);
  }
}

const holderOf = ({ app, tenantKey, isComponent }: WantedSignature): string =>
  `${app.appId} ${isComponent ? 'component' : (tenantKey ?? '')}`;

function codeOf(status: number, body: string): string | undefined {
  if (status < 400) return undefined;
  try {
    return (JSON.parse(body) as { code?: string }).code;
  } catch {
    return undefined;
  }
}

/** The signature in a body of any shape. */
function readSigned(body: string): Signed | undefined {
  try {
    const whole = JSON.parse(body) as { data?: Record<string, unknown> };
    const fields = (whole.data ?? whole) as Record<string, unknown>;
    const appId = fields['appId'] ?? fields['appid'] ?? fields['app_id'];
    const nonceStr = fields['nonceStr'] ?? fields['noncestr'];
    const { timestamp, signature, url } = fields;
    if (typeof nonceStr !== 'string' || typeof signature !== 'string' || typeof timestamp !== 'number')
      return undefined;
    if (url !== undefined && typeof url !== 'string') return undefined;
    return { appId, timestamp, nonceStr, signature, ...(url !== undefined && { url }) };
  } catch {
    return undefined;
  }
}

function describe({ request, sentMs }: Flight): string {
  const [line = ''] = request.text.split('\r\n', 1);
  return `${request.kind}, ${Math.round(performance.now() - sentMs)} ms ago, ${line.slice(0, 200)}`;
}
