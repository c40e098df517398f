// A simulated day, scraped and put into a real Prometheus: the dashboard's queries return what the platform counted.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describeWith } from '../support/needs-program';
import { ScrapeRecord, startPrometheus, type PrometheusServer } from '../support/prometheus-server';
import { APP_ID, createWorld, HOUR, MINUTE, type World } from '../support/world';

const OPERATIONS = join(__dirname, '../../docs/operations');
const dashboard = JSON.parse(readFileSync(join(OPERATIONS, 'dashboard.json'), 'utf8')) as {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { name: string; allValue?: string; query: string | { query: string } }[] };
};

/** The metrics of a query, each with its labels. */
const selectorsOf = (query: string): { name: string; labels: string }[] =>
  [...query.matchAll(/\b((?:lark|nodejs|process)_\w+)(\{[^}]*\})?/g)].map(([, name = '', labels = '']) => ({
    name,
    labels,
  }));

/** With Grafana's variables, those of the dashboard at "All". */
const fill = (query: string): string =>
  query
    .replaceAll('$__range', '24h')
    .replaceAll('$__rate_interval', '10m')
    .replaceAll(/\$(\w+)/g, (_, name: string) => {
      return (
        dashboard.templating.list.find((variable) => variable.name === name)?.allValue ?? 'no such variable'
      );
    });

/** The queries of a panel over a whole day. */
function queriesOf(title: string): string[] {
  const panel = dashboard.panels.find((each) => each.title === title)!;
  return panel.targets.map(({ expr }) => fill(expr));
}

