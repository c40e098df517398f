// What operators measure: plain integers where things happen, read when somebody scrapes.
import type { Clock } from '../base/clock';
import type { CallReport } from '../open-platform/open-platform-client';
import { FAULTS } from '../open-platform/faults';
import { findPlatformError, type FailureReason } from '../open-platform/platform-error';
import type { ServiceEvent } from '../apps/service-event';
import { STORE_OPERATIONS, type StoreEvent } from '../tickets/stores/store-event';
import type { TicketEvent } from '../tickets/ticket-keeper';
import type { AccessEntry } from '../http/access-entry';
import { createAppsReloadMetrics } from './apps-reload-metrics';
import { LatencyHistogram } from './latency-histogram';
import { createExposition, histogramSamples, type Exposition, type MetricFamily } from './prometheus';
import { StoreHealth } from './store-health';
import { Tally } from './tally';

/** What is read of an app at the moment of a scrape. */
export interface MeasuredApp {
  readonly appId: string;
  canSign(): boolean;
  /** Whole seconds from now; null while there is no ticket. */
  status(): {
    readonly expiresInSeconds: number | null;
    readonly renewsInSeconds: number | null;
    /** Store apps only. */
    readonly tenants?: { readonly signing: number; readonly withoutTicket: number };
  };
}

/** Where values come from that are not counted but read. */
export interface MetricsSources {
  readonly apps: () => Iterable<MeasuredApp>;
  /** The time of each less this machine's is undefined while it is not known. */
  readonly platforms: () => Iterable<{
    readonly baseUrl: string;
    readonly time: { readonly offsetMs: number | undefined };
  }>;
  /** `TICKET_CALLS_PER_HOUR` */
  readonly ticketCallsPerHour: number;
  readonly version: string;
  readonly clock: Clock;
}

/** Hears what happens, and tells it in sum. No label holds a tenant, a URL or anything else that a caller chooses. */
export interface Metrics {
  onRequest(entry: AccessEntry): void;
  onServiceEvent(event: ServiceEvent): void;
  onCall(report: CallReport): void;
  onStoreEvent(event: StoreEvent): void;
  /** The apps file was read at the start, or compared: whether it can be used. */
  onAppsCompared(isUsable: boolean): void;
  /** The reply to a scrape. */
  expose(): Promise<Exposition>;
}

/** For what belongs to no app that is known. */
const NO_APP = 'other';

/** Every metric of ours begins with it. */
const PREFIX = 'lark_jsapi_';

/** How an attempt to obtain a ticket can end. */
const OUTCOMES = [
  'loaded',
  'unchanged',
  'taken-from-store',
  'failed',
] as const satisfies readonly TicketEvent['type'][];

/** Why a call can fail without a code. */
const REASONS = [
  ...['timeout', 'connection', 'tls', 'dns'],
  ...['not-json', 'malformed', 'too-large', 'http-status'],
] as const satisfies readonly FailureReason[];

/** Success, every code that is known, and every reason why there is none: some thirty. */
const EXPECTED_CODES = ['0', ...Array.from(FAULTS.keys(), String), ...REASONS];

