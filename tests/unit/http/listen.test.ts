// An address that cannot be had: the setting is named, and what to write instead.
import { createServer, type Server } from 'node:net';
import { explainListenFailure, listen, ListenError } from '../../../src/http/listen';

const servers: Server[] = [];
const open = (): Server => {
  const server = createServer();
  servers.push(server);
  return server;
};
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const VARIABLES = { port: 'PORT', host: 'HOST' };
/** What Node says when an address cannot be had. */
const failure = (fields: object): Error => Object.assign(new Error('listen'), fields);
const explain = (fields: object, settings = VARIABLES): string =>
  (explainListenFailure(failure(fields), settings) as Error).message;

test('a free address is returned', async () => {
  const { host, port } = await listen(open(), { port: 0, host: '127.0.0.1' }, VARIABLES);
  expect({ host, isPort: port > 0 }).toEqual({ host: '127.0.0.1', isPort: true });
});

test('a port in use is reported with the setting and another port', async () => {
  const { port } = await listen(open(), { port: 0, host: '127.0.0.1' }, VARIABLES);
  const again = listen(open(), { port, host: '127.0.0.1' }, { port: 'ADMIN_PORT', host: 'HOST' });
  await expect(again).rejects.toThrow(ListenError);
  await expect(again).rejects.toThrow(
    `ADMIN_PORT: port ${port} is in use. Stop the program that listens there, or choose another port: ADMIN_PORT=${port + 1}, or 0 for any free port.`,
  );
});

test('an address of another machine is reported with the setting', async () => {
  // 192.0.2.0/24 is for documents: no machine has an address of it.
  await expect(listen(open(), { port: 0, host: '192.0.2.1' }, VARIABLES)).rejects.toThrow(
    'HOST: 192.0.2.1 is not an address of this machine.',
  );
});

test.each([
  [
    { code: 'EACCES', port: 80 },
    'PORT: no permission to listen at port 80. Choose a port from 1024 on, PORT=3000,',
  ],
  [{ code: 'EAFNOSUPPORT', address: '::1' }, 'HOST: this machine does not support addresses such as ::1.'],
  [{ code: 'ENOTFOUND', hostname: 'signer' }, 'HOST: the name signer cannot be resolved (ENOTFOUND).'],
  [{ code: 'EAI_AGAIN', hostname: 'signer' }, 'HOST: the name signer cannot be resolved (EAI_AGAIN).'],
  // The last port has no next.
  [{ code: 'EADDRINUSE', port: 65_535 }, 'PORT=3000'],
])('%j is reported as %s', (fields, message) => {
  expect(explain(fields)).toContain(message);
});

test('who gave the port as an option reads of the option', () => {
  const inUse = explainListenFailure(failure({ code: 'EADDRINUSE', port: 3000 }), VARIABLES);
  expect((explainListenFailure(inUse, { port: '--port' }) as Error).message).toContain(
    '--port: port 3000 is in use. Stop the program that listens there, or choose another port: --port 3001,',
  );
});

test('any other failure stays what it is', () => {
  for (const other of [new Error('else'), failure({ code: 'EMFILE' }), 'text'])
    expect(explainListenFailure(other, VARIABLES)).toBe(other);
});