describeWith('promtool', 'the alert rules', () => {
  it.each(['alerts.yml'])('%s has no fault', (file) => {
    execFileSync('promtool', ['check', 'rules', file], { cwd: OPERATIONS, stdio: 'pipe' });
  });

  it('fire when they should and not before', () => {
    execFileSync('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: OPERATIONS, stdio: 'pipe' });
  });
});

describeWith('prometheus', 'the dashboard after a day', () => {
  let world: World;
  let prometheus: PrometheusServer;
  let endMs: number;
  let signed = 0;
  let refused = 0;

  // A day of 720 scrapes over HTTP, and the blocks.
  beforeAll(async () => {
    world = await createWorld({
      cold: true,
      env: { ADMIN_PORT: '0', LOG_LEVEL: 'silent' },
      clockErrorMs: -3_000,
      sandbox: { latencyMs: 40 },
    });
    const { port } = world.service.operatorServer!.address() as AddressInfo;
    const record = new ScrapeRecord();
    const scrape = async (): Promise<void> => {
      const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
      record.add(await reply.text(), world.clock.wallMs());
    };
    await scrape();
    // Every two minutes, so that ten of them hold enough for a rate.
    for (let atMs = 0; atMs < 24 * HOUR; atMs += 2 * MINUTE) {
      // The platform fails for a quarter of an hour, as the first ticket's window opens.
      if (atMs === 90 * MINUTE) world.sandbox.addFault({ endpoint: 'ticket', kind: 'code', code: 1500 });
      if (atMs === 104 * MINUTE) world.sandbox.clearFaults();
      await world.advance(2 * MINUTE);
      if (atMs % (10 * MINUTE) === 0) {
        expect((await world.config()).status).toBe(200);
        expect((await world.config('https://elsewhere.example.com/')).status).toBe(403);
        signed += 1;
        refused += 1;
      }
      await scrape();
    }
    endMs = world.clock.wallMs();
    prometheus = await startPrometheus(record);
  });

  afterAll(async () => {
    await prometheus.close();
    await world.close();
  });

  const count = (values: readonly (number | undefined)[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
    return counts;
  };

  it('counts calls by endpoint and code as the platform does', async () => {
    const [expression] = queriesOf('Platform calls');
    const results = await prometheus.query(expression!, endMs);
    const NAMES = { token: 'tenant_access_token', ticket: 'jsapi_ticket' } as const;
    for (const [theirs, ours] of Object.entries(NAMES)) {
      const calls = world.sandbox.counters.list.filter(({ endpoint }) => endpoint === theirs);
      const measured = results.filter(({ metric }) => metric['endpoint'] === ours);
      expect(
        Object.fromEntries(measured.map(({ metric, value }) => [metric['code'], Math.round(value)])),
      ).toEqual(count(calls.map(({ code }) => code)));
    }
    // There is something to compare: a failing quarter of an hour, and a day's tickets.
    const codes = count(world.sandbox.counters.list.map(({ code }) => code));
    expect(codes['1500']).toBeGreaterThan(10);
    expect(codes['0']).toBeGreaterThan(20);
  });

  it('counts renewals and ticket calls', async () => {
    const tickets = world.sandbox.counters.list.filter(({ endpoint }) => endpoint === 'ticket');
    const [renewals] = queriesOf('Renewals');
    const results = await prometheus.query(renewals!, endMs);
    const failed = results.find(({ metric }) => metric['outcome'] === 'failed');
    expect(failed?.metric).toEqual({ app: APP_ID, outcome: 'failed' });
    // A call that the ceiling throttled was an attempt as well, and never reached the platform.
    const [held] = await prometheus.query('increase(lark_jsapi_ceiling_hits_total[24h])', endMs);
    expect(held!.value).toBeGreaterThan(1);
    const refused = tickets.filter(({ code }) => code === 1500).length;
    expect(Math.round(failed!.value)).toBe(refused + Math.round(held!.value));
    const loaded = results.find(({ metric }) => metric['outcome'] === 'loaded');
    expect(Math.round(loaded!.value)).toBe(tickets.filter(({ code }) => code === 0).length);

    const [calls, heldBack, ceiling] = queriesOf('Ticket calls');
    // In the hour of the failures.
    const atMs = endMs - 22 * HOUR;
    const [made] = await prometheus.query(calls!, atMs);
    const inThatHour = tickets.filter((call) => call.atMs > atMs - HOUR && call.atMs <= atMs);
    expect(Math.round(made!.value)).toBe(inThatHour.length);
    expect(await prometheus.query(heldBack!, endMs)).toEqual([{ metric: { app: APP_ID }, value: 0 }]);
    expect(await prometheus.query(ceiling!, endMs)).toEqual([{ metric: {}, value: 60 }]);
  });

  it('tells the requests, the refusals, the latency, the ticket and the clock', async () => {
    const total = `sum by (status) (increase(lark_jsapi_requests_total{route="/config"}[24h]))`;
    const byStatus = await prometheus.query(total, endMs);
    expect(byStatus.map(({ metric, value }) => [metric['status'], Math.round(value)])).toEqual(
      // The first of each came before its series did.
      expect.arrayContaining([
        ['200', signed - 1],
        ['403', refused - 1],
      ]),
    );
    const one = async (title: string, at = 0): Promise<number> => {
      const results = await prometheus.query(queriesOf(title)[at]!, endMs);
      expect({ title, results }).toEqual({ title, results: [expect.anything()] });
      return results[0]!.value;
    };
    expect(await one('Refusals')).toBeCloseTo(6, 0);
    expect(await one('Can sign')).toBe(1);
    expect(await one('Store up')).toBe(1);
    expect(await one('Clock offset')).toBeCloseTo(3, 0);
    expect(await one('Ticket ends in')).toBeGreaterThan(20 * 60);
    expect(await one('Ticket ends in')).toBeLessThan(7_200);
    expect(await one('Waits for a ticket')).toBe(0);
    // On the fake clock a signature takes no time at all: the first bucket holds them all.
    expect(await one('Signing latency', 1)).toBeLessThanOrEqual(0.00005);
    expect(await one('Event-loop delay')).toBeGreaterThan(0);
    expect(await one('Memory')).toBeGreaterThan(1e7);
  });

  it('is narrowed by job, instance and, where a metric has it, app: each query uses these variables', async () => {
    const variables = dashboard.templating.list.filter(({ name }) => name !== 'datasource');
    expect(variables.map(({ name }) => name)).toEqual(['job', 'instance', 'app']);
    const withApp = await prometheus.query('count by (__name__) ({app!=""})', endMs);
    const haveApp = new Set(withApp.map(({ metric }) => metric['__name__']));
    // Counters come with their first event, which a calm day does not have for each.
    expect(haveApp.size).toBeGreaterThan(5);
    const queries = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...variables.slice(1).map(({ query }) => (typeof query === 'string' ? query : query.query)),
    ];
    for (const query of queries)
      for (const { name, labels } of selectorsOf(query)) {
        expect({ query, labels }).toEqual({ query, labels: expect.stringContaining('job=~"$job"') });
        const isOfVariables = query.startsWith('label_values');
        if (isOfVariables) continue;
        expect({ query, labels }).toEqual({
          query,
          labels: expect.stringContaining('instance=~"$instance"'),
        });
        expect({ query, app: labels.includes('app=~"$app"') }).toEqual({ query, app: haveApp.has(name) });
      }
  });

  it('has no query that Prometheus refuses, nor one of a metric that does not exist', async () => {
    const names = await prometheus.query('count by (__name__) ({__name__=~".+"})', endMs);
    const known = new Set(names.map(({ metric }) => metric['__name__']));
    for (const { title } of dashboard.panels) {
      for (const query of queriesOf(title)) {
        await prometheus.query(query, endMs);
        const used = selectorsOf(query).map(({ name }) => name);
        expect({ title, unknown: used.filter((name) => !known.has(name)) }).toEqual({ title, unknown: [] });
        expect(used).not.toHaveLength(0);
      }
    }
  });
});
