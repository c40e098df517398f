// Several apps in one service: each signs for its own pages, and no reply reveals the others.
import type { SignedConfig } from '../../src/signing/types';
import {
  appsFile,
  createAppsFolder,
  pageOf,
  withAppsFile,
  writtenApp,
  type AppsFolder,
} from '../support/apps-folder';
import { createWorld, MINUTE, SECOND, type World, type WorldOptions } from '../support/world';

const TOKEN = 'token-of-the-operator';
let world: World;
let folder: AppsFolder;
afterEach(async () => {
  await world.close();
  folder.remove();
});

async function run(aliases: readonly string[], options: WorldOptions = {}, env = {}): Promise<void> {
  folder = createAppsFolder({ 'apps.json': appsFile(aliases.map((alias) => writtenApp(alias))) });
  const base = withAppsFile(folder.path, aliases, env);
  world = await createWorld({ ...base, ...options, sandbox: { ...base.sandbox, ...options.sandbox } });
}

async function ask(
  path: string,
  init?: RequestInit,
): Promise<{ status: number; body: SignedConfig; headers: Headers }> {
  const { status, text, headers } = await world.get(path, init);
  return { status, headers, body: JSON.parse(text) as SignedConfig };
}

const configOf = (alias: string, name = alias) =>
  ask(`/config?app=${name}&url=${encodeURIComponent(`${pageOf(alias)}/a?b=c`)}`);

const operator = { headers: { Authorization: `Bearer ${TOKEN}` } };

it('signs for the app that is named, by alias or app id, with that app’s ticket', async () => {
  await run(['shop', 'wiki']);
  for (const alias of ['shop', 'wiki']) {
    for (const name of [alias, `cli_${alias}`]) {
      const { status, body } = await configOf(alias, name);
      expect(status).toBe(200);
      expect(body.appId).toBe(`cli_${alias}`);
      expect(world.sandbox.verify({ ...body })).toMatchObject({ errCode: 0 });
    }
  }
  expect(await configOf('shop', 'wiki')).toMatchObject({ status: 403, body: { code: 'URL_NOT_ALLOWED' } });
});

it('needs no name with one app, and one with several', async () => {
  await run(['shop']);
  const url = encodeURIComponent(pageOf('shop') + '/');
  expect((await ask(`/config?url=${url}`)).status).toBe(200);
  folder.swap({ 'apps.json': appsFile([writtenApp('shop'), writtenApp('wiki')]) });
  await world.service.reload();
  const { status, body } = await ask(`/config?url=${url}`);
  expect({ status, body }).toMatchObject({ status: 400, body: { code: 'APP_UNKNOWN' } });
  expect(await configOf('shop', 'sho')).toMatchObject({ status: 400, body: { code: 'APP_UNKNOWN' } });
});

