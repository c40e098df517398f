// No reply and no log line holds a ticket, a token or the secret; no log line and no refusal holds a page URL's query.
import { createWorld, APP_ID, APP_SECRET, HOUR, MINUTE, PAGE, type World } from '../support/world';

let world: World;
afterEach(() => world.close());

/** The value of `?code=` in PAGE: what an OAuth redirect leaves in a page's address. */
const PAGE_CODE = 'oauth-code-1234';

/** Every kind of reply and of failure, at the most talkative log level. */
async function runEverything(): Promise<void> {
  world = await createWorld({ cold: true, env: { LOG_LEVEL: 'trace' } });
  const platform = world.sandbox;
  await world.settle();

  const encoded = encodeURIComponent(PAGE);
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
  await world.get(`/config?url=${encoded}`);
  await world.get(`/config?url=${encoded}&shape=tutorial`);
  await world.get(`/get_config_parameters?url=${encoded}`);
  await world.get('/config', { ...json, body: JSON.stringify({ url: PAGE }) });
  // Refusals that have the page URL at hand.
  await world.get(`/config?url=${PAGE.split('#')[0]!}`);
  await world.get(`/config?url=${encodeURIComponent(encoded)}`);
  await world.get(`/config?url=${encoded}&url=${encoded}`);
  await world.get(`/config?url=${encoded}&app=cli_other`);
  await world.get(`/config?url=${encodeURIComponent(PAGE.replace('h5.', 'evil.'))}`);
  await world.get(`/config?url=${encodeURIComponent(PAGE.replace('/orders', ' /orders'))}`);
  await world.get(`/config?url=${encoded}`, { headers: { origin: 'https://evil.example.com' } });
  await world.get(`/config?url=${encoded}`, { method: 'DELETE' });
  await world.get('/config', { ...json, body: `{"url":"${PAGE}"` });
  await world.get(`/nowhere/${encoded}?url=${encoded}`);
  await world.get(`/readyz?app=${encoded}`);
  await world.get('/errors');
  await world.get('/healthz');
  // Failures of the platform, with everything secret at hand.
  for (const kind of ['html', 'token-invalid', 'wrong-secret', 'quota', 'truncated', 'reset'] as const) {
    platform.addFault({ kind, times: 3 });
    await world.advance(2 * HOUR);
    await world.get(`/config?url=${encoded}`);
  }
  platform.addFault({
    endpoint: 'ticket',
    kind: 'code',
    code: 1500,
    msg: `failed for ${platform.issuedTickets(APP_ID)[0]}`,
  });
  await world.advance(HOUR);
  // Without a ticket the page gets the reason: in the platform's words that would be parts of what is secret.
  const [ticket, token] = [platform.issuedTickets(APP_ID).at(-1)!, platform.issuedTokens(APP_ID).at(-1)!];
  const msg = `jsticket: ${part(ticket)}****, token ${part(token)}..., secret ${part(APP_SECRET)} is bad`;
  platform.addFault({ kind: 'reset' });
  await world.advance(2 * HOUR);
  for (const code of [1500, 10014, 99991663, 99991400, 99991403]) {
    platform.clearFaults();
    platform.addFault({ kind: 'code', code, msg });
    await world.advance(2 * MINUTE);
    await world.get(`/config?url=${encoded}`);
  }
}

/** As much of a secret as the platform's texts have been seen to show. */
const part = (secret: string) => secret.slice(0, 5);

test('nothing secret is revealed', async () => {
  await runEverything();
  const replies = world.replyBodies.join('\n');
  const log = world.logLines.join('');
  const tickets = world.sandbox.issuedTickets(APP_ID);
  const tokens = world.sandbox.issuedTokens(APP_ID);
  expect(tickets.length).toBeGreaterThan(2);
  expect(tokens.length).toBeGreaterThan(2);
  expect(world.replyBodies.length).toBeGreaterThan(20);
  expect(replies.match(/APP_MISCONFIGURED|TICKET_UNAVAILABLE/g)?.length).toBeGreaterThan(4);
  expect(/jsticket|is bad/.test(replies)).toBe(false);
  expect(log).toContain('jsticket: […]');
  expect(/jsticket: \w|token \w+\.\.\./.test(log)).toBe(false);
  for (const secret of [APP_SECRET, ...tickets, ...tokens]) {
    // Booleans: a failure must not print the log with the secret in it.
    expect({
      secret: secret.slice(0, 4),
      inReply: replies.includes(secret),
      inLog: log.includes(secret),
    }).toEqual({
      secret: secret.slice(0, 4),
      inReply: false,
      inLog: false,
    });
  }
});

test('no log line and no refusal holds the query of a page URL', async () => {
  await runEverything();
  const refusals = world.replyBodies.filter((body) => body.includes('"requestId"'));
  expect(refusals.length).toBeGreaterThan(10);
  expect(refusals.filter((body) => body.includes(PAGE_CODE))).toEqual([]);
  expect(world.logLines.filter((line) => line.includes(PAGE_CODE))).toEqual([]);
  // The signature itself repeats its URL, to the page that sent it.
  expect(world.replyBodies.filter((body) => body.includes(PAGE_CODE)).length).toBeGreaterThan(3);
});
