// Clients that reset their connection as soon as they have sent a request: it is still read, and counted and logged as theirs.
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createAccessLog } from '../../src/observability/access-log';
import { createLogger } from '../../src/observability/logger';
import { FakeClock } from '../support/fake-clock';
import { serveApp } from '../support/serve-app';

const PER_MINUTE = 5;
const REQUEST = 'GET /config?url=https%3A%2F%2Fh5.example.com%2F HTTP/1.1\r\nHost: x\r\n\r\n';

test('a client without an address is counted, and logged', async () => {
  const lines: string[] = [];
  const clock = new FakeClock();
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', destination, clock });
  const served = serveApp({ requestsPerMinute: PER_MINUTE, onRequest: createAccessLog(logger) });
  const { server, signing } = served;
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const reset = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(REQUEST, () => socket.resetAndDestroy());
    await once(socket, 'close');
  };
  // At once, so that most are reset before they are accepted.
  await Promise.all(Array.from({ length: 100 }, reset));
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  // Every request that was read before this one's reply has been answered.
  await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { Connection: 'close' } });
  while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve));
  served.close();

  const clients = lines
    .map((line) => JSON.parse(line) as { route?: string; client?: string })
    .filter(({ route }) => route === '/config')
    .map(({ client }) => client);
  const unknown = clients.filter((client) => client !== '127.0.0.1');
  // Were none read, nothing would be said of them.
  expect(unknown.length).toBeGreaterThan(PER_MINUTE);
  expect(new Set(unknown)).toEqual(new Set(['unknown']));
  expect(signing.audiences.filter(({ client }) => client !== '127.0.0.1')).toHaveLength(PER_MINUTE);
});
