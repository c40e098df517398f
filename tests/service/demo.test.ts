// The demo as a newcomer meets it: the page first, everything open, and a signature for the page that the client accepts.
import { systemClock } from '../../src/base/clock';
import { runDemo, type Demo } from '../../src/cli/demo';
import { askAs } from '../support/ask-as';

let demo: Demo;
const printed: string[] = [];

beforeEach(async () => {
  printed.length = 0;
  demo = await runDemo({
    port: 0,
    settings: { LOG_LEVEL: 'silent', BASE_PATH: '/lark', SHUTDOWN_GRACE_MS: '0' },
    clock: systemClock,
    print: (line) => void printed.push(line),
  });
});
afterEach(() => demo.close());

test('the address of the page is printed before any other, and leads to it', async () => {
  const [address] = /http:\S+/.exec(printed.join('\n')) ?? [];
  expect(address).toBe(`${demo.baseUrl}/`);
  const page = await fetch(address!);
  expect({ status: page.status, type: page.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
  });
});

test('the operator’s view is open', async () => {
  const reply = await fetch(`${demo.baseUrl}/admin/apps`);
  expect(reply.status).toBe(200);
});

test('the SDK is the stand-in of the simulated platform, which the page may load and talk to', async () => {
  const redirect = await fetch(`${demo.baseUrl}/h5-sdk.js?try=0`, { redirect: 'manual' });
  expect(redirect.headers.get('location')).toBe(`${demo.platform.url}/sandbox/h5-sdk.js`);
  const policy = redirect.headers.get('content-security-policy');
  for (const directive of ['script-src', 'connect-src'])
    expect(policy).toMatch(new RegExp(`${directive} [^;]*${demo.platform.url}[;\\s]`));
  expect((await fetch(redirect.headers.get('location')!)).status).toBe(200);
});

test.each(['127.0.0.1', 'localhost'])('the client accepts a signature for the page at %s', async (name) => {
  const pageUrl = `${demo.baseUrl.replace('127.0.0.1', name)}/`;
  const reply = await fetch(`${demo.baseUrl}/config?url=${encodeURIComponent(pageUrl)}`);
  const config = (await reply.json()) as Parameters<typeof demo.platform.sandbox.verify>[0];
  expect(reply.status).toBe(200);
  expect(demo.platform.sandbox.verify({ ...config, url: pageUrl })).toMatchObject({ errCode: 0 });
});

test.each(['/', '/admin/apps', '/config?url=https%3A%2F%2Fh5.example.com%2F', '/healthz', '/nothing'])(
  'a page whose name was made to lead here gets nothing at %s',
  async (path) => {
    const port = Number(new URL(demo.baseUrl).port);
    const reply = await askAs(port, `GET /lark${path}`, { Host: `rebound.attacker.example:${port}` });
    expect(JSON.parse(reply.text)).toMatchObject({
      status: 403,
      code: 'ORIGIN_NOT_ALLOWED',
      requestId: reply.headers['x-request-id'],
      detail: expect.stringContaining('open the address that was printed'),
    });
    expect((await askAs(port, `GET /lark${path}`, { Host: `localhost:${port}` })).status).not.toBe(403);
  },
);
