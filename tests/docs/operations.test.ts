// docs/operations lists every metric of the service, with its labels, and none that does not exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../src/base/errors';
import { FAULTS } from '../../src/open-platform/faults';
import { createMetrics } from '../../src/observability/metrics';
import { FakeClock } from '../support/fake-clock';

const README = readFileSync(join(__dirname, '../../docs/operations/README.md'), 'utf8');

/** The labels of each metric in the table; a name may end with `*`. */
const documented = new Map<string, string[]>();
for (const [, names = '', labels = ''] of README.matchAll(
  /^\| (`(?:lark_jsapi|nodejs|process)_.*?) +\| ([^|]*)\|/gm,
))
  for (const [, name = ''] of names.matchAll(/`([^`]+)`/g))
    documented.set(
      name,
      Array.from(labels.matchAll(/`([^`]+)`/g), ([, label = '']) => label),
    );

/** Every family that a scrape shows, with the labels of its samples. */
async function exposed(): Promise<Map<string, Set<string>>> {
  const clock = new FakeClock();
  const status = {
    expiresInSeconds: 7_190,
    renewsInSeconds: 5_390,
    tenants: { signing: 1, withoutTicket: 0 },
  };
  const metrics = createMetrics({
    apps: () => [{ appId: 'cli_a', canSign: () => true, status: () => status }],
    platforms: () => [{ baseUrl: 'https://open.feishu.cn', time: { offsetMs: 5 } }],
    ticketCallsPerHour: 60,
    version: '1.2.3',
    clock,
  });
  metrics.onEvent({ of: 'apps-file', isUsable: true });
  const request = {
    requestId: 'id',
    method: 'GET',
    route: '/config',
    endpoint: '/config',
    durationMs: 1,
  } as const;
  metrics.onRequest({
    ...request,
    client: '192.0.2.1',
    status: 429,
    failure: new ServiceError('RATE_LIMITED', ''),
  });
  const call = {
    endpoint: 'jsapi_ticket',
    outcome: 'ok',
    code: 0,
    httpStatus: 200,
    logId: undefined,
  } as const;
  metrics.onEvent({ of: 'call', report: { ...call, durationMs: 1 } });
  metrics.onEvent({ of: 'tenant', appId: 'cli_a', tenantKey: 'a', what: 'refused' });
  const families = new Map<string, Set<string>>();
  let labels = new Set<string>();
  for (const line of (await metrics.expose()).text.split('\n')) {
    const [, name] = /^# HELP (\S+)/.exec(line) ?? [];
    if (name !== undefined) families.set(name, (labels = new Set()));
    const [, written = ''] = /^[a-z_]+\{(.*)\} /.exec(line) ?? [];
    for (const [, label = ''] of written.matchAll(/(\w+)="/g)) labels.add(label);
  }
  return families;
}

const row = (name: string): string | undefined =>
  [...documented.keys()].find((known) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : known === name,
  );

test('every metric that a scrape shows has its row, and every row its metric', async () => {
  const families = await exposed();
  const names = [...families.keys()];
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => row(name) === undefined)).toEqual([]);
  const shown = new Set(names.map(row));
  expect([...documented.keys()].filter((name) => !shown.has(name))).toEqual([]);
});

test('a row lists the labels that the metric has', async () => {
  for (const [name, labels] of await exposed()) {
    const known = documented.get(name);
    // Without samples here its labels are unknown.
    if (known && labels.size > 0)
      expect({ name, labels: known.toSorted() }).toEqual({ name, labels: [...labels].sort() });
  }
});

test('the alert on a refused app knows every code that an operator must act on', () => {
  const alerts = readFileSync(join(__dirname, '../../docs/operations/alerts.yml'), 'utf8');
  const [, codes = ''] = /alert: LarkJsapiAppRefused[\s\S]*?code=~"([\d|]+)"/.exec(alerts) ?? [];
  const configuration = [...FAULTS].filter(([, { kind }]) => kind === 'configuration').map(([code]) => code);
  expect(codes.split('|').map(Number)).toEqual(configuration.sort((a, b) => a - b));
});
