// The signing endpoint without its socket: request line, query, headers and bodies, over apps that really sign.
import { createHash } from 'node:crypto';
import { createConfigEndpoint } from '../../../src/http/config-endpoint';
import type { SigningApps, SigningApp } from '../../../src/apps/signing-app';
import { createAccessLog } from '../../../src/observability/access-log';
import { createLogger } from '../../../src/observability/logger';
import { lists } from '../differential/page-rules';
import type { SeededRandom } from '../seeded-random';
import { APP_ID, APP_SECRET, createWorld, type World } from '../../support/world';
import { checkLogLine, checkReply } from './check-reply';
import { splitTarget } from '../../../src/http/request-target';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';
import { ALLOWED, somePageUrl, URL_WORDS } from './page-url-words';
import { parseUrl } from '../../support/parse-url';

const METHODS = ['GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'constructor', ''];
const WORDS = [
  ...URL_WORDS,
  'url=',
  '&app=',
  '&shape=',
  'sample',
  '&kind=component',
  '&tenant_key=',
  '%75rl',
  'url',
  '=',
  '&',
  '__proto__',
  'app=cli_world00000001',
];
const JSON_WORDS = [
  ...WORDS,
  '{',
  '}',
  '[',
  '],',
  '"url":',
  '"\\u0075rl":"x",',
  '"app":null',
  '"__proto__":{}',
  '\\u0000',
  '\\ud800',
  '\\u0040',
  '1e999',
  ',',
  '"',
];
const HEADER_WORDS = [
  ...URL_WORDS,
  'null',
  'application/json',
  ';charset=',
  'utf-8',
  'gzip',
  'x'.repeat(65),
  ',',
  'identity',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded',
  'text/plain',
  '',
];

/** Pages that were signed for, a sample without repetition, for a judge that is slower. */
export interface SignedPages {
  readonly list: string[];
}

/** As many as a browser judges in some seconds. */
const MAX_PAGES = 5_000;

export interface EndpointTarget extends FuzzTarget, SignedPages {}

export async function createEndpointTarget(): Promise<EndpointTarget> {
  const world = await createWorld({ env: { ALLOWED_ORIGINS: ALLOWED.join(',') } });
  // The ticket for components too, so that from now on no reply has to wait.
  await world.get(`/config?kind=component&url=${encodeURIComponent(`${ALLOWED[0]}/`)}`);
  const tickets = world.sandbox.issuedTickets(APP_ID);
  const secrets = [...tickets, APP_SECRET, ...world.sandbox.issuedTokens(APP_ID)];
  const signed: string[] = [];
  const endpoint = createConfigEndpoint({
    apps: watch(world, signed),
    newRequestId: () => 'fresh-id',
  });
  const lines: string[] = [];
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
    clock: world.clock,
  });
  const accessLog = createAccessLog(logger);
  const pages = new Set<string>();

  function run(input: Input): string | undefined {
    signed.length = 0;
    const { method = '', target = '', body = '' } = input;
    const headers = headersOf(input);
    const reply = endpoint({
      method,
      query: splitTarget(target).query,
      headers,
      body: Buffer.from(body, 'latin1'),
      client: '192.0.2.1',
    });
    if ('then' in reply) return 'a reply that waits';
    accessLog({
      ...reply,
      method,
      route: '/config',
      endpoint: '/config',
      durationMs: 0,
      client: '192.0.2.1',
    });
    accessLog.flush();
    const line = lines.splice(0).join('');
    const judged = { ...reply, headers: byName(reply.headers) };
    const fault = checkReply(judged, secrets) ?? checkLogLine(line, secrets);
    if (fault !== undefined) return fault;
    if (reply.status >= 400 || method === 'OPTIONS')
      return signed.length > 0 ? 'signed, and refused' : undefined;
    return judgeSignature(reply.body, signed, headers['origin'], method === 'HEAD' ? [] : tickets, (page) => {
      if (pages.size < MAX_PAGES) pages.add(page);
    });
  }

  return {
    name: 'endpoint',
    share: 0.57,
    get list() {
      return [...pages];
    },
    make: (dice) => make(dice),
    run,
    close: () => world.close(),
  };
}

/** Notes every page that is signed for. */
function watch({ service }: World, signed: string[]): SigningApps {
  const { apps } = service;
  const watched = new WeakMap<SigningApp, SigningApp>();
  return {
    all: () => apps.all(),
    ready: () => apps.ready(),
    find(name) {
      const app = apps.find(name);
      const known = watched.get(app);
      if (known) return known;
      const watching = Object.create(app) as SigningApp;
      watching.signPage = (page, audience) => {
        signed.push(page.toSign);
        return app.signPage(page, audience);
      };
      watched.set(app, watching);
      return watching;
    },
  };
}

