// deploy/nginx.conf in a real nginx: scripts are compressed, and neither of its logs holds the query of a request, least of all of one that nginx refuses itself.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/needs-program';
import { startNginx } from '../support/start-nginx';

const QUERY = 'code=an-oauth-code';
const HOST = 'Host: h5.example.com\r\n';
/** Longer than any of its buffers. */
const LONG = 'a'.repeat(50_000);

/** Status, and the bytes that end so. */
const REFUSED: readonly [string, string][] = [
  ['414', `GET /lark/config?${QUERY}&x=${LONG} HTTP/1.1\r\n${HOST}\r\n`],
  ['400', `GET /lark/config?${QUERY} HTTP/1.1\r\n${HOST}X-Long: ${LONG}\r\n\r\n`],
  ['400', `GET /lark/config?${QUERY} HTTP/1.1\r\n${HOST}Bad\x01Header: 1\r\n\r\n`],
  ['400', `GET /lark/config?${QUERY} HTTP/1.1\r\n\r\n`],
  ['400', `GET /lark/config?${QUERY} and more HTTP/1.1\r\n${HOST}\r\n`],
  ['400', `GET http://h5.example.com/../../lark/config?${QUERY} HTTP/1.1\r\n${HOST}\r\n`],
  ['400', `POST /lark/config?${QUERY} HTTP/1.1\r\n${HOST}Content-Length: x\r\n\r\n`],
  ['505', `GET /lark/config?${QUERY} HTTP/9\r\n${HOST}\r\n`],
  ['501', `POST /lark/config?${QUERY} HTTP/1.1\r\n${HOST}Transfer-Encoding: x\r\n\r\n`],
  ['405', `TRACE /lark/config?${QUERY} HTTP/1.1\r\n${HOST}\r\n`],
  ['413', `POST /lark/config?${QUERY} HTTP/1.1\r\n${HOST}Content-Length: 900000\r\n\r\n`],
  ['413', `POST /page?${QUERY} HTTP/1.1\r\n${HOST}Content-Length: 9000000\r\n\r\n`],
  ['404', `GET /page?${QUERY} HTTP/1.1\r\n${HOST}\r\n`],
  // The service is not there.
  ['502', `GET /lark/config?${QUERY} HTTP/1.1\r\n${HOST}\r\n`],
  ['502', `GET /lark/config%3F${QUERY} HTTP/1.1\r\n${HOST}\r\n`],
  ['502', `GET /lark/config HTTP/1.1\r\n${HOST}Referer: https://h5.example.com/?${QUERY}\r\n\r\n`],
];

/** What nginx answers as the service does, for pages that read JSON. */
const AS_JSON = ['400', '413', '414', '502'];

describeWith('nginx', 'nginx as deploy/nginx.conf sets it up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-log-'));
  const socket = join(folder, 'listen.sock');
  let nginx: ChildProcess;

  beforeAll(async () => {
    ({ nginx } = await startNginx(folder, ['nothing.sock']));
  });

  afterAll(() => {
    nginx.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Requests of the test below, which are logged as well. */
  let served = 0;
  test('compresses scripts and pages of the service, and no signature', async () => {
    const signer = createServer(({ url = '' }, response) => {
      response.setHeader('Content-Type', `${url.slice('/lark/'.length)}; charset=utf-8`);
      response.setHeader('ETag', '"a"');
      response.end('a'.repeat(1_000));
    }).listen(join(folder, 'nothing.sock'));
    await once(signer, 'listening');
    const encodings: Record<string, unknown> = {};
    for (const type of ['text/javascript', 'text/html', 'text/css', 'application/json']) {
      const request = `GET /lark/${type} HTTP/1.1\r\n${HOST}Accept-Encoding: br, gzip\r\nVia: 1.1 other\r\n\r\n`;
      encodings[type] = /^Content-Encoding: (.*)\r$/im.exec(await replyTo(socket, request))?.[1];
      served++;
    }
    signer.close();
    signer.closeAllConnections();
    expect(encodings).toEqual({ 'text/javascript': 'gzip', 'text/html': 'gzip', 'text/css': 'gzip' });
  });

  test('logs requests that it refuses without their query', async () => {
    for (const [status, bytes] of REFUSED) {
      const reply = await replyTo(socket, bytes);
      expect(/^HTTP\/1\.1 (\d+)/.exec(reply)?.[1]).toBe(status);
      if (!AS_JSON.includes(status)) continue;
      const [head = '', body = ''] = reply.split('\r\n\r\n');
      expect(head).toMatch(/Content-Type: application\/problem\+json/i);
      expect(JSON.parse(body)).toMatchObject({ status: Number(status), code: 'GATEWAY' });
    }
    nginx.kill('SIGQUIT');
    await once(nginx, 'exit');

    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    const lines = logs.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
    expect(lines.filter((line) => line.includes(QUERY))).toEqual([]);
    const own = readFileSync(join(folder, 'lark-jsapi-signer.log'), 'utf8').trim().split('\n');
    expect(own).toHaveLength(REFUSED.length + served);
    expect(own.filter((line) => line.includes('"GET /lark/config HTTP/1.1" 502'))).toHaveLength(3);
  });
});

/** The reply's first bytes, which hold a short one in full; then the connection is closed. */
async function replyTo(socketPath: string, bytes: string): Promise<string> {
  const connection = connect(socketPath);
  connection.write(bytes);
  const [reply] = (await once(connection, 'data')) as [Buffer];
  connection.destroy();
  return reply.toString();
}
