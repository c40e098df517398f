// The metrics: what is counted where, that labels stay few, and that the text is what Prometheus reads.
import { execFileSync } from 'node:child_process';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ServiceError } from '../../../src/base/errors';
import type { AccessEntry } from '../../../src/http/access-entry';
import type { ServiceEvent } from '../../../src/apps/service-event';
import type { MeasuredApp } from '../../../src/observability/add-gauges';
import { LatencyHistogram, Tally } from '../../../src/observability/counters';
import { createMetrics } from '../../../src/observability/metrics';
import { MetricSet } from '../../../src/observability/prometheus';
import { PlatformError } from '../../../src/open-platform/platform-error';
import { Secret } from '../../../src/base/secret';
import { FakeClock } from '../../support/fake-clock';
import { describeWith } from '../../support/needs-program';

const START_SECONDS = Date.UTC(2026, 0, 1) / 1_000;
const TICKET = new Secret('a-ticket-that-must-not-be-seen');

function setUp(app: Partial<ReturnType<MeasuredApp['status']>> = {}) {
  const clock = new FakeClock();
  const metrics = createMetrics({
    apps: () => [
      {
        appId: 'cli_one',
        canSign: () => true,
        status: () => ({ expiresInSeconds: 7_190, renewsInSeconds: 5_390, ...app }),
      },
    ],
    platforms: () => [
      { baseUrl: 'https://open.feishu.cn', time: { offsetMs: -1_500 } },
      { baseUrl: 'https://unknown.example.com/feishu', time: { offsetMs: undefined } },
    ],
    ticketCallsPerHour: 60,
    version: '1.2.3',
    clock,
  });
  /** The lines of one metric, without its prefix. */
  const linesOf = async (name: string): Promise<string[]> => {
    const { text } = await metrics.expose();
    return text
      .split('\n')
      .filter((line) => new RegExp(`^lark_jsapi_${name}(\\{| )`).test(line))
      .map((line) => line.replace('lark_jsapi_', ''));
  };
  return { metrics, clock, linesOf };
}

const ENTRY: AccessEntry = {
  requestId: 'id',
  method: 'GET',
  route: '/lark/config',
  endpoint: '/config',
  status: 200,
  durationMs: 0.06,
  client: '192.0.2.1',
  appId: 'cli_one',
  pageOrigin: 'https://h5.example.com',
};

test('requests are counted by route, app and status; signatures are timed; refusals have their code', async () => {
  const { metrics, linesOf } = setUp();
  metrics.onRequest(ENTRY);
  metrics.onRequest({ ...ENTRY, waited: true, durationMs: 700 });
  const failure = new ServiceError('RATE_LIMITED', 'x');
  metrics.onRequest({ ...ENTRY, appId: undefined, pageOrigin: undefined, status: 429, failure });
  metrics.onRequest({ ...ENTRY, endpoint: '/healthz', appId: undefined, pageOrigin: undefined });
  expect(await linesOf('requests_total')).toEqual([
    'requests_total{route="/config",app="cli_one",status="200"} 2',
    'requests_total{route="/config",app="other",status="429"} 1',
    'requests_total{route="/healthz",app="other",status="200"} 1',
  ]);
  expect(await linesOf('failures_total')).toEqual(['failures_total{code="RATE_LIMITED"} 1']);
  expect(await linesOf('first_ticket_waits_total')).toEqual(['first_ticket_waits_total{app="cli_one"} 1']);
  expect(await linesOf('signing_duration_seconds_count')).toEqual(['signing_duration_seconds_count 2']);
  expect(await linesOf('signing_duration_seconds_bucket')).toEqual(
    expect.arrayContaining([
      'signing_duration_seconds_bucket{le="0.00005"} 0',
      'signing_duration_seconds_bucket{le="0.0001"} 1',
      'signing_duration_seconds_bucket{le="0.5"} 1',
      'signing_duration_seconds_bucket{le="+Inf"} 2',
    ]),
  );
});

test('the store is up until it fails, and again once it is connected', async () => {
  const { metrics, linesOf } = setUp();
  expect(await linesOf('store_up')).toEqual(['store_up 1']);
  metrics.onEvent({ of: 'store', event: { type: 'failed', operation: 'connect', error: new Error() } });
  expect(await linesOf('store_up')).toEqual(['store_up 0']);
  metrics.onEvent({ of: 'store', event: { type: 'connected', operation: 'connect' } });
  expect(await linesOf('store_up')).toEqual(['store_up 1']);
});

