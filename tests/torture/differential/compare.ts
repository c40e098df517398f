// Holds a reply against what the oracle expects; what differs every time is checked by its own rule.
import { createHash } from 'node:crypto';
import type { ExpectedReply } from './expected-reply';
import type { Witness } from './facts';
import type { RawReply } from './raw-connection';
import type { WireRequest } from './wire-request';

/** What replies have in common over a run. */
export interface Memory {
  /** No two signatures share one. */
  readonly nonces: Set<string>;
  /** One title for each code. */
  readonly titles: Map<string, string>;
  /** Documents that never change. */
  readonly constants: Map<string, string>;
}

export const createMemory = (): Memory => ({ nonces: new Set(), titles: new Map(), constants: new Map() });

/** In every page URL's query that the generator makes: it must come back in signatures only. */
export const HUSH = 'code=hush-hush';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What is wrong with `reply`, in lines; none when all is well. `request` is undefined for a message that was none. */
export function compare(
  expected: ExpectedReply,
  reply: RawReply,
  request: WireRequest | undefined,
  witness: Witness,
  memory: Memory,
): string[] {
  const faults: string[] = [];
  const expect = (isGood: boolean, fault: string): void => {
    if (!isGood) faults.push(fault);
  };
  expect(reply.status === expected.status, `status ${reply.status}, expected ${expected.status}`);
  const headers = new Map(reply.headers.map(([name, value]) => [name.toLowerCase(), value]));
  expect(headers.size === reply.headers.length, `a header twice among ${reply.headers.join('; ')}`);
  const text = reply.body.toString();

  const isClosing = request?.version !== '1.1' || request.headers.some(([, value]) => value === 'close');
  const length = [204, 304].includes(expected.status)
    ? {}
    : { 'content-length': lengthOf(expected, request, reply) };
  const wanted: Record<string, string | RegExp> = {
    ...expected.headers,
    ...length,
    ...(request && { date: HTTP_DATE }),
    ...(isClosing ? { connection: 'close' } : { connection: 'keep-alive', 'keep-alive': 'timeout=65' }),
    'x-request-id': expected.requestId ?? UUID,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const got = headers.get(name);
    const isSame = typeof value === 'string' ? got === value : got !== undefined && value.test(got);
    expect(isSame, `${name}: ${String(got)}, expected ${String(value)}`);
  }
  // A refusal that no request came to has no date, or has one.
  if (!request) headers.delete('date');
  for (const [name, value] of headers) expect(name in wanted, `${name}: ${value}, expected no such header`);

  const { body } = expected;
  const id = headers.get('x-request-id') ?? '';
  if (body.kind === 'none') expect(text === '', `a body: ${text}`);
  if (body.kind === 'text') expect(text === body.text, `body ${text}, expected ${body.text}`);
  if (body.kind === 'constant') {
    const before = memory.constants.get(body.of) ?? text;
    memory.constants.set(body.of, before);
    expect(text.length > 0 && text === before, `${body.of} has changed`);
  }
  if (body.kind === 'problem') expectProblem(text, body, expected.status, id, memory, expect);
  if (body.kind === 'signature') expectSignature(text, body, witness, memory, expect);
  else expect(!text.includes(HUSH), `the query of the page URL in ${text}`);
  return faults;
}

type Expect = (isGood: boolean, fault: string) => void;

function lengthOf(
  expected: ExpectedReply,
  request: WireRequest | undefined,
  { body }: RawReply,
): string | RegExp {
  // A redirect says nothing more.
  if (expected.status === 302) return '0';
  // That of a GET, whose body is not at hand.
  if (request?.method === 'HEAD') return /^[1-9]\d*$/;
  return expected.body.kind === 'none' ? '0' : String(body.length);
}

function expectProblem(
  text: string,
  { code, type }: { code: string; type: string },
  status: number,
  requestId: string,
  memory: Memory,
  expect: Expect,
): void {
  const { title, detail } = parse(text);
  const wanted = JSON.stringify({ type, title, status, detail, code, msg: detail, requestId });
  expect(text === wanted, `problem ${text}, expected ${wanted}`);
  const known = memory.titles.get(code) ?? String(title);
  memory.titles.set(code, known);
  expect(title === known && known.length > 0, `${code} is titled ${String(title)} and ${known}`);
  expect(typeof detail === 'string' && detail.length > 10, `no advice in ${text}`);
}

function expectSignature(
  text: string,
  { app, url, shape }: Extract<ExpectedReply['body'], { kind: 'signature' }>,
  witness: Witness,
  memory: Memory,
  expect: Expect,
): void {
  const { appId, jsApiList } = app;
  const json = parse(text);
  const fields =
    shape === 'tutorial' || shape === 'envelope' ? parse(JSON.stringify(json['data'] ?? {})) : json;
  const nonce = String(fields[shape === 'sample' || shape === 'tutorial' ? 'noncestr' : 'nonceStr']);
  const { timestamp, signature } = fields;
  const config = { appId, timestamp, nonceStr: nonce, signature, url, jsApiList };
  const wanted = JSON.stringify(
    {
      config,
      sample: { appid: appId, timestamp, noncestr: nonce, signature, jsApiList },
      tutorial: {
        code: 0,
        msg: 'ok',
        data: { app_id: appId, signature, noncestr: nonce, timestamp, jsApiList },
      },
      envelope: { code: 0, msg: 'ok', data: config },
    }[shape],
  );
  expect(text === wanted, `signature ${text}, expected ${wanted}`);
  expect(timestamp === witness.nowMs(), `timestamp ${String(timestamp)}, expected ${witness.nowMs()}`);
  expect(
    /^[\da-f]{32}$/.test(nonce) && !memory.nonces.has(nonce),
    `nonce ${nonce} is odd, or was used before`,
  );
  memory.nonces.add(nonce);
  const tickets = witness.ticketsOf(appId);
  const sign = (ticket: string) =>
    createHash('sha1')
      .update(`jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${String(timestamp)}&url=${url}`)
      .digest('hex');
  expect(
    tickets.some((ticket) => sign(ticket) === signature),
    `signature ${String(signature)} is of none of ${tickets.length} tickets`,
  );
  expect(!tickets.some((ticket) => text.includes(ticket)), 'a ticket in the reply');
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
