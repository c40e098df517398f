// One ticket of an app, for its own tenant or another, with the operations for pages, reports and operators.
import { createStatusRecorder } from './ticket-status';
import type { Clock, Timed } from '../base/clock';
import { withDeadline } from '../base/deadline';
import { ServiceError } from '../base/errors';
import type { AppStatus, Renewal } from './signing-app';
import type { Platform } from '../open-platform/platform';
import type { Secret } from '../base/secret';
import { isGenuineReport, type RefusalReport } from '../signing/refusal-report';
import { fingerprint } from '../base/fingerprint';
import type { RandomSource } from '../base/random';
import type { RenewingState } from '../tickets/renewal';
import type { Sealer } from '../tickets/sealer';
import { TicketKeeper, type TicketEvent, type TicketKeeperOptions } from '../tickets/ticket-keeper';
import type { TicketStore } from '../tickets/ticket-store';

/** The parts of one ticket. */
export interface ManagedTicketParts {
  /** Names the ticket in the store. */
  name: string;
  appId: string;
  /** Fetches the ticket. `isDoubt`: the ticket in use may be good, and any client can raise a doubt. */
  load: (signal: AbortSignal, isDoubt: boolean) => Promise<Timed<Secret>>;
  store: TicketStore;
  sealer: Sealer;
  clock: Clock;
  time: Platform['time'];
  random: RandomSource;
  policy?: TicketKeeperOptions['policy'];
  onEvent: (event: TicketEvent) => void;
}

/** A ticket through its life. */
export interface ManagedTicket {
  /** At once while it is valid; otherwise a promise that rejects with ValueUnavailableError. */
  get(): Secret | Promise<Secret>;
  /** While it is valid; never waits. */
  peek(): Secret | undefined;
  /** Starts the first load; resolves when it has ended, also without success, with whether the platform was asked. Never rejects. */
  warmUp(): Promise<boolean>;
  /** Resolves when no load is running any more. */
  loadEnded(): Promise<void>;
  /** Checks a report against the ticket; resolves, within a second, when signing again is worthwhile. */
  report(report: RefusalReport): Promise<void>;
  /** A manual renewal. Throws ServiceError `FINGERPRINT_MISMATCH` or `RATE_LIMITED`; a failed load is a result. */
  renew(expectedFingerprint: string | undefined): Promise<Renewal>;
  /** The cause of failed loads may be gone: retries now if no ticket is valid. */
  tryAgain(): void;
  status(): Omit<AppStatus, 'alias'>;
  readonly state: RenewingState;
  /** True from the first ticket on, whatever happens to it later. */
  readonly wasReady: boolean;
  /** Stops timers and abandons what is under way. */
  close(): void;
}

/**
 * An hour between two loads that reports may start: every client that gets signatures can also report them, and the calls
 * are few. A ticket that the platform ended early is noticed at once; the next ticket is unlikely to end early within the hour.
 */
const SUSPICION_PAUSE_MS = 3_600_000;
/** A page that reports signs again at our answer, and waits a second for it: this leaves time for the network. */
const REPORT_WAIT_MS = 800;
/** A minute between two manual renewals: a script in a loop must not use up the hour's calls. */
const RENEWAL_COOLDOWN_MS = 60_000;

/** Makes a ticket. It does nothing by itself until it is asked for. */
export function createManagedTicket(parts: ManagedTicketParts): ManagedTicket {
  const { appId, clock, time } = parts;
  const recorder = createStatusRecorder(clock);
  let wasReady = false;
  let loads = 0;
  let suspectsFromMs = -Infinity;
  let renewsByHandFromMs = -Infinity;
  /** Callers that wait for the end of the running load. */
  const waiting = new Set<() => void>();
  const release = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const keeper: TicketKeeper = new TicketKeeper({
    ...parts,
    load(signal) {
      loads += 1;
      return parts.load(signal, keeper.value.state.isDoubted);
    },
    onEvent(event) {
      if (event.type === 'loaded') wasReady = true;
      // There was no reply of the platform yet when the ticket came from the store: measure the platform's time.
      if (event.type === 'taken-from-store') time.ensureMeasured();
      recorder.onEvent(event);
      parts.onEvent(event);
      if (event.type === 'loaded' || event.type === 'unchanged' || event.type === 'failed') release();
    },
  });
  const { value } = keeper;

  async function loadEnded(): Promise<void> {
    if (value.state.loading) await new Promise<void>((resolve) => waiting.add(resolve));
  }

  function suspectFor(report: RefusalReport): void {
    const inUse = value.peek();
    if (inUse === undefined || clock.monotonicMs() < suspectsFromMs) return;
    if (!isGenuineReport(report, { appId, ticket: inUse.reveal(), nowMs: time.nowMs() })) return;
    // Only a started load counts: when no load may start now, a later report can still start one.
    if (keeper.suspect(inUse)) suspectsFromMs = clock.monotonicMs() + SUSPICION_PAUSE_MS;
  }

  function status(): Omit<AppStatus, 'alias'> {
    return recorder.status({ appId, state: value.state, ticket: value.peek() });
  }

  return {
    get: () => value.get(),
    peek: () => value.peek(),
    async warmUp() {
      const loadsBefore = loads;
      value.warmUp();
      await loadEnded();
      return loads > loadsBefore;
    },
    loadEnded,
    async report(report) {
      suspectFor(report);
      // Genuine or not: every page that was refused gains by signing again only once the load has ended.
      await withDeadline(loadEnded(), REPORT_WAIT_MS, clock, 'loading the ticket').catch(() => undefined);
    },
    async renew(expectedFingerprint) {
      const before = value.peek();
      if (expectedFingerprint !== undefined && expectedFingerprint !== (before && fingerprint(before))) {
        throw new ServiceError(
          'FINGERPRINT_MISMATCH',
          'The current ticket has a different fingerprint: it was renewed or has expired. See GET /admin/apps.',
        );
      }
      const waitMs = renewsByHandFromMs - clock.monotonicMs();
      if (waitMs > 0) {
        throw new ServiceError('RATE_LIMITED', 'Manual renewal is limited to once a minute per ticket.', {
          retryAfterSeconds: Math.ceil(waitMs / 1_000),
        });
      }
      renewsByHandFromMs = clock.monotonicMs() + RENEWAL_COOLDOWN_MS;
      value.loadNow();
      await loadEnded();
      const after = value.peek();
      const now = status();
      if (now.lastFailure || !after)
        return { result: 'failed', fingerprint: now.fingerprint, failure: now.lastFailure };
      const isSame = before?.equals(after) ?? false;
      return {
        result: isSame ? 'unchanged' : 'renewed',
        fingerprint: fingerprint(after),
        expiresInSeconds: now.expiresInSeconds,
      };
    },
    tryAgain() {
      if (value.peek() === undefined && value.state.failures > 0) value.loadNow();
    },
    status,
    get state() {
      return value.state;
    },
    get wasReady() {
      return wasReady;
    },
    close() {
      keeper.close();
      // The outcome of an abandoned load is ignored.
      release();
    },
  };
}
