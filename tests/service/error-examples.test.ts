// Every example in docs/errors.md and docs/errors.zh-CN.md is what the service answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { asServiceError, type ErrorCode, type Problem } from '../../src/base/errors';
import { send } from '../support/platform-events';
import { ADMIN_TOKEN, createStoreWorld, ENCRYPT_KEY, VERIFICATION_TOKEN } from '../support/store-world';
import { createWorld, type World, type WorldOptions } from '../support/world';

const ORIGIN = 'https://h5.example.com';
const SIGNABLE = `/config?url=${encodeURIComponent(`${ORIGIN}/`)}`;
const json = { 'Content-Type': 'application/json' };
const operator = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

async function problem(world: World, path: string, init?: RequestInit): Promise<Problem> {
  worlds.push(world);
  return JSON.parse((await world.get(path, init)).text) as Problem;
}

/** What a service with one app answers. */
const one =
  (path: string, init?: RequestInit, options: WorldOptions = {}) =>
  async (): Promise<Problem> =>
    problem(await createWorld({ ...options, env: { ADMIN_TOKEN, ...options.env } }), path, init);

/** What a service with a store app answers. */
const store = (path: string) => async (): Promise<Problem> => problem(await createStoreWorld(), path);

/** What it answers to an event that is no app ticket. */
const event = (more: Record<string, unknown>) => async (): Promise<Problem> => {
  const world = await createStoreWorld({ more });
  const content = {
    ts: '1',
    uuid: 'uuid-1',
    token: VERIFICATION_TOKEN,
    type: 'event_callback',
    event: { type: 'app_open', app_id: 'cli_shop' },
  };
  const sent = send(content, { encryptKey: ENCRYPT_KEY, timestampMs: world.sandbox.nowMs() });
  return problem(world, '/events/shop', {
    method: 'POST',
    headers: sent.headers,
    body: sent.body.toString(),
  });
};

const withFault = (code: number): WorldOptions => ({
  beforeService: (sandbox) => {
    sandbox.addFault({ endpoint: 'ticket', kind: 'code', code });
  },
});

const ANSWERS: Readonly<Record<ErrorCode, () => Promise<Pick<Problem, 'code' | 'detail'>>>> = {
  URL_MISSING: one('/config'),
  URL_REPEATED: one(`${SIGNABLE}&url=a`),
  URL_INVALID: one(`/config?url=${encodeURIComponent(encodeURIComponent(`${ORIGIN}/`))}`),
  URL_NOT_ENCODED: one(`/config?url=${ORIGIN}/a?x=1&y=2`),
  PARAMETER_REPEATED: one(`${SIGNABLE}&app=a&app=b`),
  BODY_INVALID: one('/config', post({ url: 1 })),
  APP_UNKNOWN: one(`${SIGNABLE}&app=shop`),
  TENANT_REQUIRED: store('/config?app=shop&url=https%3A%2F%2Fshop.example.com%2F'),
  UNAUTHORIZED: one('/metrics'),
  URL_NOT_ALLOWED: one('/config?url=https%3A%2F%2Fother.example.com%2F'),
  TENANT_NOT_ALLOWED: store('/config?app=shop&url=https%3A%2F%2Fshop.example.com%2F&tenant_key=tenant-3'),
  ORIGIN_NOT_ALLOWED: one(
    SIGNABLE,
    { headers: { Origin: 'https://other.example.com' } },
    { env: { ALLOWED_ORIGINS: `${ORIGIN},https://other.example.com` } },
  ),
  NOT_FOUND: one('/nothing'),
  METHOD_NOT_ALLOWED: one('/config', { method: 'DELETE' }),
  FINGERPRINT_MISMATCH: one(
    '/admin/tickets/renew',
    post({ fingerprint: '01234567' }, { ...json, ...operator }),
  ),
  REQUEST_TIMEOUT: async () => {
    const world = await createWorld();
    worlds.push(world);
    const late = new PassThrough();
    const thrown = Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    world.service.server.emit('clientError', thrown, late);
    return JSON.parse(String(late.read()).split('\r\n\r\n')[1]!) as Problem;
  },
  BODY_TOO_LARGE: one('/config', post('x'.repeat(81_921))),
  URL_TOO_LONG: one(`/config?url=${encodeURIComponent(`${ORIGIN}/`.padEnd(9_001, 'a'))}`),
  MEDIA_TYPE: one('/config', post('x', { 'Content-Type': 'text/plain' })),
  RATE_LIMITED: async () => {
    const world = await createWorld({ env: { RATE_LIMIT: '1' } });
    await world.get(SIGNABLE);
    return problem(world, SIGNABLE);
  },
  HEADERS_TOO_LARGE: one('/config', { headers: { 'X-Long': 'x'.repeat(50_000) } }),
  INTERNAL: () => {
    const { code, message } = asServiceError(new Error('a defect'));
    return Promise.resolve({ code, detail: message });
  },
  EVENT_NOT_TAKEN: event({}),
  // The port of "discard", on which nothing answers.
  EVENT_NOT_FORWARDED: event({ eventsForwardTo: 'http://127.0.0.1:9/' }),
  TICKET_UNAVAILABLE: one(SIGNABLE, undefined, withFault(1500)),
  APP_MISCONFIGURED: one(SIGNABLE, undefined, withFault(99991401)),
};

const EXAMPLE = /^\*\*(?:Example:|示例：)\*\* `(.*)`$/m;
const documents = ['docs/errors.md', 'docs/errors.zh-CN.md'].map((path) =>
  readFileSync(join(__dirname, '../..', path), 'utf8').split(/^## /m),
);

test.each(Object.entries(ANSWERS))('the example of %s', async (code, answer) => {
  const { code: answered, detail } = await answer();
  expect(answered).toBe(code);
  const examples = documents.map((sections) => {
    const section = sections.find((candidate) => candidate.startsWith(`${code}\n`));
    return EXAMPLE.exec(section ?? '')?.[1];
  });
  expect(examples).toEqual([detail, detail]);
});