function judgeSignature(
  body: string,
  signed: readonly string[],
  origin: string | undefined,
  tickets: readonly string[],
  keep: (page: string) => void,
): string | undefined {
  const [page] = signed;
  if (page === undefined || signed.length > 1) return 'a reply without one signature';
  // As the standard has it, which browsers follow.
  const whatwg = parseUrl(page)?.origin ?? 'none';
  if (!lists({ appId: APP_ID, allowedOrigins: ALLOWED }, whatwg)) return `signed for ${whatwg}`;
  if (!/^$|^[/?]/.test(page.slice(whatwg.length)) || !page.startsWith(whatwg))
    return `signed ${page}, of ${whatwg}`;
  if (origin !== undefined && origin !== whatwg) return `signed for ${whatwg}, asked by ${origin}`;
  keep(page);
  if (tickets.length === 0) return undefined;
  const values = Object.assign({}, ...flatten(JSON.parse(body))) as Record<string, string>;
  const nonce = values['nonceStr'] ?? values['noncestr'];
  const sign = (ticket: string, url: string) =>
    createHash('sha1')
      .update(
        `jsapi_ticket=${ticket}&noncestr=${String(nonce)}&timestamp=${String(values['timestamp'])}&url=${url}`,
      )
      .digest('hex');
  // A component's has no query.
  const urls = [page, page.split('?')[0] ?? page];
  const isOurs = tickets.some((ticket) => urls.some((url) => sign(ticket, url) === values['signature']));
  return isOurs ? undefined : `the signature is not of ${page}`;
}

/** An object, and the objects in it. */
function flatten(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(flatten)];
}

function headersOf({ origin, type, encoding, id, asked }: Input): Record<string, string> {
  const headers = {
    ...{ origin, 'content-type': type, 'content-encoding': encoding },
    ...{ 'x-request-id': id, 'access-control-request-headers': asked },
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function make(dice: SeededRandom): Input {
  const method = dice.pick(METHODS);
  const url = dice.chance(0.15) ? somePageUrl(dice) : mutate(dice, somePageUrl(dice), URL_WORDS);
  const encoded = dice.chance(0.85) ? encodeOr(url) : url;
  const pairs = `url=${encoded}${dice.pick(['', '', '&app=cli_world00000001', '&shape=sample', '&shape=envelope', '&x='])}`;
  const inQuery = method !== 'POST' || dice.chance(0.2);
  const query = dice.chance(0.2) ? mutate(dice, pairs, WORDS) : pairs;
  const isForm = dice.chance(0.4);
  const written = isForm ? pairs : JSON.stringify({ url });
  const body = dice.chance(0.3) ? mutate(dice, written, isForm ? WORDS : JSON_WORDS) : written;
  const path = dice.chance(0.02) ? mutate(dice, '/config', URL_WORDS) : '/config';
  const header = (share: number, values: readonly string[]): string | undefined =>
    dice.chance(share)
      ? deliverable(dice.chance(0.3) ? mutate(dice, dice.pick(values), HEADER_WORDS) : dice.pick(values))
      : undefined;
  const whole: Record<string, string | undefined> = {
    method,
    target: asBytes(inQuery ? `${path}?${query}` : path),
    body: method === 'POST' ? Buffer.from(body).toString('latin1') : '',
    // A host that is too long would keep this parser busy, which is not the one to try.
    origin: header(0.3, [
      url.length < 1_000 ? (parseUrl(url)?.origin ?? 'null') : 'null',
      'https://h5.example.com',
      'null',
    ]),
    type:
      method === 'POST'
        ? (header(1, isForm ? [TYPES[2] ?? ''] : TYPES.slice(0, 2)) ?? '')
        : header(0.02, TYPES),
    encoding: header(0.02, ['gzip', 'identity']),
    id: header(0.1, ['0b3f6c1e', 'two words']),
    asked: method === 'OPTIONS' ? header(0.5, ['content-type']) : undefined,
  };
  return Object.fromEntries(
    Object.entries(whole).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function encodeOr(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A request target as Node gives it: one character a byte. */
function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Headers of a flat list, name and value in turns. */
function byName(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? '']] : [])));
}

/** A header as Node gives it: bytes without control characters, and no white space around it. */
function deliverable(text: string): string {
  return asBytes(text)
    .replace(/\p{Cc}/gu, (character) => (character < '\x80' && character !== '\t' ? '' : character))
    .trim();
}
