// deploy/nginx.conf with several replicas, as docs/operations/fleet.md has it: a replica that ends costs no request.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/needs-program';
import { startNginx } from '../support/start-nginx';

describeWith('nginx', 'nginx with two replicas', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-replicas-'));
  /** Closes each connection on its first request, as a process that closes an idle connection while a request is on its way. */
  const ending = createServer((arriving) => {
    closed++;
    arriving.socket.destroy();
  });
  const running = createServer((_, response) => response.end('signed'));
  let closed = 0;
  let nginx: ChildProcess;
  let socket: string;

  beforeAll(async () => {
    await Promise.all([
      once(ending.listen(join(folder, 'ending.sock')), 'listening'),
      once(running.listen(join(folder, 'running.sock')), 'listening'),
    ]);
    ({ nginx, socket } = await startNginx(folder, ['ending.sock', 'running.sock']));
  });
  afterAll(() => {
    nginx.kill('SIGKILL');
    for (const server of [ending, running]) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true });
  });

  test('sends a POST to the other replica when one closes the connection', async () => {
    // In turns: one of the two meets the replica that ends.
    const statuses = [await post(socket), await post(socket)];
    expect({ statuses, closed }).toEqual({ statuses: [200, 200], closed: 1 });
  });
});

/** The status of a POST of a page URL. */
async function post(socketPath: string): Promise<number | undefined> {
  const headers = { Host: 'h5.example.com', 'Content-Type': 'application/json' };
  const sent = request({ socketPath, path: '/lark/config', method: 'POST', headers });
  sent.end('{"url":"https://h5.example.com/"}');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}