test('renewals, ceiling, calls and the store are counted from their events', async () => {
  const { metrics, clock, linesOf } = setUp();
  const ticket = (event: object): void =>
    metrics.onEvent({ of: 'ticket', appId: 'cli_one', event } as ServiceEvent);
  const refused = new PlatformError({ endpoint: 'tenant_access_token', code: 10014 });
  ticket({ type: 'failed', error: new Error('waits', { cause: refused }), failures: 1, retryInMs: 1 });
  ticket({ type: 'failed', error: new Error('a bug'), failures: 2, retryInMs: 1 });
  await clock.advance(5_000);
  ticket({ type: 'loaded', value: TICKET, previous: undefined, lifeMs: 1 });
  await clock.advance(5_000);
  ticket({ type: 'unchanged', value: TICKET, retryInMs: 1 });
  for (const granted of [true, true, false]) metrics.onEvent({ of: 'ceiling', appId: 'cli_one', granted });
  for (const operation of ['connect', 'connect', 'read'] as const)
    metrics.onEvent({ of: 'store', event: { type: 'failed', operation, error: new Error() } });
  const call = { endpoint: 'jsapi_ticket', httpStatus: 200, logId: undefined, durationMs: 80 } as const;
  metrics.onEvent({ of: 'call', report: { ...call, outcome: 'ok', code: undefined } });
  metrics.onEvent({ of: 'call', report: { ...call, outcome: 'rate-limit', code: 99991400 } });
  metrics.onEvent({ of: 'call', report: { ...call, outcome: 'timeout', code: undefined } });

  expect(await linesOf('ticket_renewals_total')).toEqual([
    'ticket_renewals_total{app="cli_one",outcome="failed"} 2',
    'ticket_renewals_total{app="cli_one",outcome="loaded"} 1',
    'ticket_renewals_total{app="cli_one",outcome="unchanged"} 1',
    'ticket_renewals_total{app="cli_one",outcome="taken-from-store"} 0',
  ]);
  expect(await linesOf('ticket_renewal_failures_total')).toEqual([
    'ticket_renewal_failures_total{app="cli_one",code="10014"} 1',
    'ticket_renewal_failures_total{app="cli_one",code="unknown"} 1',
  ]);
  expect(await linesOf('ticket_renewed_timestamp_seconds')).toEqual([
    // By the clock of the platform, which is 1.5 s behind ours.
    `ticket_renewed_timestamp_seconds{app="cli_one"} ${START_SECONDS + 3.5}`,
  ]);
  expect(await linesOf('ticket_calls_total')).toEqual(['ticket_calls_total{app="cli_one"} 2']);
  expect(await linesOf('ceiling_hits_total')).toEqual(['ceiling_hits_total{app="cli_one"} 1']);
  expect(await linesOf('store_failures_total')).toEqual([
    'store_failures_total{operation="read"} 1',
    'store_failures_total{operation="write"} 0',
    'store_failures_total{operation="lock"} 0',
    'store_failures_total{operation="release"} 0',
    'store_failures_total{operation="connect"} 2',
    'store_failures_total{operation="watch"} 0',
    'store_failures_total{operation="announce"} 0',
  ]);
  // Calls that were not made are exported as 0, so that the first of them is an increase.
  const platformCalls = await linesOf('platform_calls_total');
  expect(platformCalls).toContain('platform_calls_total{endpoint="tenant_access_token",code="10014"} 0');
  expect(platformCalls.filter((line) => !line.endsWith(' 0'))).toEqual([
    'platform_calls_total{endpoint="jsapi_ticket",code="0"} 1',
    'platform_calls_total{endpoint="jsapi_ticket",code="99991400"} 1',
    'platform_calls_total{endpoint="jsapi_ticket",code="timeout"} 1',
  ]);
  expect(await linesOf('platform_call_duration_seconds_count')).toEqual([
    'platform_call_duration_seconds_count{endpoint="jsapi_ticket"} 3',
  ]);
});

