// The metrics for operators: plain integers, counted on events and read on a scrape.
import type { CallReport } from '../open-platform/open-platform-client';
import { FAULTS } from '../open-platform/faults';
import { findPlatformError, type FailureReason } from '../open-platform/platform-error';
import type { ServiceEvent } from '../apps/service-event';
import { STORE_OPERATIONS } from '../tickets/stores/store-event';
import type { TicketEvent } from '../tickets/ticket-keeper';
import type { AccessEntry } from '../http/access-entry';
import { addGauges, type GaugeSources } from './add-gauges';
import { LatencyHistogram, type Sample } from './counters';
import { MetricSet, type Exposition } from './prometheus';
import { StoreHealth } from './store-health';

/** Counts requests and events. No label holds a tenant, a URL or anything else that a caller chooses. */
export interface Metrics {
  onRequest(entry: AccessEntry): void;
  onEvent(event: ServiceEvent): void;
  /** The reply to a scrape. */
  expose(): Promise<Exposition>;
}

/** The label for requests and events of no known app. */
const NO_APP = 'other';

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

/** Success, every known code, and every reason for a reply without a code: some thirty. */
const EXPECTED_CODES = ['0', ...Array.from(FAULTS.keys(), String), ...REASONS];

/** Metrics that start at zero. Nothing is loaded, measured or timed before the first scrape. */
export function createMetrics(sources: GaugeSources): Metrics {
  const { apps, clock } = sources;
  const metrics = new MetricSet('lark_jsapi_');
  const signing = new LatencyHistogram();
  const callDurations = new Map<string, LatencyHistogram>();
  const storeHealth = new StoreHealth();
  let appsFile: { isUsable: boolean; usableAtMs: number; failures: number } | undefined;

  /** Reads nothing without an apps file. */
  function ofAppsFile(value: (file: NonNullable<typeof appsFile>) => number): () => Sample[] {
    return () => (appsFile ? [{ value: value(appsFile) }] : []);
  }

  const requests = metrics.counter(
    'requests_total',
    'Requests that were answered.',
    ...['route', 'app', 'status'],
  );
  const failures = metrics.counter(
    'failures_total',
    'Requests that were refused, by code of docs/errors.md.',
    'code',
  );
  metrics.add('histogram', 'signing_duration_seconds', 'From a request to its signature.', () =>
    signing.samples(),
  );
  const waits = metrics.counter('first_ticket_waits_total', 'Requests that had to wait for a ticket.', 'app');
  const renewals = metrics.counter(
    'ticket_renewals_total',
    'Attempts to obtain a ticket, by outcome.',
    ...['app', 'outcome'],
  );
  const renewalFailures = metrics.counter(
    'ticket_renewal_failures_total',
    'Attempts at a ticket, or at the own token of a store app, that failed, by platform code or why there was none.',
    ...['app', 'code'],
  );
  const ticketCalls = metrics.counter('ticket_calls_total', 'Ticket calls that the ceiling let pass.', 'app');
  const tenantRefusals = metrics.counter(
    'tenant_refusals_total',
    'Store apps: tenants the platform refused, and new ones the budget throttled.',
    ...['app', 'what'],
  );
  const ceilingHits = metrics.counter(
    'ceiling_hits_total',
    'Ticket calls that the ceiling throttled.',
    'app',
  );
  const calls = metrics.counter(
    'platform_calls_total',
    'Calls to the platform, by its code or why there was none.',
    ...['endpoint', 'code'],
  );
  metrics.add('histogram', 'platform_call_duration_seconds', 'Calls to the platform.', function* () {
    for (const [endpoint, durations] of callDurations) yield* durations.samples({ endpoint });
  });
  const storeFailures = metrics.counter(
    'store_failures_total',
    'Operations of the ticket store that failed, attempts to connect among them.',
    'operation',
  );
  metrics.add('gauge', 'store_up', '0 while the ticket store fails.', () => [
    { value: Number(storeHealth.isUp) },
  ]);
  metrics.add(
    'gauge',
    'apps_reload_usable',
    '0 while the apps file cannot be used.',
    ofAppsFile(({ isUsable }) => Number(isUsable)),
  );
  metrics.add(
    'gauge',
    'apps_reload_usable_timestamp_seconds',
    'When the apps file was last found usable.',
    ofAppsFile(({ usableAtMs }) => usableAtMs / 1_000),
  );
  metrics.add(
    'counter',
    'apps_reload_failures_total',
    'Comparisons that found the apps file unusable.',
    ofAppsFile((file) => file.failures),
  );

  const onObtained = addGauges(metrics, sources);
  for (const operation of STORE_OPERATIONS) storeFailures.declare(operation);
  for (const endpoint of ['tenant_access_token', 'jsapi_ticket'])
    for (const code of EXPECTED_CODES) calls.declare(endpoint, code);

  function countFailure(appId: string, error: unknown): void {
    const { code, reason } = findPlatformError(error) ?? {};
    renewalFailures.add(appId, String(code ?? reason ?? 'unknown'));
  }

  function onTicket({
    appId,
    event,
    isTenantRefused,
    isComponentRefused,
  }: Extract<ServiceEvent, { of: 'ticket' }>): void {
    switch (event.type) {
      case 'loaded':
      case 'taken-from-store':
        onObtained(appId);
        renewals.add(appId, event.type);
        return;
      case 'unchanged':
        renewals.add(appId, event.type);
        return;
      case 'failed':
        renewals.add(appId, event.type);
        if (!isTenantRefused && !isComponentRefused) countFailure(appId, event.error);
        return;
      case 'suspected':
      case 'clock-jump':
      case 'store-unreadable':
        return;
      default:
        event satisfies never;
    }
  }

  function onCall({ endpoint, outcome, code, durationMs }: CallReport): void {
    calls.add(endpoint, outcome === 'ok' ? '0' : String(code ?? outcome));
    const durations = callDurations.get(endpoint) ?? new LatencyHistogram();
    callDurations.set(endpoint, durations);
    durations.observe(durationMs);
  }

  function onAppsFile(isUsable: boolean): void {
    const known = appsFile ?? { usableAtMs: 0, failures: 0 };
    if (isUsable) appsFile = { ...known, isUsable, usableAtMs: clock.wallMs() };
    else appsFile = { ...known, isUsable, failures: known.failures + 1 };
  }

  return {
    onRequest({ endpoint, appId = NO_APP, status, durationMs, pageOrigin, failure, waited }) {
      requests.add(endpoint, appId, String(status));
      if (failure) failures.add(failure.code);
      // Only a signature has a page's origin and no failure.
      else if (pageOrigin !== undefined) signing.observe(durationMs);
      if (waited) waits.add(appId);
    },
    onEvent(event) {
      switch (event.of) {
        case 'ticket':
          onTicket(event);
          return;
        case 'token':
          // Any other token's failure is counted with the ticket that needed it.
          if (event.isStoreApps && event.event.type === 'failed')
            countFailure(event.appId, event.event.error);
          return;
        case 'app-ticket':
          // A store app gets no token without one.
          if (event.event.type === 'resend-failed') countFailure(event.appId, event.event.error);
          return;
        case 'tenant':
          tenantRefusals.add(event.appId, event.what);
          return;
        case 'ceiling':
          (event.granted ? ticketCalls : ceilingHits).add(event.appId);
          return;
        case 'call':
          onCall(event.report);
          return;
        case 'store':
          storeHealth.onEvent(event.event);
          if (event.event.type === 'failed') storeFailures.add(event.event.operation);
          return;
        case 'apps-file':
          onAppsFile(event.isUsable);
          return;
        // The time of the platform is read on a scrape.
        case 'clock':
        case 'pushed-event':
          return;
        default:
          event satisfies never;
      }
    },
    expose() {
      // Every app has a count of these, though it be 0.
      for (const { appId } of apps()) {
        for (const outcome of OUTCOMES) renewals.declare(appId, outcome);
        for (const tally of [ticketCalls, ceilingHits, waits]) tally.declare(appId);
      }
      return metrics.expose();
    },
  };
}
