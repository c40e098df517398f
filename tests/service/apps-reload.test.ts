// The apps file changes while pages ask: apps that stay notice nothing, a broken file changes nothing.
import {
  appsFile,
  createAppsFolder,
  pageOf,
  platformApp,
  withAppsFile,
  writtenApp,
  type AppsFolder,
} from '../support/apps-folder';
import { ADMIN_TOKEN } from '../support/store-world';
import { createWorld, HOUR, SECOND, type World } from '../support/world';
import { waitUntil } from '../support/wait-until';

let world: World;
let folder: AppsFolder;
afterEach(async () => {
  await world.close();
  folder.remove();
});

async function run(files: Record<string, string>, aliases: readonly string[], env = {}): Promise<void> {
  folder = createAppsFolder(files);
  world = await createWorld(withAppsFile(folder.path, aliases, env));
}

const sign = async (alias: string): Promise<number> =>
  (await world.get(`/config?app=${alias}&url=${encodeURIComponent(`${pageOf(alias)}/`)}`)).status;
const logged = (text: string): string[] => world.logLines.filter((line) => line.includes(text));
const ticketCalls = (alias: string): number => world.sandbox.counters.calls('ticket', `cli_${alias}`);

it('exchanges apps under load, by a swapped link, without a failed request for those that stay', async () => {
  const aliases = ['stays', 'changes', 'goes'];
  await run({ 'apps.json': appsFile(aliases.map((alias) => writtenApp(alias))) }, aliases);
  world.sandbox.addApp(platformApp('comes'));

  let isOver = false;
  const statuses: Record<string, Record<number, number>> = {};
  const load = async (alias: string): Promise<void> => {
    const ofApp = (statuses[alias] = {} as Record<number, number>);
    while (!isOver) {
      const status = await sign(alias);
      ofApp[status] = (ofApp[status] ?? 0) + 1;
    }
  };
  const running = Promise.all(['stays', 'stays', 'changes', 'goes'].map(load));

  for (let round = 0; round < 10; round += 1) {
    const isEven = round % 2 === 0;
    const apps = [
      writtenApp('stays'),
      writtenApp('changes', { allowedOrigins: [pageOf('changes'), `https://round-${round}.example.com`] }),
      ...(isEven ? [writtenApp('comes')] : [writtenApp('goes')]),
    ];
    folder.swap({ 'apps.json': appsFile(apps) });
    await world.service.reload();
    expect(world.service.apps.all().map(({ alias }) => alias)).toEqual(apps.map(({ alias }) => alias));
    await world.settle();
  }
  isOver = true;
  await running;

  process.stdout.write(
    `10 exchanges by a swapped link, requests by app and status: ${JSON.stringify(statuses)}\n`,
  );
  expect(Object.keys(statuses['stays']!)).toEqual(['200']);
  expect(Object.keys(statuses['changes']!)).toEqual(['200']);
  // Unknown while it is out of the file; never anything else.
  expect(Object.keys(statuses['goes']!)).toEqual(expect.arrayContaining(['200', '400']));
  expect(Object.keys(statuses['goes']!)).toHaveLength(2);
  expect(statuses['stays']![200]).toBeGreaterThan(20);
  expect({ stays: ticketCalls('stays'), changes: ticketCalls('changes') }).toEqual({ stays: 1, changes: 1 });
  // Ten times added or removed, and no timer is left of those that are gone: each renews once in two hours.
  const before = world.sandbox.counters.calls('ticket');
  await world.advance(1.9 * HOUR);
  expect(world.sandbox.counters.calls('ticket') - before).toBe(3);
});

it('takes new origins, list and secret of an app at once, and keeps its ticket', async () => {
  const app = writtenApp('shop', { appSecret: undefined, appSecretFile: 'shop.secret' });
  await run({ 'apps.json': appsFile([app]), 'shop.secret': 'secret-of-shop' }, ['shop']);
  const changed = {
    ...app,
    allowedOrigins: ['https://new.example.com'],
    jsApiList: ['scanCode'],
    alias: 'store',
  };
  world.sandbox.addApp({ ...platformApp('shop'), appSecret: 'secret-2' });
  folder.swap({ 'apps.json': appsFile([changed]), 'shop.secret': 'secret-2\n' });
  await world.service.reload();

  expect((await world.config(`${pageOf('shop')}/`)).status).toBe(403);
  const { status, body } = await world.config('https://new.example.com/');
  expect({ status, list: body.jsApiList }).toEqual({ status: 200, list: ['scanCode'] });
  expect((await world.get('/readyz?app=store')).status).toBe(200);
  expect(ticketCalls('shop')).toBe(1);
  // The next token is fetched with the new secret, or there would be no ticket any more.
  await world.advance(4 * HOUR);
  expect((await world.get('/readyz?app=store')).status).toBe(200);
  expect(logged('no ticket could be loaded')).toEqual([]);
  // What was stored under the old secret is still read.
  expect(logged('cannot be decrypted')).toEqual([]);
});

