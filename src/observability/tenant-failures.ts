// The failing tenants of store apps, for the log: in an outage one line for each app and fault, not one for each tenant.
import type { Clock } from '../base/clock';

/** Often enough for a person who follows the log, and 60 lines an hour. */
const REPEAT_AFTER_MS = 60_000;
/** In addition to its back-off, after which a tenant that is still asked for is tried again: a load takes 15 s at most. */
const FORGET_AFTER_MS = 60_000;
/** An outage shows in two or three ways; the platform has some thirty codes. */
const MAX_FAULTS = 20;
/** As many tenants as an app keeps. */
const MAX_TENANTS = 10_000;

/** A tenant whose ticket could not be loaded. */
export interface TenantFailure {
  readonly appId: string;
  readonly tenantKey: string;
  /** What failed: the same text for the same fault. */
  readonly fault: string;
  /** In ms, when the tenant is tried again by itself; undefined when only a page that asks makes it tried again. */
  readonly retryInMs: number | undefined;
}

/** How a failure is logged: in full, only in detail, or together with those since the last line of its fault. */
export type FailureReport = 'full' | 'detail' | { readonly tenantKeys: readonly string[] };

interface Outage {
  sinceMs: number;
  /** By fault: when it was last logged, and who has failed since. */
  readonly faults: Map<string, { loggedAtMs: number; tenants: Set<string> }>;
  /** Tenants that fail now, each with the time until which it counts as failing. */
  readonly failing: Map<string, number>;
  /** All that have failed since `sinceMs`. */
  readonly concerned: Set<string>;
}

/** Remembers which failures of which tenants were logged. One instance for all apps of the process. */
export class TenantFailures {
  readonly #clock: Clock;
  readonly #outages = new Map<string, Outage>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How to log this failure: each fault of an app at once, and from then on once a minute at most. */
  onFailed({ appId, tenantKey, fault, retryInMs }: TenantFailure): FailureReport {
    const nowMs = this.#clock.monotonicMs();
    const outage = this.#outageOf(appId);
    if (retryInMs !== undefined && outage.concerned.size < MAX_TENANTS) {
      if (outage.failing.size === 0) outage.sinceMs = nowMs;
      outage.failing.set(tenantKey, nowMs + retryInMs + FORGET_AFTER_MS);
      outage.concerned.add(tenantKey);
    }
    const { faults } = outage;
    const known = faults.get(fault);
    if (known === undefined) {
      if (faults.size >= MAX_FAULTS)
        for (const [old, { loggedAtMs }] of faults)
          if (nowMs - loggedAtMs >= REPEAT_AFTER_MS) faults.delete(old);
      if (faults.size >= MAX_FAULTS) return 'detail';
    } else {
      known.tenants.add(tenantKey);
      if (nowMs - known.loggedAtMs < REPEAT_AFTER_MS) return 'detail';
    }
    faults.set(fault, { loggedAtMs: nowMs, tenants: new Set() });
    return known === undefined || known.tenants.size === 1 ? 'full' : { tenantKeys: [...known.tenants] };
  }

  /** Returns how many tenants had failed and for how long when, with this ticket, the last of them has one; else undefined. */
  onLoaded(appId: string, tenantKey: string): { tenants: number; lastedMs: number } | undefined {
    const outage = this.#outages.get(appId);
    if (!outage?.failing.delete(tenantKey)) return undefined;
    const nowMs = this.#clock.monotonicMs();
    // No page requests these tenants any more, so they are not retried.
    for (const [forgotten, untilMs] of outage.failing) if (nowMs >= untilMs) outage.failing.delete(forgotten);
    if (outage.failing.size > 0) return undefined;
    this.#outages.delete(appId);
    return { tenants: outage.concerned.size, lastedMs: nowMs - outage.sinceMs };
  }

  #outageOf(appId: string): Outage {
    const known = this.#outages.get(appId);
    if (known) return known;
    const outage: Outage = { sinceMs: 0, faults: new Map(), failing: new Map(), concerned: new Set() };
    this.#outages.set(appId, outage);
    return outage;
  }
}
