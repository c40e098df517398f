// Events of the simulated platform leave this machine by no address, no name and no redirect.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetch } from 'undici';
import { createLoopbackAgent, requireLoopbackUrl } from '../../../src/sandbox/loopback';
import { APP, startSandbox } from './start-sandbox';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each([
  'http://127.0.0.1:3000/events/shop',
  'http://127.8.9.10/',
  'http://127.1:3000/',
  'http://localhost:3000/events/shop',
  'https://LOCALHOST/x',
  'http://[::1]:3000/',
])('%s is this machine', (url) => {
  expect(() => requireLoopbackUrl(url)).not.toThrow();
});

test.each([
  'http://10.0.0.7/',
  'http://0.0.0.0:3000/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:10.0.0.7]/',
  'http://127.0.0.1.attacker.example/',
  'http://127.0.0.1@attacker.example/',
  'http://localhost.attacker.example/',
  'http://localtest.me/', // resolves to 127.0.0.1 today
  'http://signer:3000/events/shop',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  '127.0.0.1:3000',
  '',
])('%p is not', (url) => {
  expect(() => requireLoopbackUrl(url)).toThrow(
    /this machine only: write an address as http:\/\/127\.0\.0\.1/,
  );
});

test('a control call that names another machine is refused with what to write', async () => {
  const started = await startSandbox();
  const app = { ...APP, type: 'store', events: { url: 'http://10.0.0.7:3000/events/shop' } };
  const { status, body } = await started.post('/sandbox/apps', app);
  expect({ status, body }).toEqual({
    status: 400,
    body: { error: expect.stringContaining('this machine only') },
  });
  await started.sandbox.close();
});

test('whatever a resolver would say of a name, the connection is to this machine', async () => {
  const port = await serve((_request, response) => response.end('here'));
  const dispatcher = createLoopbackAgent();
  const reply = await fetch(`http://attacker.example:${port}/`, { dispatcher });
  expect(await reply.text()).toBe('here');
  await dispatcher.destroy();
});

test('a redirect is an answer, and is not followed', async () => {
  const asked: string[] = [];
  const other = await serve((_request, response) => {
    asked.push('other');
    response.end('{}');
  });
  const port = await serve((_request, response) => {
    asked.push('first');
    response.writeHead(307, { Location: `http://127.0.0.1:${other}/` }).end();
  });
  const started = await startSandbox();
  const app = { ...APP, type: 'store', events: { url: `http://127.0.0.1:${port}/events/shop` } };
  await started.post('/sandbox/apps', app);
  await started.sandbox.pushAppTicket(APP.appId);
  expect(started.sandbox.deliveries.at(-1)).toMatchObject({ status: 307 });
  expect(asked).not.toContain('other');
  await started.sandbox.close();
});
