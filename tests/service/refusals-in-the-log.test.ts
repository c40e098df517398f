// The line of a refused request: it answers why a page of a tenant failed, and holds no query of a page URL.
import { once } from 'node:events';
import type { Server } from 'node:http';
import request from 'supertest';
import { createApp, type AppParts } from '../../src/http/create-app';
import { ServiceError } from '../../src/base/errors';
import { createHttpServer } from '../../src/http/server';
import type { AccessEntry } from '../../src/http/access-entry';
import { createAccessLog } from '../../src/observability/access-log';
import { createLogger } from '../../src/observability/logger';
import { readPublicFile } from '../../src/base/package-files';
import { FakeClock } from '../support/fake-clock';
import { FakeSigningApps, FakeSigningApp } from '../support/fake-signing-apps';

const ORIGIN = 'https://h5.example.com';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function setUp(parts: Partial<AppParts> = {}) {
  const app = new FakeSigningApp('cli_one', [ORIGIN]);
  const written: string[] = [];
  const entries: AccessEntry[] = [];
  const clock = new FakeClock();
  const destination = { write: (line: string) => void written.push(line) };
  const accessLog = createAccessLog(createLogger({ level: 'info', destination, clock }));
  const httpApp = createApp({
    apps: new FakeSigningApps(app, new FakeSigningApp('cli_two', ['https://two.example.org'])),
    onRequest(entry) {
      entries.push(entry);
      accessLog(entry);
    },
    publicFiles: readPublicFile,
    version: '1.2.3',
    clock,
    ...parts,
  });
  const server = createHttpServer(httpApp).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const last = (): unknown => JSON.parse(written.at(-1) ?? '{}') as unknown;
  return { app, agent: request(server), written, entries, last };
}

const of = (page: string, more = ''): string => `/config?url=${encodeURIComponent(page)}${more}`;

it('names the Origin that is refused, and the page', async () => {
  const { agent, last } = await setUp();
  await agent.get(of(`${ORIGIN}/orders/42?code=s3cret`)).set('Origin', 'https://evil.example.org');
  expect(last()).toMatchObject({
    ...{ code: 'ORIGIN_NOT_ALLOWED', appId: 'cli_one', origin: 'https://evil.example.org' },
    ...{ pageOrigin: ORIGIN, pagePath: '/orders/42' },
  });
});

it('names the app that is not configured, and no other', async () => {
  const { agent, last } = await setUp();
  await agent.get(of(`${ORIGIN}/`, '&app=shop%20two'));
  expect(last()).toMatchObject({ code: 'APP_UNKNOWN', unknownApp: 'shop two' });
  expect(last()).not.toHaveProperty('appId');
  await agent.post('/config').send({ url: `${ORIGIN}/`, app: 'three' });
  expect(last()).toMatchObject({ code: 'APP_UNKNOWN', unknownApp: 'three' });
});

it('names tenant and page of a failure, and the tenant of a signature', async () => {
  const { agent, app, last } = await setUp();
  await agent.get(of(`${ORIGIN}/a?b=c`, '&tenant_key=tenant-1'));
  expect(last()).toMatchObject({ status: 200, tenantKey: 'tenant-1', pageOrigin: ORIGIN });
  expect(last()).not.toHaveProperty('pagePath');
  app.answer = () => Promise.reject(new ServiceError('TICKET_UNAVAILABLE', 'none', { retryAfterSeconds: 5 }));
  await agent.get(of(`${ORIGIN}/a?b=c`, '&tenant_key=tenant-1'));
  expect(last()).toMatchObject({
    ...{ code: 'TICKET_UNAVAILABLE', waited: true },
    ...{ appId: 'cli_one', tenantKey: 'tenant-1', pageOrigin: ORIGIN, pagePath: '/a' },
  });
});

it('names app, tenant, Origin and page of a client that asks too often', async () => {
  const { agent, last, entries } = await setUp({ requestsPerMinute: 1 });
  const page = 'https://two.example.org/b?code=s3cret';
  const target = of(page, '&app=cli_two&tenant_key=tenant-1');
  await agent.get(target);
  await agent.get(target).set('Origin', 'https://two.example.org').expect(429);
  expect(last()).toMatchObject({
    ...{ code: 'RATE_LIMITED', appId: 'cli_two', tenantKey: 'tenant-1' },
    ...{ origin: 'https://two.example.org', pageOrigin: 'https://two.example.org', pagePath: '/b' },
  });
  expect(entries.at(-1)).toMatchObject({ appId: 'cli_two', status: 429 });
  // Which app a body would name is not known: it is not read.
  await agent.post('/config').send({ url: page, app: 'cli_two' }).expect(429);
  expect(last()).not.toHaveProperty('appId');
});

it('holds no parameter of a page URL, whatever a client sends and wherever', async () => {
  const { agent, app, written } = await setUp({ requestsPerMinute: 14 });
  app.answer = () => Promise.reject(new ServiceError('TICKET_UNAVAILABLE', 'none', {}));
  const pages = [
    ...['/a?code=s3cret', '/a#s3cret', '/a;jsessionid=s3cret', '/a%3Fcode=s3cret'],
    ...['/a%253fcode%253ds3cret', '/a%26code%3Ds3cret', '/?code=s3cret'],
  ];
  for (const page of pages) await agent.get(of(ORIGIN + page)).expect(503);
  await agent.get(of(`${ORIGIN}/`, '&app=x%3Fcode%3Ds3cret'));
  await agent.get(of(`${ORIGIN}/`, '&tenant_key=x%3Fcode%3Ds3cret'));
  await agent.get(of(`${ORIGIN}/`, '&tenant_key=x%26code%3Ds3cret'));
  await agent.get(of(`${ORIGIN}/`)).set('Origin', 'https://evil.example.org/?code=s3cret');
  for (const page of pages) await agent.get(of(ORIGIN + page));
  expect(written).toHaveLength(2 * pages.length + 4);
  expect(written.join('')).not.toContain('s3cret');
  expect(written.filter((line) => line.includes('"pagePath":"/a'))).toHaveLength(2 * pages.length - 2);
});

it('bounds what a client chooses', async () => {
  const { agent, app, last } = await setUp();
  app.answer = () => Promise.reject(new ServiceError('TICKET_UNAVAILABLE', 'none', {}));
  await agent.get(of(`${ORIGIN}/${'p'.repeat(5_000)}`, `&tenant_key=${'t'.repeat(5_000)}`));
  expect(last()).toMatchObject({ pagePath: `/${'p'.repeat(511)}…`, tenantKey: `${'t'.repeat(64)}…` });
  await agent.get(of(`${ORIGIN}/`, `&app=${'a'.repeat(5_000)}`)).set('Origin', 'o'.repeat(5_000));
  expect(last()).toMatchObject({ unknownApp: `${'a'.repeat(64)}…`, origin: `${'o'.repeat(300)}…` });
});

it('counts events, reports and probes of an app under that app', async () => {
  const { agent, entries } = await setUp();
  await agent.post('/events/cli_two').send({}).expect(401);
  await agent.post('/report?app=cli_two').send({}).expect(204);
  await agent.get('/readyz?app=cli_two').expect(200);
  await agent.post('/events/cli_three').send({}).expect(401);
  expect(entries.map(({ endpoint, appId }) => [endpoint, appId])).toEqual([
    ['/events/:app', 'cli_two'],
    ['/report', 'cli_two'],
    ['/readyz', 'cli_two'],
    ['/events/:app', undefined],
  ]);
});
