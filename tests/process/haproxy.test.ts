// deploy/haproxy.cfg in a real HAProxy: a request as large as the service reads passes, scripts are compressed, what it refuses for a service that is gone is JSON, and its log holds no query.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/needs-program';
import { waitUntil } from '../support/wait-until';

const CONFIGURATION = readFileSync(join(__dirname, '../../deploy/haproxy.cfg'), 'utf8');
/** What the service reads at most, see src/http/header-limits.ts. */
const HEADER_BYTES = 48 * 1024;
const CODE = 'an-oauth-code';

interface Reply {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

describeWith('haproxy', 'HAProxy as deploy/haproxy.cfg sets it up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const backend = join(folder, 'signer.sock');
  let signer: Server;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    signer = createServer({ maxHeaderSize: 2 * HEADER_BYTES }, ({ url = '' }, response) => {
      if (url.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.setHeader('ETag', '"a"');
      response.end(String(url.length));
    }).listen(backend);
    await once(signer, 'listening');
  });
  afterAll(() => {
    signer.close();
    for (const process of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Starts HAProxy; gives what asks it, and its log. */
  async function run(configuration: string) {
    const socket = join(folder, `listen-${running.length}.sock`);
    const file = join(folder, `haproxy-${running.length}.cfg`);
    writeFileSync(
      file,
      configuration.replace('bind :80', `bind unix@${socket}`).replace('127.0.0.1:3000', `unix@${backend}`),
    );
    const haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(haproxy);
    let log = '';
    haproxy.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await waitUntil('haproxy listens', () => existsSync(socket));
    const ask = (path: string, headers = {}): Promise<Reply> =>
      new Promise((resolve, reject) => {
        get({ socketPath: socket, path, headers, agent: false }, (response) => {
          let text = '';
          response
            .on('data', (chunk: Buffer) => (text += chunk.toString()))
            .on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
        }).on('error', reject);
      });
    return { ask, lines: () => log.trim().split('\n') };
  }

  const pathOf = (bytes: number): string => `/lark/config?url=${CODE}`.padEnd(bytes, 'a');

  test('a request as large as the service reads passes, and does not with the buffers that HAProxy has by itself', async () => {
    // A few headers come with it.
    const path = pathOf(HEADER_BYTES - 1_024);
    const { ask } = await run(CONFIGURATION);
    expect(await ask(path)).toMatchObject({ status: 200, text: String(path.length) });
    const narrow = await run(CONFIGURATION.replace(/^ +tune\.bufsize.*$/m, ''));
    expect((await narrow.ask(pathOf(15_000))).status).toBe(200);
    expect((await narrow.ask(pathOf(16_000))).status).toBe(400);
  });

  test('it compresses scripts and no signature', async () => {
    const { ask } = await run(CONFIGURATION);
    const encodings = [];
    for (const path of ['/lark/lark-jsapi.js', '/lark/config'])
      encodings.push((await ask(path, { 'accept-encoding': 'gzip' })).headers['content-encoding']);
    expect(encodings).toEqual(['gzip', undefined]);
  });

  test('its answer for a service that is gone is JSON, and nothing is logged with its query', async () => {
    const { ask, lines } = await run(CONFIGURATION);
    // Longer than HAProxy reads: it knows no path of it.
    expect((await ask(pathOf(70_000))).status).toBe(400);
    signer.close();
    const { status, headers, text } = await ask(pathOf(200));
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 503,
      type: 'application/problem+json',
    });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(JSON.parse(text)).toMatchObject({ status, code: 'GATEWAY' });
    await waitUntil('logged', () => lines().length === 2);
    expect(lines()[1]).toMatch(/ 503 .* GET \/lark\/config HTTP\/1\.1$/);
    expect(lines().filter((line) => line.includes(CODE))).toEqual([]);
  });
});
