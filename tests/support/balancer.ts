// A small balancer: round robin over kept connections, and it learns who is ready by asking, as late as it asks.
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  readonly url: string;
  /** Asked from its next round on, and used once it says that it is ready. */
  add(port: number): void;
  /** Ports that are used now. */
  inUse(): readonly number[];
  close(): Promise<void>;
}

/** A balancer that asks every `probeEveryMs` at `/readyz`. What a backend fails is answered with 502, and not tried again. */
export async function startBalancer({ probeEveryMs }: { probeEveryMs: number }): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ports = new Set<number>();
  let ready: number[] = [];
  let turn = 0;

  const isReady = (port: number): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } }).then(
      ({ status }) => status === 200,
      () => false,
    );
  async function probe(): Promise<void> {
    const asked = await Promise.all([...ports].map(async (port) => ({ port, is: await isReady(port) })));
    ready = asked.filter(({ is }) => is).map(({ port }) => port);
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const fail = (): void => void outgoing.writeHead(502).end();
    const port = ready[(turn += 1) % Math.max(1, ready.length)];
    if (port === undefined) {
      fail();
      return;
    }
    const { method, url: path, headers } = incoming;
    const call = request({ agent, host: '127.0.0.1', port, method, path, headers }, (reply) => {
      // How long the backend keeps its connection is not the client's affair.
      const { statusCode = 502, headers } = reply;
      outgoing.writeHead(statusCode, { ...headers, connection: 'keep-alive' });
      reply.pipe(outgoing);
    });
    call.on('error', fail);
    incoming.pipe(call);
  }

  const server = createServer(forward).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const probing = setInterval(() => void probe(), probeEveryMs);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (port) => void ports.add(port),
    inUse: () => ready,
    async close() {
      clearInterval(probing);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
