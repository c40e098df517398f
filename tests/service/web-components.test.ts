// Web components: signed without the query, with a ticket of the app itself or of one user.
import type { SignedConfig } from '../../src/signing/types';
import { APP_ID, createWorld, HOUR, MINUTE, PAGE, SECOND, type World } from '../support/world';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const component = async (pageUrl = PAGE) => {
  const { status, text } = await world.get(`/config?kind=component&url=${encodeURIComponent(pageUrl)}`);
  return { status, body: JSON.parse(text) as SignedConfig & { code: string } };
};
/** What the client says of a signature, on the page it was made for. */
const verify = (signed: SignedConfig, more: object) =>
  world.sandbox.verify({ ...signed, url: PAGE, ...more }).errCode;

describe('kind=component', () => {
  it('signs the URL without its query, with a ticket that is good for components only', async () => {
    const { status, body } = await component();
    expect(status).toBe(200);
    expect(body.url).toBe('https://h5.example.com/orders');
    expect(verify(body, { kind: 'component' })).toBe(0);
    const again = await component();
    expect(verify({ ...again.body, url: 'https://h5.example.com/orders' }, {})).toBe(333441);
    const page = await world.config();
    expect(verify({ ...page.body, url: 'https://h5.example.com/orders' }, { kind: 'component' })).toBe(
      333441,
    );
  });

  it('is refused in place of the signature of a page, and of a user', async () => {
    const plainPage = 'https://h5.example.com/orders';
    const onPlainPage = (signed: SignedConfig, more: object) =>
      world.sandbox.verify({ ...signed, url: plainPage, kind: 'component', ...more }).errCode;
    const page = await world.config(plainPage);
    expect(onPlainPage(page.body, {})).toBe(20442);
    const { body } = await component(plainPage);
    expect(onPlainPage(body, { openId: 'ou_1' })).toBe(20442);
    expect(onPlainPage(body, { openId: 1 })).toBe(1012);
    expect(onPlainPage(body, {})).toBe(0);
  });

  it('keeps its ticket through its life, and renews it while pages ask, beside the one for pages', async () => {
    for (let minutes = 0; minutes < 180; minutes += 20) {
      expect(verify((await component()).body, { kind: 'component' })).toBe(0);
      await world.advance(20 * MINUTE);
    }
    // Two each: the first, and its renewal within the last 30 minutes, before any caller has to wait for it.
    expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(4);
    expect(world.sandbox.counters.calls('ticket', APP_ID)).toBe(4);
  });

  it('one request costs one call, and none after it', async () => {
    expect((await component()).status).toBe(200);
    await world.advance(24 * HOUR);
    const calls = world.sandbox.counters.calls('app-token', APP_ID);
    // The ticket of the pages is fetched and then renewed every 90 minutes and a half.
    const tickets = world.sandbox.counters.calls('ticket', APP_ID) - 16;
    process.stdout.write(
      `one request for a component: ${calls} token and ${tickets} ticket calls in a day\n`,
    );
    expect([calls, tickets]).toEqual([1, 1]);
    expect((await component()).status).toBe(200);
  });

  it.each([
    ['refused', 99991672],
    ['answered with a code that is not known', 1234],
  ])('%s: one request costs one call, and a loop one in ten minutes', async (_, code) => {
    world.sandbox.addFault({ endpoint: 'app-token', kind: 'code', code, msg: 'no' });
    const calls = () => world.sandbox.counters.calls('app-token', APP_ID);
    expect((await component()).status).toBe(503);
    await world.advance(4 * HOUR);
    const afterOne = calls();
    for (let seconds = 0; seconds < 3_600; seconds += 30) {
      expect((await component()).status).toBe(503);
      await world.advance(30 * SECOND);
    }
    const loop = calls() - afterOne;
    process.stdout.write(
      `a component that is refused (${code}): ${afterOne} calls in 4 h, ${loop} in an hour of requests\n`,
    );
    expect(afterOne).toBe(1);
    expect(loop).toBe(6);
    world.sandbox.clearFaults();
    await world.advance(10 * MINUTE);
    expect((await component()).status).toBe(200);
  });

  it('that is refused is no failure of the app, which pages still have a ticket of', async () => {
    await world.close();
    world = await createWorld({ env: { ADMIN_TOKEN: 'token-of-the-operator' } });
    world.sandbox.addFault({ endpoint: 'app-token', kind: 'code', code: 99991672, msg: 'no' });
    await component();
    expect((await world.config()).status).toBe(200);
    const headers = { Authorization: 'Bearer token-of-the-operator' };
    expect((await world.get('/metrics', { headers })).text).not.toMatch(/renewal_failures_total\{/);
    expect(world.logLines.join('')).toContain('"isComponentRefused":true');
  });

  it('leaves calls to the ticket of pages, however its own fail', async () => {
    await world.close();
    // The least that may be set: two calls an hour, one of them for the start.
    world = await createWorld({ env: { TICKET_CALLS_PER_HOUR: '2' } });
    expect((await component()).body.code).toBe('TICKET_UNAVAILABLE');
    for (let minutes = 0; minutes < 8 * 60; minutes += 5) {
      await component();
      expect((await world.config()).status).toBe(200);
      await world.advance(5 * MINUTE);
    }
  });

  it('heals a ticket that died, at a page’s report', async () => {
    const { body } = await component();
    world.sandbox.revokeTickets(APP_ID);
    const report = JSON.stringify({ ...body, errorCode: 333442 });
    const reported = world.get('/report', { method: 'POST', body: report });
    await world.settle();
    await reported;
    expect(verify((await component()).body, { kind: 'component' })).toBe(0);
  });

  it('is the only kind, and holds to the allowed origins', async () => {
    const path = `/config?kind=page&url=${encodeURIComponent(PAGE)}`;
    expect((await world.get(path)).status).toBe(404);
    expect((await component('https://evil.example.com/')).body.code).toBe('URL_NOT_ALLOWED');
  });
});

describe('signForUser', () => {
  const signer = () => world.service.apps.find(APP_ID);
  const signFor = (openId: string) => signer().signForUser(PAGE, world.sandbox.userToken(APP_ID, openId));

  it('signs with the user’s own ticket, which no other user’s client accepts', async () => {
    const [one, two] = [await signFor('ou_1'), await signFor('ou_2')];
    expect(one.url).toBe('https://h5.example.com/orders');
    expect(verify(one, { kind: 'component', openId: 'ou_2' })).toBe(333450);
    expect(verify(one, { kind: 'component' })).toBe(333450);
    expect(verify(one, { kind: 'component', openId: 'ou_1' })).toBe(0);
    expect(verify(two, { kind: 'component', openId: 'ou_2' })).toBe(0);
  });

  it('asks the platform once for a user while the ticket lives, and again after it', async () => {
    const before = world.sandbox.counters.calls('ticket', APP_ID);
    await Promise.all(Array.from({ length: 20 }, () => signFor('ou_1')));
    await signFor('ou_1');
    expect(world.sandbox.counters.calls('ticket', APP_ID)).toBe(before + 1);
    await world.advance(2 * HOUR);
    const after = world.sandbox.counters.calls('ticket', APP_ID);
    const [signed] = await Promise.all(Array.from({ length: 20 }, () => signFor('ou_1')));
    expect(verify(signed!, { kind: 'component', openId: 'ou_1' })).toBe(0);
    expect(world.sandbox.counters.calls('ticket', APP_ID)).toBe(after + 1);
  });

  it('refuses a token the platform refuses, pages of others, and what cannot be a token', async () => {
    const sign = (pageUrl: string, token: string) => signer().signForUser(pageUrl, token);
    await expect(sign(PAGE, 'u-none')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(sign(PAGE, 'two words')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(sign('https://evil.example.com/', 'u-none')).rejects.toMatchObject({
      code: 'URL_NOT_ALLOWED',
    });
    const token = world.sandbox.userToken(APP_ID, 'ou_1');
    await sign(PAGE, token);
    const lines = world.logLines.join('');
    for (const secret of [token, ...world.sandbox.issuedTickets(APP_ID)]) expect(lines).not.toContain(secret);
  });

  it.each([99991663, 99991668, 99991677, 20013, 9499, 10003])(
    'asks the user to sign in again at code %i, and the platform at the next try',
    async (code) => {
      world.sandbox.addFault({
        endpoint: 'ticket',
        kind: 'code',
        code,
        msg: 'invalid token',
        status: 400,
        times: 1,
      });
      await expect(signFor('ou_1')).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        status: 401,
        message: expect.stringContaining('Sign the user in again') as string,
      });
      expect(verify(await signFor('ou_1'), { kind: 'component', openId: 'ou_1' })).toBe(0);
    },
  );

  it.each([99991676, 99991679, 99991672])('names the missing scope at code %i', async (code) => {
    world.sandbox.addFault({ endpoint: 'ticket', kind: 'code', code, msg: 'no permission', status: 400 });
    await expect(signFor('ou_1')).rejects.toMatchObject({
      code: 'APP_MISCONFIGURED',
      message: expect.stringMatching(/permission scope/) as string,
    });
  });

  it('stays under the ceiling of the app, whatever the users ask', async () => {
    const asked = Array.from({ length: 40 }, (_, index) => signFor(`ou_${index}`));
    const results = await Promise.allSettled(asked);
    // 60 an hour: a fifth at once, one of them for the ticket of the pages, six kept for its renewals.
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(world.sandbox.counters.calls('ticket', APP_ID)).toBe(6);
    const [refused] = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused?.reason).toMatchObject({ code: 'TICKET_UNAVAILABLE' });
  });
});
