// What comes from outside: pages that ask for signatures and use them, and operators who renew manually.
import { ServiceError } from '../../../src/base/errors';
import type { SignedConfig } from '../../../src/signing/types';
import type { Life } from './life';
import type { Scheduler } from './scheduler';
import type { SimulatedPlatform } from './simulated-platform';
import type { TicketBook } from './ticket-book';
import type { Trace } from './trace';

/** What the answers are judged with. */
export interface TrafficParts {
  scheduler: Scheduler;
  platform: SimulatedPlatform;
  tickets: TicketBook;
  trace: Trace;
  clocksAreRight: boolean;
  platformIsGood: boolean;
  /** Whether the platform let the ticket of this number die before its end. */
  isRevoked: (number: number) => boolean;
  onBroken: (promise: string) => void;
}

/** As long as a load may take; and a millisecond for sums of fractions. */
const RENEWAL_PATIENCE_MS = 15_001;
/** A page waits no longer; and a millisecond for sums of fractions. */
const PAGE_PATIENCE_MS = 5_001;
/** `/report` answers within a second. */
const REPORT_PATIENCE_MS = 1_000;
/** A page that was refused by the client says so a moment later. */
const REPORT_AFTER_MS = 300;
/** The client's code for a ticket that is not valid. */
const NO_VALID_TICKET = 333442;

/** Pages and operators. */
export class Traffic {
  /** Pages that have asked. */
  pages = 0;
  readonly #parts: TrafficParts;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
  }

  /** A page asks a replica for a signature and uses it; one that is refused for its ticket is reported. */
  page(life: Life): void {
    this.pages += 1;
    const config = life.replica.page();
    if (!(config instanceof Promise)) {
      this.#signed(life, config);
      return;
    }
    this.#within(life, PAGE_PATIENCE_MS, 'a page has its answer within 5 s', config).then(
      (signed) => this.#signed(life, signed),
      (error: unknown) => this.#refused(life, error),
    );
  }

  /** An operator renews a ticket manually. */
  renew(life: Life): void {
    const { trace, onBroken } = this.#parts;
    trace.say(life.process.name, 'is asked for a manual renewal');
    life.onLoadByHand();
    this.#within(
      life,
      RENEWAL_PATIENCE_MS,
      'a manual renewal has its result',
      life.replica.signer().renew({}),
    ).catch((error: unknown) => {
      // Once a minute at most.
      if (!(error instanceof ServiceError) || error.code !== 'RATE_LIMITED') onBroken(String(error));
    });
  }

  #signed(life: Life, config: SignedConfig): void {
    const { scheduler, platform, tickets, trace, clocksAreRight, isRevoked, onBroken } = this.#parts;
    const { errCode, errMsg } = platform.verify({ ...config, url: config.url });
    if (errCode === 0) return;
    // Before, no balancer sends it pages: a store that hung may have told it a time of long ago.
    if (clocksAreRight && life.replica.isReady() && !isRevoked(life.held))
      onBroken(`${life.process.name}: a signature with ticket ${life.held} is refused: ${errCode} ${errMsg}`);
    if (tickets.isLive(life.held)) return;
    trace.say(life.process.name, `a page was refused for ticket ${life.held}`);
    const report = async (): Promise<void> => {
      await life.replica.signer().report({ ...config, errorCode: NO_VALID_TICKET });
    };
    scheduler.after(
      REPORT_AFTER_MS,
      () => void this.#within(life, REPORT_PATIENCE_MS, 'a report has its answer', report()),
      life.process,
    );
  }

  #refused(life: Life, error: unknown): void {
    const { trace, platformIsGood, onBroken } = this.#parts;
    const isTold = error instanceof ServiceError && error.status === 503;
    trace.say(life.process.name, 'a page is refused for want of a ticket');
    if (platformIsGood && !life.process.wasPaused)
      onBroken(`${life.process.name}: a page is refused though the platform is well`);
    if (!isTold) onBroken(`${life.process.name}: a page was failed with ${String(error)}`);
  }

  /** Nothing waits indefinitely: `promise` is broken unless `work` settles in time, or the replica has ended. */
  async #within<T>(life: Life, limitMs: number, promise: string, work: Promise<T>): Promise<T> {
    const { onBroken } = this.#parts;
    const timer = life.process.clock.setTimer(() => onBroken(`${life.process.name}: ${promise}`), limitMs);
    try {
      return await work;
    } finally {
      timer.cancel();
    }
  }
}
