// The limit of requests per client: its window, what it counts a client under, and its bounded memory.
import { loadConfig } from '../../../src/config/config';
import { createConfigEndpoint } from '../../../src/http/config-endpoint';
import { createRateLimiter } from '../../../src/limits/rate-limiter';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';

const clock = new FakeClock();
/** Addresses of eight clients. */
const [a, b, c, d] = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] as const;
const [e, f, g, h] = ['192.0.2.5', '192.0.2.6', '192.0.2.7', '192.0.2.8'] as const;

const overIn = (requestsPerMinute: number, requests: number, client = '192.0.2.1'): number => {
  const limiter = createRateLimiter({ requestsPerMinute, clock });
  return Array.from({ length: requests }, () => limiter.take(client)).filter(({ isOver }) => isOver).length;
};

test('exactly as many requests pass as are allowed', () => {
  expect(overIn(100, 100)).toBe(0);
  expect(overIn(100, 107)).toBe(7);
});

test('the window begins with the first request, ends a minute later, and the headers count down', async () => {
  const limiter = createRateLimiter({ requestsPerMinute: 2, clock });
  expect(limiter.take(a).headers).toEqual([
    ...['RateLimit-Policy', '"default";q=2;w=60'],
    ...['RateLimit', '"default";r=1;t=60'],
  ]);
  await clock.advance(59_100);
  const last = limiter.take(a);
  expect(last.isOver).toBe(false);
  expect(last.headers).toContain('"default";r=0;t=1');
  expect(limiter.take(a)).toMatchObject({ isOver: true, resetSeconds: 1 });
  expect(limiter.take(b)).toMatchObject({ isOver: false });
  await clock.advance(899);
  expect(limiter.take(a).isOver).toBe(true);
  await clock.advance(1);
  const first = limiter.take(a);
  expect(first.isOver).toBe(false);
  expect(first.headers).toContain('"default";r=1;t=60');
});

test('a thousand requests a second from one address, for a minute, stay within the default of the service', async () => {
  const { rateLimit } = loadConfig(
    { LARK_APP_ID: 'cli_one', LARK_APP_SECRET: 's', ALLOWED_ORIGINS: 'https://h5.example.com' },
    String,
  );
  const endpoint = createConfigEndpoint({
    apps: new FakeSigningApps(new FakeSigningApp()),
    newRequestId: () => 'id',
    limiter: createRateLimiter({ requestsPerMinute: rateLimit, clock }),
  });
  const query = `url=${encodeURIComponent('https://h5.example.com/')}`;
  const statuses = new Map<number, number>();
  for (let second = 0; second < 60; second += 1) {
    for (let request = 0; request < 1_000; request += 1) {
      const reply = endpoint({ method: 'GET', query, headers: {}, client: '192.0.2.1' });
      const status = 'then' in reply ? 0 : reply.status;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    if (second < 59) await clock.advance(1_000);
  }
  expect([...statuses]).toEqual([[200, 60_000]]);
  // That was all of it.
  expect(endpoint({ method: 'GET', query, headers: {}, client: '192.0.2.1' })).toMatchObject({
    status: 429,
  });
  expect(endpoint({ method: 'GET', query, headers: {}, client: '192.0.2.2' })).toMatchObject({
    status: 200,
  });
});

test('clients beyond the bound push out the oldest, and those in use are still counted', () => {
  const limiter = createRateLimiter({ requestsPerMinute: 1, clock, maxClients: 3 });
  for (const client of [a, b, c]) limiter.take(client);
  limiter.take(d);
  expect(limiter.take(b).isOver).toBe(true);
  expect(limiter.take(c).isOver).toBe(true);
  // Forgotten, and counted anew, in the place of b.
  expect(limiter.take(a).isOver).toBe(false);
  expect(limiter.take(b).isOver).toBe(false);
});

test('windows that have ended give their memory back as others open', async () => {
  const limiter = createRateLimiter({ requestsPerMinute: 1, clock, maxClients: 4 });
  for (const client of [a, b, c, d]) limiter.take(client);
  await clock.advance(60_000);
  // Two of the four go with each of these, so that none in use is pushed out.
  for (const client of [e, f, g, h]) limiter.take(client);
  for (const client of [e, f, g, h]) expect(limiter.take(client).isOver).toBe(true);
});