/** Metrics that start at zero. Nothing is loaded, measured or timed before the first scrape. */
export function createMetrics(sources: MetricsSources): Metrics {
  const { apps, platforms, ticketCallsPerHour, version, clock } = sources;
  const requests = new Tally('route', 'app', 'status');
  const failures = new Tally('code');
  const signing = new LatencyHistogram();
  const waits = new Tally('app');
  const renewals = new Tally('app', 'outcome');
  const renewalFailures = new Tally('app', 'code');
  const ticketCalls = new Tally('app');
  const ceilingHits = new Tally('app');
  const tenantRefusals = new Tally('app', 'what');
  const calls = new Tally('endpoint', 'code');
  const callDurations = new Map<string, LatencyHistogram>();
  const storeFailures = new Tally('operation');
  const storeHealth = new StoreHealth();
  for (const operation of STORE_OPERATIONS) storeFailures.expect(operation);
  const appsReload = createAppsReloadMetrics(PREFIX, clock);
  const renewedAtMs = new Map<string, number>();
  for (const endpoint of ['tenant_access_token', 'jsapi_ticket'])
    for (const code of EXPECTED_CODES) calls.expect(endpoint, code);

  /** A gauge of every app, left out where `value` knows none. */
  function gaugePerApp(
    name: string,
    help: string,
    value: (app: MeasuredApp) => number | undefined,
  ): MetricFamily {
    return {
      ...{ name: PREFIX + name, help, type: 'gauge' },
      *read() {
        for (const app of apps()) {
          const known = value(app);
          if (known !== undefined) yield { labels: { app: app.appId }, value: known };
        }
      },
    };
  }

  /** The time of a platform, where it is known: Prometheus compares moments with its own clock, and ours may be the wrong one. */
  function trueMs(): number {
    for (const { time } of platforms())
      if (time.offsetMs !== undefined) return clock.wallMs() + time.offsetMs;
    return clock.wallMs();
  }

  /** The moment `seconds` from now; a moment that has passed is not known any more. */
  const momentIn = (seconds: number | null): number | undefined =>
    seconds === null || seconds <= 0 ? undefined : Math.floor(trueMs() / 1_000) + seconds;

  /** What every app has a count of, though it be 0. */
  function expectAll(): void {
    for (const { appId } of apps()) {
      for (const outcome of OUTCOMES) renewals.expect(appId, outcome);
      for (const tally of [ticketCalls, ceilingHits, waits]) tally.expect(appId);
    }
  }

  const read = createExposition([
    counter('requests_total', 'Requests that were answered.', requests),
    counter('failures_total', 'Requests that were refused, by code of docs/errors.md.', failures),
    {
      ...{
        name: `${PREFIX}signing_duration_seconds`,
        help: 'From a request to its signature.',
        type: 'histogram',
      },
      read: () => histogramSamples(`${PREFIX}signing_duration_seconds`, signing.read()),
    },
    counter('first_ticket_waits_total', 'Requests that had to wait for a ticket.', waits),
    gaugePerApp('app_can_sign', '1 while the app holds a valid ticket.', (app) => Number(app.canSign())),
    gaugePerApp('ticket_expires_timestamp_seconds', 'When the ticket in use ends.', (app) =>
      momentIn(app.status().expiresInSeconds),
    ),
    gaugePerApp(
      'ticket_renews_timestamp_seconds',
      'When the renewal window opens; absent inside it.',
      (app) => momentIn(app.status().renewsInSeconds),
    ),
    gaugePerApp('ticket_renewed_timestamp_seconds', 'When the ticket in use was obtained.', ({ appId }) => {
      const atMs = renewedAtMs.get(appId);
      return atMs === undefined ? undefined : atMs / 1_000;
    }),
    counter('ticket_renewals_total', 'Attempts to obtain a ticket, by outcome.', renewals),
    counter(
      'ticket_renewal_failures_total',
      'Attempts at a ticket, or at the own token of a store app, that failed, by platform code or why there was none.',
      renewalFailures,
    ),
    counter('ticket_calls_total', 'Ticket calls that the ceiling let pass.', ticketCalls),
    counter(
      'tenant_refusals_total',
      'Store apps: tenants the platform refused, and new ones the budget held back.',
      tenantRefusals,
    ),
    gaugePerApp(
      'tenants_signing',
      'Store apps: tenants with a valid ticket.',
      (app) => app.status().tenants?.signing,
    ),
    gaugePerApp(
      'tenants_without_ticket',
      'Store apps: tenants that pages ask for and that have no valid ticket, since loading it failed.',
      (app) => app.status().tenants?.withoutTicket,
    ),
    counter('ceiling_hits_total', 'Ticket calls that the ceiling held back.', ceilingHits),
    gauge('ticket_calls_ceiling', 'Ticket calls that an app may make in an hour.', () => [
      { value: ticketCallsPerHour },
    ]),
    counter('platform_calls_total', 'Calls to the platform, by its code or why there was none.', calls),
    {
      ...{
        name: `${PREFIX}platform_call_duration_seconds`,
        help: 'Calls to the platform.',
        type: 'histogram',
      },
      *read() {
        for (const [endpoint, durations] of callDurations)
          yield* histogramSamples(`${PREFIX}platform_call_duration_seconds`, durations.read(), { endpoint });
      },
    },
    counter(
      'store_failures_total',
      'Operations of the ticket store that failed, attempts to connect among them.',
      storeFailures,
    ),
    gauge('store_up', '0 while the ticket store fails.', () => [{ value: Number(storeHealth.isUp) }]),
    gauge('clock_offset_seconds', "The platform's time less this machine's.", function* () {
      for (const { baseUrl, time } of platforms())
        if (time.offsetMs !== undefined)
          yield { labels: { platform: baseUrl.replace(/^https?:\/\//, '') }, value: time.offsetMs / 1_000 };
    }),
    ...appsReload.families,
    gauge('build_info', 'Always 1.', () => [{ labels: { version }, value: 1 }]),
  ]);

  function countFailure(appId: string, error: unknown): void {
    const { code, reason } = findPlatformError(error) ?? {};
    renewalFailures.add(appId, String(code ?? reason ?? 'unknown'));
  }

  /** What a store app needs before any of its tenants: its own token and, for that, the platform's push. */
  function onStoreAppEvent(event: ServiceEvent): void {
    const { appId } = event;
    if (event.of === 'token' && event.isStoreApps && event.event.type === 'failed')
      countFailure(appId, event.event.error);
    if (event.of === 'app-ticket' && event.event.type === 'resend-failed')
      countFailure(appId, event.event.error);
  }

  function onTicketEvent({ appId, event, isTenantRefused }: Extract<ServiceEvent, { of: 'ticket' }>): void {
    switch (event.type) {
      case 'loaded':
      case 'taken-from-store':
        renewedAtMs.set(appId, trueMs());
        renewals.add(appId, event.type);
        return;
      case 'unchanged':
        renewals.add(appId, event.type);
        return;
      case 'failed':
        renewals.add(appId, event.type);
        if (!isTenantRefused) countFailure(appId, event.error);
    }
  }

  return {
    onRequest({ endpoint, appId = NO_APP, status, durationMs, pageOrigin, failure, waited }) {
      requests.add(endpoint, appId, String(status));
      if (failure) failures.add(failure.code);
      // Only a signature has a page's origin and no failure.
      else if (pageOrigin !== undefined) signing.observe(durationMs);
      if (waited) waits.add(appId);
    },
    onServiceEvent(event) {
      if (event.of === 'ticket') onTicketEvent(event);
      onStoreAppEvent(event);
      if (event.of === 'tenant') tenantRefusals.add(event.appId, event.what);
      if (event.of === 'ceiling') (event.granted ? ticketCalls : ceilingHits).add(event.appId);
    },
    onCall({ endpoint, outcome, code, durationMs }) {
      calls.add(endpoint, outcome === 'ok' ? '0' : String(code ?? outcome));
      const durations = callDurations.get(endpoint) ?? new LatencyHistogram();
      callDurations.set(endpoint, durations);
      durations.observe(durationMs);
    },
    onStoreEvent(event) {
      storeHealth.onEvent(event);
      if (event.type === 'failed') storeFailures.add(event.operation);
    },
    onAppsCompared: (isUsable) => appsReload.onCompared(isUsable),
    expose() {
      expectAll();
      return read();
    },
  };
}

function counter(name: string, help: string, tally: Tally<string>): MetricFamily {
  return {
    ...{ name: PREFIX + name, help, type: 'counter' },
    read: () => tally.entries().map(({ labels, count }) => ({ labels, value: count })),
  };
}

function gauge(name: string, help: string, read: MetricFamily['read']): MetricFamily {
  return { name: PREFIX + name, help, type: 'gauge', read };
}
