// One ticket through its life: the service against the simulated platform, over real HTTP, on a clock that is moved.
import { createWorld, APP_ID, HOUR, MINUTE, SECOND, type World, type WorldOptions } from '../support/world';

let world: World;
const open = async (options?: WorldOptions): Promise<World> => (world = await createWorld(options));
afterEach(() => world.close());

const ticketCalls = (): number => world.sandbox.counters.calls('ticket');
const tokenCalls = (): number => world.sandbox.counters.calls('token');
const fingerprintLog = (): string => world.logLines.join('');

/** The platform's word on a signature the service has just made. */
async function verdict(): Promise<number> {
  const { status, body } = await world.config();
  expect(status).toBe(200);
  return world.sandbox.verify(body).errCode;
}

test('a signature passes the platform’s check', async () => {
  await open();
  expect(await verdict()).toBe(0);
});

test('1,000 requests at once on a cold start make one token call and one ticket call, and all are answered', async () => {
  await open({ cold: true, sandbox: { latencyMs: 100 } });
  const replies = Promise.all(Array.from({ length: 1_000 }, () => world.config()));
  await world.advance(200);
  const statuses = (await replies).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
  expect({ token: tokenCalls(), ticket: ticketCalls() }).toEqual({ token: 1, ticket: 1 });
});

test('the ticket is renewed just inside its last 30 minutes, and no request waits for that', async () => {
  await open();
  await world.advance(90 * MINUTE + 5 * SECOND);
  expect(ticketCalls()).toBe(1);
  // The renewal is under way and the platform does not answer: requests get the ticket that is there.
  world.sandbox.addFault({ kind: 'slow', delayMs: 4_000 });
  // With the jitter at its middle the window opens 30 s later.
  await world.advance(31 * SECOND);
  expect(ticketCalls()).toBe(2);
  expect(world.signer.ticketState).toMatchObject({ zone: 'renewing', loading: true });
  expect(await verdict()).toBe(0);
  await world.advance(4 * SECOND);
  expect(world.signer.ticketState.zone).toBe('fresh');
  expect(await verdict()).toBe(0);
  expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(2);
});

test('the same ticket returned with its full life again does not live longer for it', async () => {
  await open();
  // The platform's clock goes back 3 minutes, so inside our window it still sees over 30 and repeats the ticket.
  world.sandbox.moveClock(-3 * MINUTE);
  const endsInMs = world.signer.ticketState.usableForMs!;
  world.sandbox.addFault({ kind: 'stale-expiry' });
  await world.advance(92 * MINUTE);
  expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(1);
  expect(ticketCalls()).toBeGreaterThan(1);
  expect(world.signer.ticketState.usableForMs).toBe(endsInMs - 92 * MINUTE);
  await world.advance(10 * MINUTE);
  expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(2);
  expect(await verdict()).toBe(0);
});

describe('with the platform down from minute 89', () => {
  /** Runs the outage with so many requests a minute; gives the calls upstream with their times. */
  async function outage(requestsAMinute: number): Promise<number[]> {
    await open();
    await world.advance(89 * MINUTE);
    world.sandbox.addFault({ kind: 'http-error' });
    world.sandbox.counters.reset();
    for (let minute = 89; minute < 119; minute += 1) {
      for (let n = 0; n < requestsAMinute; n += 1) expect((await world.config()).status).toBe(200);
      await world.advance(MINUTE);
    }
    // Minute 119:49: the margin of 10 s has not begun.
    await world.advance(49 * SECOND);
    expect((await world.config()).status).toBe(200);
    await world.advance(2 * SECOND);
    for (let minute = 120; minute < 125; minute += 1) {
      for (let n = 0; n < requestsAMinute + 1; n += 1) {
        const { status, headers, body } = await world.config();
        expect(status).toBe(503);
        expect(body.code).toBe('TICKET_UNAVAILABLE');
        const retryAfterSeconds = Number(headers.get('retry-after'));
        expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(retryAfterSeconds).toBeLessThanOrEqual(60);
      }
      await world.advance(MINUTE);
    }
    return world.sandbox.counters.list.map(({ atMs }) => atMs);
  }

  test('it serves to the end of the ticket less the margin; then 503, and calls follow the back-off, not the requests', async () => {
    const quiet = await outage(0);
    await world.close();
    const busy = await outage(20);
    const gaps = (times: number[]): number[] =>
      times.slice(1).map((atMs, i) => Math.round((atMs - times[i]!) / SECOND));
    expect(gaps(busy)).toEqual(gaps(quiet));
    // With jitter at its middle: half of 1, 2, 4, 8, 16, 32 and then 60 s; a token call each, no ticket call.
    expect(gaps(quiet).slice(0, 8)).toEqual([1, 1, 2, 4, 8, 16, 30, 30]);
  });

  test('it heals by itself once the platform is back', async () => {
    await outage(0);
    world.sandbox.clearFaults();
    await world.advance(MINUTE);
    expect(await verdict()).toBe(0);
  });
});

