// Operators ask a whole service why the simulated platform's client refused a signature.
import type { Explanation } from '../../src/explain/types';
import { signature } from '../../src/signing/signature';
import { createWorld, APP_ID, HOUR, MINUTE, PAGE, type World, type WorldOptions } from '../support/world';

const TOKEN = 'token-of-the-operator';
let world: World;
afterEach(() => world.close());

const start = async (options: WorldOptions = {}): Promise<void> => {
  world = await createWorld({ ...options, env: { ADMIN_TOKEN: TOKEN, ...options.env } });
};

function post(question: unknown, headers: Record<string, string> = {}) {
  return world.get('/explain', {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
    body: typeof question === 'string' ? question : JSON.stringify(question),
  });
}

async function explain(question: unknown): Promise<Explanation> {
  const { status, headers, text } = await post(question);
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
  expect(headers.get('cache-control')).toBe('no-store');
  for (const secret of secrets()) expect(text).not.toContain(secret);
  return JSON.parse(text) as Explanation;
}

const secrets = (): string[] => [
  ...world.sandbox.issuedTickets(APP_ID),
  ...world.sandbox.issuedTokens(APP_ID),
];
const codesOf = ({ findings }: Explanation): string[] => findings.map(({ code }) => code);

/** What the simulated client says of a signature on a page. */
const refusalOn = (config: object, pageUrl: string) => world.sandbox.verify({ ...config, url: pageUrl });

test('a signature as the service gives it is valid', async () => {
  await start();
  const { body } = await world.config();
  expect(await explain({ pasted: JSON.stringify(body), pageUrl: PAGE })).toEqual({
    verdict: 'valid',
    findings: [],
    hashes: 1,
  });
});

test('the client’s own words, pasted beside the reply, name the cut', async () => {
  await start();
  const { body } = await world.config('https://h5.example.com/orders?id=42');
  const failure = refusalOn(body, PAGE);
  expect(failure.errCode).toBe(333441);
  const explanation = await explain({ pasted: `${JSON.stringify(body)}\n${JSON.stringify(failure)}` });
  expect(explanation.verdict).toBe('explained');
  expect(explanation.findings[0]).toMatchObject({ code: 'URL_CUT_AT_AMPERSAND', strength: 'proved' });
});

test('the previous ticket, and a token for a ticket, are recognised by their fingerprints', async () => {
  await start();
  const [first] = world.sandbox.issuedTickets(APP_ID);
  await world.advance(2 * HOUR);
  expect(world.sandbox.issuedTickets(APP_ID).length).toBeGreaterThan(1);
  const facts = { url: PAGE.split('#')[0]!, nonceStr: 'abcdef', timestamp: world.clock.wallMs() };
  const [token] = world.sandbox.issuedTokens(APP_ID).slice(-1);
  for (const [ticket, code] of [
    [first!, 'TICKET_PREVIOUS'],
    [token!, 'TICKET_ACCESS_TOKEN'],
  ]) {
    const { findings } = await explain({ ...facts, signature: signature({ ...facts, ticket: ticket! }) });
    expect(findings).toMatchObject([
      {
        code,
        strength: 'proved',
        evidence: [
          { type: 'ticket', owner: APP_ID, fingerprint: expect.stringMatching(/^[\da-f]{8}$/) as unknown },
        ],
      },
    ]);
  }
});

test('time is the platform’s: our own clock is off, the signature is young', async () => {
  await start({ clockErrorMs: 20 * MINUTE });
  const { body } = await world.config();
  expect(await explain({ ...body, jsApiList: undefined })).toMatchObject({ verdict: 'valid', findings: [] });
});

test('a ticket is refused, wherever it stands, and is not repeated', async () => {
  await start();
  const [ticket] = world.sandbox.issuedTickets(APP_ID);
  for (const question of [
    { pasted: JSON.stringify({ ticket: 'g1014-of-somebody' }) },
    { pasted: 'jsapi_ticket=0123456789&noncestr=a' },
    { errorText: `it is ${ticket}` },
    { url: `https://h5.example.com/?t=${ticket}` },
  ]) {
    const { status, text } = await post(question);
    expect({ status, text }).toEqual({
      status: 400,
      text: expect.stringContaining('Remove the ticket from the input') as unknown,
    });
    expect(text).not.toContain(ticket);
  }
});

test('the mask in the text says no more of our ticket than the platform’s own text does', async () => {
  await start();
  const [ticket] = world.sandbox.issuedTickets(APP_ID);
  const textWith = (prefix: string) =>
    `invalid signature: jsticket: ${prefix}****, url: https://h5.example.com/`;
  const verdictOf = async (prefix: string) => codesOf(await explain({ errorText: textWith(prefix) }));
  // A wrong sixth character is not told from a right one.
  const guess = ticket![5] === '0' ? '1' : '0';
  expect(await verdictOf(ticket!.slice(0, 6))).toEqual(await verdictOf(ticket!.slice(0, 5) + guess));
  expect(await verdictOf('?????')).toContain('TICKET_DIFFERS');
});

test('only operators ask, in JSON, within bounds, and not too often', async () => {
  await start();
  expect((await post({}, { Authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await world.get('/explain')).status).toBe(401);
  expect((await post({}, { 'Content-Type': 'text/plain' })).status).toBe(415);
  for (const wrong of [
    '{',
    '[]',
    { ticket: 'x' },
    { url: 1 },
    { url: 'x'.repeat(8_193) },
    { errorText: 'x'.repeat(16_385) },
  ]) {
    expect((await post(wrong)).status).toBe(400);
  }
  expect((await post({ errorText: 'x'.repeat(70_000) })).status).toBe(413);
  expect((await post({ app: 'cli_unknown' })).status).toBe(400);
  // The one with an unknown app has been counted.
  for (let asked = 1; asked < 30; asked += 1) expect((await post({ errorCode: 333447 })).status).toBe(200);
  const over = await post({ errorCode: 333447 });
  expect(over.status).toBe(429);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  await world.advance(MINUTE);
  expect((await post({ errorCode: 333447 })).status).toBe(200);
});

test('without operators there is no such path; on their own port it needs no token', async () => {
  world = await createWorld({ env: { ADMIN_PORT: '0' } });
  expect((await post({ errorCode: 333447 })).status).toBe(404);
  const { port } = world.service.operatorServer!.address() as { port: number };
  const reply = await fetch(`http://127.0.0.1:${port}/explain`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ errorCode: 333447 }),
  });
  expect(await reply.json()).toMatchObject({ findings: [{ code: 'TRUSTED_DOMAIN_NONE' }] });
});

test('neither question nor answer is logged', async () => {
  await start();
  await explain({ pageUrl: PAGE, errorText: 'words-that-nobody-logs' });
  expect(world.logLines.join('\n')).not.toMatch(/oauth-code-1234|words-that-nobody-logs/);
});
