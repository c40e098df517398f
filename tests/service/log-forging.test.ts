// Line breaks and control characters in whatever comes from outside: the log keeps one line a happening.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createWorld, MINUTE, type World } from '../support/world';

let world: World;
afterEach(() => world.close());

/** Breaks lines, or is taken for it by some reader: CR, LF, NEL, line and paragraph separators; and a forged entry. */
const FORGED = '\r\n{"level":"fatal","msg":"forged"}\n\u0085\u2028\u2029\u001b[31m\u0000\u009b';

/** Sends bytes as they are and waits for the end of the connection. */
async function say(message: string, encoding: 'utf8' | 'latin1'): Promise<void> {
  const { hostname, port } = new URL(world.baseUrl);
  const socket = connect(Number(port), hostname).on('error', () => {});
  socket.resume().end(Buffer.from(message, encoding));
  await once(socket, 'close');
}

function expectWholeLines(): void {
  expect(world.logLines.length).toBeGreaterThan(5);
  for (const line of world.logLines) {
    expect(line.endsWith('}\n')).toBe(true);
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(JSON.parse(line)).not.toMatchObject({ msg: 'forged' });
  }
}

test('no request can write a line of its own', async () => {
  world = await createWorld({ env: { TRUST_PROXY: '1' } });
  const encoded = encodeURIComponent(FORGED);
  const raw = FORGED.replaceAll('\r\n', '\r').replaceAll('\n', '\r');
  const targets = [
    `/config?url=${encodeURIComponent('https://h5.example.com/')}${encoded}`,
    `/config?app=${encoded}&url=https%3A%2F%2Fh5.example.com%2F`,
    `/config?shape=${encoded}&url=https%3A%2F%2Fh5.example.com%2F`,
    `/${encoded}`,
    `/x${raw}`,
    `/readyz?app=${encoded}`,
    '/\u0085\u2028/x',
  ];
  for (const target of targets) await say(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, 'utf8');
  const url = '/config?url=https%3A%2F%2Fh5.example.com%2F';
  for (const name of ['X-Request-Id', 'Origin', 'X-Forwarded-For', 'User-Agent', 'Referer', 'X-Other']) {
    await say(`GET ${url} HTTP/1.1\r\nHost: x\r\n${name}: a\u0085b\u009bc\r\n\r\n`, 'latin1');
    await say(`GET ${url} HTTP/1.1\r\nHost: x\r\n${name}: a\u2028b\u001b\r\n\r\n`, 'utf8');
    await say(`GET ${url} HTTP/1.1\r\nHost: x\r\n${name}: ${raw}\r\n\r\n`, 'utf8');
  }
  await say(`GET${raw} / HTTP/1.1\r\n\r\n`, 'utf8');
  expectWholeLines();
});

test('no answer of the platform can', async () => {
  world = await createWorld({ cold: true, sandbox: {} });
  world.sandbox.addFault({ kind: 'code', code: 1500, msg: `internal ${FORGED}` });
  await world.advance(3 * MINUTE);
  expect((await world.config()).status).toBe(503);
  expect(world.logLines.some((line) => line.includes('internal'))).toBe(true);
  expectWholeLines();
});
