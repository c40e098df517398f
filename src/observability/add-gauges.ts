// The gauges of apps and platforms: not counted, but read at the moment of a scrape.
import type { Clock } from '../base/clock';
import type { MetricSet } from './prometheus';

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

/** What the gauges are read from. */
export interface GaugeSources {
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

/** Adds the gauges to `metrics`. Returns a function to call when an app, or one of its tenants, has obtained a ticket. */
export function addGauges(metrics: MetricSet, sources: GaugeSources): (appId: string) => void {
  const { apps, platforms, ticketCallsPerHour, version, clock } = sources;
  const obtainedAtSeconds = new Map<string, number>();

  /** A gauge of every app, left out where `value` knows none. */
  function perApp(name: string, help: string, value: (app: MeasuredApp) => number | undefined): void {
    metrics.add('gauge', name, help, function* () {
      for (const app of apps()) {
        const known = value(app);
        if (known !== undefined) yield { labels: { app: app.appId }, value: known };
      }
    });
  }

  /** The time of a platform, where it is known: Prometheus compares moments with its own clock, and ours may be the wrong one. */
  function trueMs(): number {
    for (const { time } of platforms())
      if (time.offsetMs !== undefined) return clock.wallMs() + time.offsetMs;
    return clock.wallMs();
  }

  /** The moment `seconds` from now; undefined for a moment that has passed. */
  const momentIn = (seconds: number | null): number | undefined =>
    seconds === null || seconds <= 0 ? undefined : Math.floor(trueMs() / 1_000) + seconds;

  perApp('app_can_sign', '1 while the app holds a valid ticket.', (app) => Number(app.canSign()));
  perApp('ticket_expires_timestamp_seconds', 'When the ticket in use ends.', (app) =>
    momentIn(app.status().expiresInSeconds),
  );
  perApp('ticket_renews_timestamp_seconds', 'When the renewal window opens; absent inside it.', (app) =>
    momentIn(app.status().renewsInSeconds),
  );
  perApp('ticket_renewed_timestamp_seconds', 'When the ticket in use was obtained.', ({ appId }) =>
    obtainedAtSeconds.get(appId),
  );
  perApp(
    'tenants_signing',
    'Store apps: tenants with a valid ticket.',
    (app) => app.status().tenants?.signing,
  );
  perApp(
    'tenants_without_ticket',
    'Store apps: tenants that pages ask for and that have no valid ticket, since loading it failed.',
    (app) => app.status().tenants?.withoutTicket,
  );
  metrics.add('gauge', 'ticket_calls_ceiling', 'Ticket calls that an app may make in an hour.', () => [
    { value: ticketCallsPerHour },
  ]);
  metrics.add('gauge', 'clock_offset_seconds', "The platform's time less this machine's.", function* () {
    for (const { baseUrl, time } of platforms())
      if (time.offsetMs !== undefined)
        yield { labels: { platform: baseUrl.replace(/^https?:\/\//, '') }, value: time.offsetMs / 1_000 };
  });
  metrics.add('gauge', 'build_info', 'Always 1.', () => [{ labels: { version }, value: 1 }]);

  return (appId) => {
    obtainedAtSeconds.set(appId, trueMs() / 1_000);
  };
}