describe('CORS', () => {
  const preflight = async (path: string, origin: string): Promise<Record<string, string | null>> => {
    const { status, headers } = await world.get(path, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
    expect(status).toBe(204);
    return {
      origin: headers.get('access-control-allow-origin'),
      credentials: headers.get('access-control-allow-credentials'),
    };
  };

  it('is the named app’s own; without a name the preflight allows every app’s pages, and the request decides', async () => {
    await run(['shop', 'wiki']);
    const own = { origin: pageOf('shop'), credentials: 'true' };
    const foreign = { origin: '*', credentials: null };
    expect(await preflight('/config?app=shop', pageOf('shop'))).toEqual(own);
    expect(await preflight('/config?app=wiki', pageOf('shop'))).toEqual(foreign);
    expect(await preflight('/config', pageOf('shop'))).toEqual(own);
    expect(await preflight('/config', 'https://evil.example.org')).toEqual(foreign);

    const post = (app: string): RequestInit => ({
      method: 'POST',
      headers: { Origin: pageOf('shop'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ app, url: `${pageOf('shop')}/` }),
    });
    const signed = await ask('/config', post('shop'));
    expect(signed.status).toBe(200);
    expect(signed.headers.get('access-control-allow-origin')).toBe(pageOf('shop'));
    expect((await ask('/config', post('wiki'))).status).toBe(403);
  });
});

it('shares one platform between its apps: its clock is measured once, its calls are each app’s own', async () => {
  await run(['shop', 'wiki', 'docs'], { clockErrorMs: 5 * MINUTE });
  await world.advance(MINUTE);
  for (const alias of ['shop', 'wiki', 'docs']) {
    const { body } = await configOf(alias);
    // The platform's Date counts whole seconds, and two of them are compared.
    expect(Math.abs(body.timestamp - world.sandbox.nowMs())).toBeLessThan(2 * SECOND);
    expect(world.sandbox.counters.calls('ticket', `cli_${alias}`)).toBe(1);
  }
  expect(world.logLines.filter((line) => line.includes("clock differs from the platform's"))).toHaveLength(1);
});

it('is ready with the first app that can sign, and tells of each by its name', async () => {
  folder = createAppsFolder({
    'apps.json': appsFile([writtenApp('broken', { appSecret: 'wrong' }), writtenApp('shop')]),
  });
  world = await createWorld(withAppsFile(folder.path, ['broken', 'shop']));
  const ready = async (query: string) => (await world.get(`/readyz${query}`)).status;
  expect(await ready('')).toBe(200);
  expect(await ready('?app=shop')).toBe(200);
  expect(await ready('?app=broken')).toBe(503);
  expect(await ready('?app=none')).toBe(400);
});

it('reveals nothing on the public port of apps, aliases, fingerprints, failures or metrics', async () => {
  folder = createAppsFolder({
    'apps.json': appsFile([writtenApp('acme'), writtenApp('globex', { appSecret: 'wrong' })]),
  });
  world = await createWorld(
    withAppsFile(folder.path, ['acme', 'globex'], { ADMIN_TOKEN: TOKEN, PUBLIC_PAGE: 'on' }),
  );
  const { text } = await world.get('/admin/apps', operator);
  const { apps } = JSON.parse(text) as {
    apps: {
      alias: string;
      appId: string;
      fingerprint: string | null;
      lastFailure: { code: number } | null;
    }[];
  };
  expect(apps).toMatchObject([
    { alias: 'acme', appId: 'cli_acme', lastFailure: null },
    { alias: 'globex', appId: 'cli_globex', lastFailure: { code: 10014 } },
  ]);
  const told = apps.flatMap(({ alias, appId, fingerprint, lastFailure }) =>
    [alias, appId, fingerprint, lastFailure?.code].filter((value) => value !== null && value !== undefined),
  );
  expect(told).toHaveLength(6);

  const url = encodeURIComponent('https://nobody.example.org/');
  const paths = [
    '/',
    '/config',
    `/config?url=${url}`,
    `/config?url=${url}&app=none`,
    `/get_config_parameters?url=${url}`,
    '/healthz',
    '/readyz',
    '/readyz?app=none',
    '/h5-sdk.js',
    '/report',
    '/report?app=none',
    '/errors',
    '/metrics',
    '/admin',
    '/admin/',
    '/admin/apps',
    '/admin/tickets',
    '/admin/tickets/renew',
    '/admin/apps/none/app-ticket',
    '/explain',
    '/openapi.json',
    '/apps',
    '/events',
    '/events/none',
    '/apps.json',
    '/assets/../apps.json',
    '/.env',
  ];
  let asked = 0;
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      const response = await fetch(world.baseUrl + path, {
        method,
        headers: { Origin: 'https://nobody.example.org', 'Content-Type': 'application/json' },
        redirect: 'manual',
        ...(method === 'POST' && { body: '{}' }),
      });
      const answer = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
      // The documentation names codes of the platform as such; everything else may not.
      const secrets = path === '/errors' ? told.filter((value) => value !== 10014) : told;
      const found = secrets.filter((value) => new RegExp(`(?<![\\w-])${value}(?![\\w-])`).test(answer));
      expect({ method, path, found }).toEqual({ method, path, found: [] });
      asked += 1;
    }
  }
  process.stdout.write(`${asked} anonymous requests to ${paths.length} paths told of no app\n`);
  expect(asked).toBeGreaterThan(150);
});