test('moments are exported as timestamps while they are in the future, the clock as far as it is known', async () => {
  const { linesOf } = setUp();
  // By the clock of the platform, which is 1.5 s behind ours, in whole seconds.
  expect(await linesOf('ticket_expires_timestamp_seconds')).toEqual([
    `ticket_expires_timestamp_seconds{app="cli_one"} ${START_SECONDS - 2 + 7_190}`,
  ]);
  expect(await linesOf('ticket_renews_timestamp_seconds')).toEqual([
    `ticket_renews_timestamp_seconds{app="cli_one"} ${START_SECONDS - 2 + 5_390}`,
  ]);
  expect(await linesOf('app_can_sign')).toEqual(['app_can_sign{app="cli_one"} 1']);
  expect(await linesOf('clock_offset_seconds')).toEqual([
    'clock_offset_seconds{platform="open.feishu.cn"} -1.5',
  ]);
  expect(await linesOf('ticket_calls_ceiling')).toEqual(['ticket_calls_ceiling 60']);
  expect(await linesOf('build_info')).toEqual(['build_info{version="1.2.3"} 1']);

  const later = setUp({ expiresInSeconds: null, renewsInSeconds: 0 });
  expect(await later.linesOf('ticket_expires_timestamp_seconds')).toEqual([]);
  expect(await later.linesOf('ticket_renews_timestamp_seconds')).toEqual([]);
});

test('the process tells its event-loop delay and memory, and no ticket', async () => {
  const { metrics } = setUp();
  metrics.onEvent({
    of: 'ticket',
    appId: 'cli_one',
    event: { type: 'loaded', value: TICKET, previous: undefined, lifeMs: 7_200_000 },
  });
  const { contentType, text } = await metrics.expose();
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toContain('\nnodejs_eventloop_lag_p99_seconds ');
  expect(text).toContain('\nprocess_resident_memory_bytes ');
  expect(text).not.toContain(TICKET.reveal());
});

test('a flood of labels ends in one series', () => {
  const tally = new Tally('code');
  for (let code = 0; code < 50_000; code += 1) tally.add(String(code));
  tally.add('7');
  const samples = [...tally.samples()];
  expect(samples).toHaveLength(10_001);
  expect(samples.find(({ labels }) => labels?.['code'] === '7')?.value).toBe(2);
  expect(samples.find(({ labels }) => labels?.['code'] === 'other')?.value).toBe(40_000);
});

test('our metrics are written as the library would write its own', async () => {
  const ours = new MetricSet('our_');
  const registers = [new Registry()];
  const durations = new LatencyHistogram();
  ours.add('histogram', 'd', 'h', () => durations.samples());
  const buckets = [...durations.samples()]
    .map(({ labels }) => Number(labels?.['le']))
    .filter(Number.isFinite);
  const theirDurations = new Histogram({ name: 'our_d', help: 'h', buckets, registers });
  for (const seconds of [0, 0.00005, 0.00006, 0.01, 3, 5, 5.5, 60]) {
    durations.observe(seconds * 1_000);
    theirDurations.observe(seconds);
  }
  const labels = { app: 'a "b"\\', what: 'one\nline' };
  ours.counter('c_total', 'C.', 'app', 'what').add(labels.app, labels.what);
  new Counter({ name: 'our_c_total', help: 'C.', labelNames: ['app', 'what'], registers }).inc(labels);
  ours.add('gauge', 'g', 'G.', () => [{ value: 0.25 }]);
  new Gauge({ name: 'our_g', help: 'G.', registers }).set(0.25);
  const expected = await registers[0]!.metrics();
  expect((await ours.expose()).text.slice(0, expected.length - 1)).toBe(expected.trimEnd());
});

describeWith('promtool', 'promtool', () => {
  it('has nothing to complain of in what a scrape says', async () => {
    const { metrics } = setUp();
    metrics.onRequest(ENTRY);
    const { text } = await metrics.expose();
    const ours = text.split('\n\n').filter((family) => family.includes('# HELP lark_jsapi_'));
    expect(ours.length).toBeGreaterThan(15);
    execFileSync('promtool', ['check', 'metrics'], { input: `${ours.join('\n\n')}\n`, stdio: 'pipe' });
  });
});
