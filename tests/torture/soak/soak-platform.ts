// The simulated platform of a soak: does to it what the schedule says, and remembers what may explain a failure.
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/base/clock';
import { createSandbox, type Fault, type Sandbox } from '../../../src/sandbox/sandbox';
import type { SoakEvent } from './fault-schedule';
import { soakPlatformApps, type SoakApp } from './soak-apps';
import { TicketBook } from './ticket-book';

/** A stretch of time, on the monotonic clock, in which the service may be left without a ticket. */
interface Trouble {
  readonly fromMs: number;
  untilMs: number;
  /** An operator's fault: told as APP_MISCONFIGURED. */
  readonly isConfiguration: boolean;
  /** Undefined for all apps. */
  readonly appId: string | undefined;
}

const CONFIGURATION_FAULTS: readonly Fault['kind'][] = ['ip-refused', 'wrong-secret', 'app-disabled'];

/**
 * The back-off after a failure is 60 s at most; a call may hang for 5 s and more than one may be needed, a load lasts 15 s at
 * most. So long after a fault's end a page may still be told of it, if no ticket has come meanwhile.
 */
const AFTERMATH_MS = 60_000 + 15_000;
/** What the first tickets live, until the schedule says otherwise. */
const FIRST_LIFE_SECONDS = 12;
/** A token's life, longer than a ticket's as a rule: both kinds of load happen. */
const FIRST_TOKEN_LIFE_SECONDS = 30;

/** A platform under the faults of a schedule. */
export class SoakPlatform {
  readonly sandbox: Sandbox;
  readonly book = new TicketBook(FIRST_LIFE_SECONDS * 1_000);
  readonly #troubles: Trouble[] = [];

  constructor() {
    this.sandbox = createSandbox({
      clock: systemClock,
      ticketLifeSeconds: FIRST_LIFE_SECONDS,
      tokenLifeSeconds: FIRST_TOKEN_LIFE_SECONDS,
      randomHex: (bytes) => {
        const value = randomBytes(bytes).toString('hex');
        this.book.note(value, this.sandbox.nowMs());
        return value;
      },
    });
  }

  /** Starts it, with apps whose events go to the service at `serviceUrl`; resolves with its address. */
  async start(serviceUrl: string): Promise<string> {
    const { url } = await this.sandbox.listen();
    for (const app of soakPlatformApps(serviceUrl)) this.sandbox.addApp(app);
    return url;
  }

  /** Carries out an event; gives what ends it. A restart is the service's affair: here it is trouble for apps of a store only. */
  begin(event: SoakEvent): () => void {
    const { sandbox, book } = this;
    switch (event.kind) {
      case 'fault': {
        sandbox.addFault(event.fault);
        const trouble = this.#trouble(
          event.fault.appId,
          Infinity,
          CONFIGURATION_FAULTS.includes(event.fault.kind),
        );
        return () => {
          sandbox.clearFaults();
          trouble.untilMs = performance.now() + AFTERMATH_MS;
        };
      }
      case 'revoke':
        if (event.what === 'tickets') {
          sandbox.revokeTickets(event.appId);
          book.revoke(sandbox, event.appId);
        } else if (event.what === 'tokens') sandbox.revokeTokens(event.appId);
        else {
          // Until the platform has pushed another one.
          sandbox.revokeAppTickets(event.appId);
          this.#trouble(event.appId, AFTERMATH_MS, false);
        }
        break;
      case 'leap':
        sandbox.moveClock(event.ms);
        book.leap(event.ms);
        // Set back, the platform gives out the ticket it has for that much longer, past the end that the service was told.
        if (event.ms < 0) this.#trouble(undefined, AFTERMATH_MS - event.ms, false);
        break;
      case 'life':
        sandbox.setTicketLife(event.ticketSeconds);
        sandbox.setTokenLife(event.tokenSeconds);
        book.setLife(event.ticketSeconds * 1_000);
        break;
      case 'push':
        void sandbox.pushAppTicket(event.appId);
        break;
      case 'restart':
    }
    return () => undefined;
  }

  /** The service has just begun anew, with nothing: apps of a store wait for an app ticket to be pushed. */
  restarted(storeAppId: string): void {
    this.#trouble(storeAppId, AFTERMATH_MS, false);
  }

  /**
   * Whether a fault explains that a page of the app, which asked at `sentMs`, was refused with that code. It is the lesser half of
   * the rule: a ticket the service has already signed with, and that still lives, leaves nothing to explain.
   */
  explains(app: SoakApp, code: string | undefined, sentMs: number): boolean {
    if (code !== 'TICKET_UNAVAILABLE' && code !== 'APP_MISCONFIGURED') return false;
    return this.#troubles.some(
      ({ fromMs, untilMs, isConfiguration, appId }) =>
        (appId === undefined || appId === app.appId) &&
        (code === 'TICKET_UNAVAILABLE' || isConfiguration) &&
        fromMs <= performance.now() &&
        sentMs < untilMs,
    );
  }

  #trouble(appId: string | undefined, lastsMs: number, isConfiguration: boolean): Trouble {
    const fromMs = performance.now();
    // Those that explain nothing any more: no request is under way that long.
    while ((this.#troubles[0]?.untilMs ?? Infinity) < fromMs - AFTERMATH_MS) this.#troubles.shift();
    const trouble = { fromMs, untilMs: fromMs + lastsMs, isConfiguration, appId };
    this.#troubles.push(trouble);
    return trouble;
  }
}
