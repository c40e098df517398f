// 200 apps start: five at a time, requested apps first.
import {
  appsFile,
  createAppsFolder,
  pageOf,
  withAppsFile,
  writtenApp,
  type AppsFolder,
} from '../support/apps-folder';
import { createWorld, SECOND, type World } from '../support/world';

const LATENCY_MS = 100;
const ALIASES = Array.from({ length: 200 }, (_, index) => `app-${String(index).padStart(3, '0')}`);

let world: World;
let folder: AppsFolder;
beforeEach(async () => {
  folder = createAppsFolder({ 'apps.json': appsFile(ALIASES.map((alias) => writtenApp(alias))) });
  const options = withAppsFile(folder.path, ALIASES, { APPS_RELOAD_SECONDS: '0', LOG_LEVEL: 'warn' });
  world = await createWorld({
    ...options,
    cold: true,
    sandbox: { ...options.sandbox, latencyMs: LATENCY_MS },
  });
});
afterEach(async () => {
  await world.close();
  folder.remove();
});

const able = (): string[] =>
  world.service.apps
    .all()
    .filter((app) => app.canSign())
    .map(({ alias }) => alias!);
const sign = async (alias: string): Promise<number> =>
  (await world.get(`/config?app=${alias}&url=${encodeURIComponent(`${pageOf(alias)}/`)}`)).status;
/** Until `count` requests have reached the service and wait there. */
const arrived = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

it('makes at most five calls at a time, two for each app, in the order of the file', async () => {
  await world.advance(5 * SECOND);
  const early = able();
  expect(early.length).toBeGreaterThan(20);
  expect(early).toEqual(ALIASES.slice(0, early.length));

  await world.advance(30 * SECOND);
  expect(able()).toHaveLength(200);
  const { counters } = world.sandbox;
  expect({ token: counters.calls('token'), ticket: counters.calls('ticket') }).toEqual({
    token: 200,
    ticket: 200,
  });
  expect(world.mostCallsAtOnce).toBe(5);

  // Calls a second: 5 lanes, two calls each 0.2 s + 0.5 s of rest.
  const perSecond = new Map<number, number>();
  for (const { atMs } of counters.list) {
    const second = Math.floor(atMs / SECOND);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(20);
});

it('takes the one that a page asks for first', async () => {
  const waiting = sign('app-199');
  await arrived();
  await world.advance(SECOND);
  expect(await waiting).toBe(200);
  expect(able().length).toBeLessThan(15);
  expect(able()).toContain('app-199');
});

it('keeps to five calls when pages ask for every app at once, and tells who has waited long to come again', async () => {
  const waiting = ALIASES.map(sign);
  await arrived();
  await world.advance(6 * SECOND);
  const statuses = await Promise.all(waiting);
  expect(world.mostCallsAtOnce).toBe(5);
  // 25 apps a second for 5 s.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(100);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));

  await world.advance(4 * SECOND);
  expect(new Set(await Promise.all(ALIASES.map(sign)))).toEqual(new Set([200]));
});
