// What the simulated platform knows: its clock, its apps, and the tokens and tickets it has issued.
import type { Clock } from '../base/clock';
import { AppTickets } from './app-tickets';
import { IssuedValues, newToken } from './issued-values';
import { requireLoopbackUrl } from './loopback';
import { normaliseTrustedDomain } from './trusted-domain';

/** An app of the simulated platform. */
export interface SandboxApp {
  /** `cli_…` */
  appId: string;
  appSecret: string;
  /** H5 trusted domains: `h5.example.com` (any scheme, default port) or an origin, `http://127.0.0.1:8080`, `http://localhost:*`. */
  trustedDomains: string[];
  /** Default false. */
  disabled?: boolean | undefined;
  /** `store`: an app that many tenants install. Default `custom`: an app of one tenant. */
  type?: 'custom' | 'store' | undefined;
  /** The tenant keys of those who have installed a store app. Default none. */
  tenants?: readonly string[] | undefined;
  /** Where a store app's events go. Default: nowhere. */
  events?: SandboxEvents | undefined;
}

/** The event settings of a store app. */
export interface SandboxEvents {
  /** The request URL, on this machine. */
  url: string;
  /** With it events are encrypted and signed. */
  encryptKey?: string | undefined;
  /** Part of every event; empty without a token. */
  verificationToken?: string | undefined;
}

/** The options of `PlatformState`. */
export interface PlatformStateOptions {
  clock: Clock;
  ticketLifeSeconds: number;
  tokenLifeSeconds: number;
  /** `bytes` random bytes as lower-case hexadecimal. */
  randomHex: (bytes: number) => string;
}

// Ten years: longer than anything that expires here, and always a date that can be written down.
const MAX_OFFSET_MS = 10 * 365 * 86_400_000;

/** The one mutable state behind every endpoint. */
export class PlatformState {
  readonly tickets: IssuedValues;
  /** Of every kind: of tenants, apps and users. */
  readonly tokens: IssuedValues;
  readonly appTickets: AppTickets;
  readonly #apps = new Map<string, SandboxApp>();
  readonly #clock: Clock;
  #offsetMs = 0;

  constructor({ clock, ticketLifeSeconds, tokenLifeSeconds, randomHex }: PlatformStateOptions) {
    this.#clock = clock;
    const nowMs = (): number => this.nowMs();
    // 20 bytes: the 40 hexadecimal characters of the documented ticket.
    this.tickets = new IssuedValues(() => randomHex(20), nowMs, ticketLifeSeconds);
    this.tokens = new IssuedValues((holder) => newToken(holder, randomHex), nowMs, tokenLifeSeconds);
    this.appTickets = new AppTickets(() => randomHex(20));
  }

  /** The platform's time: the machine's wall clock plus `offsetMs`. */
  nowMs(): number {
    return this.#clock.wallMs() + this.#offsetMs;
  }

  /** How far the platform's clock is ahead of the machine's. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Moves the platform's clock against the machine's; negative is back. Throws RangeError beyond ten years. */
  moveClock(ms: number): void {
    const offsetMs = this.#offsetMs + ms;
    if (!(Math.abs(offsetMs) <= MAX_OFFSET_MS)) {
      throw new RangeError(`the platform's clock is at most ten years off, not ${offsetMs} ms`);
    }
    this.#offsetMs = offsetMs;
  }

  app(appId: string): SandboxApp | undefined {
    return this.#apps.get(appId);
  }

  /** Every app, in the order of their first adding. */
  get apps(): readonly SandboxApp[] {
    return [...this.#apps.values()];
  }

  /**
   * Adds an app, or replaces the one of the same id. Throws RangeError for a domain that is neither host nor origin, and for a
   * request URL on another machine.
   */
  addApp(app: SandboxApp): void {
    if (app.events) requireLoopbackUrl(app.events.url);
    const trustedDomains = app.trustedDomains.map(normaliseTrustedDomain);
    this.#apps.set(app.appId, { ...app, trustedDomains });
  }
}