test('a rate limit is waited out for as long as the platform says', async () => {
  await open({ cold: true });
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'rate-limit', resetSeconds: 90, times: 1 });
  await world.settle();
  const refused = await world.config();
  expect(refused.status).toBe(503);
  expect(refused.body).toMatchObject({ code: 'TICKET_UNAVAILABLE' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(90);
  await world.advance(90 * SECOND);
  expect(ticketCalls()).toBe(1);
  await world.advance(1 * SECOND);
  expect(ticketCalls()).toBe(2);
  expect(await verdict()).toBe(0);
});

test('a used-up monthly quota is not asked again soon', async () => {
  await open({ cold: true });
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'quota' });
  await world.settle();
  await world.advance(59 * MINUTE);
  expect(ticketCalls()).toBe(1);
});

test('HTTP 200 with a failure code is a failure: readiness stays 503, and the reply says what to check', async () => {
  await open({ env: { LARK_APP_SECRET: 'another-secret' } });
  const { status, body } = await world.config();
  expect(status).toBe(503);
  expect(body).toMatchObject({ code: 'APP_MISCONFIGURED' });
  expect(body.detail).toContain('10014');
  expect(body.detail).toContain('LARK_APP_SECRET');
  expect((await world.get('/readyz')).status).toBe(503);
  expect((await world.get('/healthz')).status).toBe(200);
});

test('readiness comes with the first ticket and outlives an outage', async () => {
  await open({ cold: true, sandbox: { latencyMs: 50 } });
  expect((await world.get('/readyz')).status).toBe(503);
  await world.advance(100);
  expect((await world.get('/readyz')).status).toBe(200);
  world.sandbox.addFault({ kind: 'reset' });
  await world.advance(3 * HOUR);
  expect((await world.get('/readyz')).status).toBe(200);
  expect((await world.get(`/readyz?app=${APP_ID}`)).status).toBe(503);
});

test('a token the platform refuses is exchanged for a new one, once', async () => {
  await open();
  await world.advance(30 * MINUTE);
  world.sandbox.revokeTokens(APP_ID);
  await world.advance(61 * MINUTE);
  const answers = world.sandbox.counters.list.map(({ endpoint, code }) => `${endpoint} ${code}`);
  expect(answers).toEqual(['token 0', 'ticket 0', 'ticket 99991663', 'token 0', 'ticket 0']);
  expect(await verdict()).toBe(0);
});

test('a token that is refused again and again does not make a loop', async () => {
  await open({ cold: true });
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'token-invalid' });
  await world.advance(HOUR);
  // Two ticket calls an attempt, under the ceiling of 60 an hour.
  expect(ticketCalls()).toBeLessThanOrEqual(60);
  expect((await world.config()).body.code).toBe('TICKET_UNAVAILABLE');
});

test('an hour of outage at the ticket endpoint stays under the ceiling and does not delay the recovery by over 75 s', async () => {
  await open({ cold: true });
  world.sandbox.addFault({ endpoint: 'ticket', kind: 'code', code: 1500 });
  await world.advance(HOUR);
  expect(ticketCalls()).toBeLessThanOrEqual(60);
  world.sandbox.clearFaults();
  await world.advance(76 * SECOND);
  expect(await verdict()).toBe(0);
});

test('a day costs 16 ticket calls and 8 token calls', async () => {
  await open();
  for (let hour = 0; hour < 24; hour += 1) {
    await world.advance(HOUR - SECOND);
    expect(await verdict()).toBe(0);
    await world.advance(SECOND);
  }
  expect({ ticket: ticketCalls(), token: tokenCalls() }).toEqual({ ticket: 16, token: 8 });
});

describe('a clock that is wrong', () => {
  const offMs = (timestamp: number): number => Math.abs(timestamp - world.sandbox.nowMs());

  test.each([-15, 15])('by %d minutes is corrected from the first signature on', async (minutes) => {
    await open({ clockErrorMs: minutes * MINUTE });
    const { body } = await world.config();
    expect(offMs(body.timestamp)).toBeLessThanOrEqual(SECOND);
    expect(world.sandbox.verify(body).errCode).toBe(0);
    expect(fingerprintLog()).toContain("this machine's clock differs from the platform's");
  });

  test('and is repaired while running: timestamps are right before and after', async () => {
    await open({ clockErrorMs: 15 * MINUTE });
    world.clock.setWallBack(15 * MINUTE);
    world.sandbox.moveClock(15 * MINUTE);
    expect(offMs((await world.config()).body.timestamp)).toBeLessThanOrEqual(SECOND);
    await world.advance(MINUTE);
    expect(offMs((await world.config()).body.timestamp)).toBeLessThanOrEqual(SECOND);
    expect(await verdict()).toBe(0);
    // The jump cost a look at the platform's clock and one ticket call that brought the same ticket.
    expect(ticketCalls()).toBeLessThanOrEqual(2);
    expect(world.sandbox.issuedTickets(APP_ID)).toHaveLength(1);
  });

  test('is left alone with CLOCK_CORRECTION=off', async () => {
    await open({ clockErrorMs: 15 * MINUTE, env: { CLOCK_CORRECTION: 'off' } });
    expect(offMs((await world.config()).body.timestamp)).toBe(15 * MINUTE);
  });
});
