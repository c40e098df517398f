// Raw bytes at the sockets of running services: requests that are changed a little, so that Node's parser, Express and everything
// behind them meets what no client sends.
import { once } from 'node:events';
import { connect } from 'node:net';
import { lists } from '../differential/page-rules';
import { randomRequest } from '../differential/random-requests';
import type { SeededRandom } from '../seeded-random';
import { startSetUps, type SetUp } from '../differential/set-ups';
import { serialise } from '../differential/wire-request';
import { checkLogLine, checkReply } from './check-reply';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';
import { URL_WORDS } from './page-url-words';

const WORDS = [
  ...URL_WORDS,
  ...[
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    ' HTTP/1.1',
    ' HTTP/1.0',
    ' HTTP/2.0',
    'GET ',
    'POST ',
    'PRI * HTTP/2.0',
    'Host: x\r\n',
    'Host:',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    '0\r\n\r\n',
    'ffffffffff\r\n',
    'Expect: 100-continue\r\n',
    'Connection: upgrade\r\nUpgrade: h2c\r\n',
    'Origin: null\r\n',
  ],
  ...[
    '/events/shop',
    '/report',
    '/admin/apps',
    '/metrics',
    '/readyz?app=',
    '/errors?lang=',
    '/assets/..%2f',
    '/lark-jsapi-',
    '/h5-sdk.js?try=',
    'Authorization: Bearer x\r\n',
    ' ',
    '\t',
    ';',
    '\0',
  ],
];

/** A service that has not said its last word by then hangs. */
const ANSWER_MS = 5_000;

export async function createSocketTarget(): Promise<FuzzTarget> {
  const setUps = await startSetUps();

  async function run(input: Input): Promise<string | undefined> {
    const setUp = setUps.find((each) => nameOf(each) === input['service']) ?? setUps[0]!;
    const { world, facts } = setUp;
    const secrets = [
      ...facts.apps.flatMap(({ appId }) => [...setUp.ticketsOf(appId), ...world.sandbox.issuedTokens(appId)]),
      ...['the-encrypt-key', 'token-of-the-operator', 'the-secret-of-the-world-app', 'secret-of-'],
    ];
    const sent = input['bytes'] ?? '';
    // What the client says itself may come back to it, and be logged: its own X-Request-Id.
    const kept = secrets.filter((secret) => !sent.includes(secret));
    const text = await say(setUp.port, Buffer.from(sent, 'latin1'));
    if (text === undefined) return 'no end of the replies';
    const fault = checkReplies(text, kept, setUp);
    await world.settle();
    const lines = world.logLines.splice(0);
    return (
      fault ??
      lines
        .map((line) => checkLogLine(line, kept))
        .find((each) => each !== undefined && !isQueryOfPath(each, sent))
    );
  }

  return {
    name: 'sockets',
    share: 0.03,
    make: (dice) => make(dice, setUps),
    run,
    async close() {
      for (const { world } of setUps) await world.close();
    },
  };
}

/** Tells the services apart. */
const nameOf = ({ facts }: SetUp): string => `${facts.basePath} ${facts.requestsPerMinute}`;

/** A marker that a change has put where a path or a host stands is no query. */
function isQueryOfPath(fault: string, sent: string): boolean {
  return fault.includes('query') && !/[?&]url=[^ ]*(\?|%3F|&)[^ ]*code(=|%3D)hush/i.test(sent);
}

function checkReplies(text: string, secrets: readonly string[], { facts }: SetUp): string | undefined {
  let rest = text;
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (headEnd < 0 || !status) return `not a reply: ${JSON.stringify(rest.slice(0, 300))}`;
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(': ', 1)[0] ?? '', line.replace(/^[^:]*: /, '')]),
    );
    rest = rest.slice(headEnd + 4);
    // The reply to a HEAD has a length and no body: then the next reply follows, or nothing.
    const length = rest === '' || rest.startsWith('HTTP/1.1 ') ? 0 : Number(headers['Content-Length'] ?? 0);
    if (length > rest.length) return 'a body shorter than its length';
    const body = Buffer.from(rest.slice(0, length), 'latin1').toString();
    rest = rest.slice(length);
    // The document of an operator's endpoint, for holders of the operator's token.
    const fault = status === 100 ? undefined : checkReply({ status, headers, body }, secrets);
    if (fault !== undefined && !(status === 503 && body === '{"ready":false}'))
      return `${fault}: ${statusLine} ${body}`;
    const url = status === 200 ? /"signature":"[^"]*","url":("(?:[^"\\]|\\.)*")/.exec(body)?.[1] : undefined;
    if (url !== undefined && !isAllowed(JSON.parse(url) as string, body, facts)) return `signed: ${body}`;
  }
  return undefined;
}

function isAllowed(page: string, body: string, { apps }: SetUp['facts']): boolean {
  const app = apps.find(({ appId }) => body.includes(`"appId":"${appId}"`));
  return app !== undefined && lists(app, new URL(page).origin);
}

/** Everything that is answered until the server ends the connection; undefined when it does not. */
async function say(port: number, bytes: Buffer): Promise<string | undefined> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const said = { isLate: false };
  const chunks: Buffer[] = [];
  socket
    .on('data', (chunk: Buffer) => void chunks.push(chunk))
    // A reset by a server that has refused is its end of the conversation.
    .on('error', () => undefined)
    .on('end', () => void socket.end())
    .setTimeout(ANSWER_MS, () => {
      said.isLate = true;
      socket.destroy();
    });
  socket.end(bytes);
  await once(socket, 'close');
  return said.isLate ? undefined : Buffer.concat(chunks).toString('latin1');
}

function make(dice: SeededRandom, setUps: readonly SetUp[]): Input {
  const setUp = dice.pick(setUps);
  const { facts } = setUp;
  const requests = Array.from({ length: 1 + dice.below(3) }, () =>
    randomRequest(dice, facts, { isLast: false }),
  );
  const bytes = requests
    .map((request) => serialise(request).toString('latin1'))
    .map((text) => (dice.chance(0.7) ? mutate(dice, text, WORDS) : text))
    .join('');
  return { service: nameOf(setUp), bytes: Buffer.from(bytes, 'latin1').toString('latin1') };
}