it('tries again at once when the secret was the fault', async () => {
  const app = writtenApp('shop', { appSecret: undefined, appSecretFile: 'shop.secret' });
  await run({ 'apps.json': appsFile([app]), 'shop.secret': 'wrong' }, ['shop']);
  expect(await sign('shop')).toBe(503);
  folder.swap({ 'apps.json': appsFile([app]), 'shop.secret': 'secret-of-shop' });
  await world.service.reload();
  await world.settle();
  expect(await sign('shop')).toBe(200);
});

it('changes nothing for a broken file, and says so once for each content', async () => {
  await run({ 'apps.json': appsFile([writtenApp('shop')]) }, ['shop']);
  const broken = appsFile([writtenApp('shop', { allowedOrigins: ['shop.example.com'] })]);
  for (const text of [broken, broken, '{"apps":']) {
    folder.swap({ 'apps.json': text });
    await world.service.reload();
  }
  folder.swap({});
  await world.service.reload();
  const lines = logged('the apps file cannot be used');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('apps[0].allowedOrigins');
  expect(lines[2]).toContain('ENOENT');
  expect(lines.join('')).not.toContain('secret-of-shop');
  expect(await sign('shop')).toBe(200);
});

it('tells in metrics that the file cannot be used, since when, and that it can again', async () => {
  await run({ 'apps.json': appsFile([writtenApp('shop')]) }, ['shop'], { ADMIN_TOKEN });
  const measure = async (): Promise<Record<string, number>> => {
    const { text } = await world.get('/metrics', { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
    const lines = text.matchAll(/^lark_jsapi_apps_reload_(\w+) (\S+)$/gm);
    return Object.fromEntries(Array.from(lines, ([, name, value]) => [name!, Number(value)] as const));
  };
  const startSeconds = world.clock.wallMs() / 1_000;
  const good = { usable: 1, usable_timestamp_seconds: startSeconds, failures_total: 0 };
  expect(await measure()).toEqual(good);
  await world.advance(20 * SECOND);
  folder.swap({ 'apps.json': '{"apps":' });
  await world.service.reload();
  await world.service.reload();
  expect(await measure()).toEqual({ ...good, usable: 0, failures_total: 2 });
  folder.swap({ 'apps.json': appsFile([writtenApp('shop')]) });
  await world.service.reload();
  expect(await measure()).toEqual({
    ...{ usable: 1, failures_total: 2 },
    usable_timestamp_seconds: startSeconds + 20,
  });
});

it('looks by itself every APPS_RELOAD_SECONDS', async () => {
  await run({ 'apps.json': appsFile([writtenApp('shop')]) }, ['shop', 'wiki'], { APPS_RELOAD_SECONDS: '10' });
  folder.swap({ 'apps.json': appsFile([writtenApp('shop'), writtenApp('wiki')]) });
  await world.advance(9 * SECOND);
  expect(world.service.apps.all()).toHaveLength(1);
  await world.advance(1 * SECOND);
  await waitUntil('the file was read', () => world.service.apps.all().length === 2);
  await world.settle();
  expect(await sign('wiki')).toBe(200);
});

it('answers a page that waits for the ticket of an app that is removed meanwhile', async () => {
  folder = createAppsFolder({ 'apps.json': appsFile([writtenApp('stays'), writtenApp('goes')]) });
  const options = withAppsFile(folder.path, ['stays', 'goes']);
  world = await createWorld({ ...options, cold: true, sandbox: { ...options.sandbox, latencyMs: SECOND } });
  const waiting = sign('goes');
  await waitUntil('the app loads', () => world.service.apps.find('goes').ticketState.loading);
  folder.swap({ 'apps.json': appsFile([writtenApp('stays')]) });
  await world.service.reload();
  await world.advance(3 * SECOND);
  expect(await waiting).toBe(200);
  expect((await world.get('/readyz?app=goes')).status).toBe(400);
});
