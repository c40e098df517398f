// The platform's own faults: every one that the simulated platform can show, and a platform that is gone.
import type { Fault } from '../../../src/sandbox/sandbox';
import { APP_ID, PAGE } from '../../support/world';
import { harmless, outage, tokensOnly } from './expectations';
import type { FaultCase, Infliction, LogFields } from './fault-case';

/** Shows a fault of the simulated platform until it is cleared. */
function shown(...faults: Fault[]): () => Infliction {
  return () => ({
    begin({ sandbox }) {
      for (const fault of faults) sandbox.addFault(fault);
    },
    end: ({ sandbox }) => sandbox.clearFaults(),
  });
}

const row = (
  name: string,
  what: string,
  fault: Fault,
  expected: FaultCase['expected'],
  { blocks = true } = {},
): FaultCase => ({ name, area: 'platform', what, blocks, inflict: shown(fault), expected });

const ticket = (fields: LogFields): LogFields => ({ endpoint: 'jsapi_ticket', ...fields });
const ofTicket = 'ticket';

const REFUSED_TICKET: LogFields = { msg: 'a client refused the ticket' };

/** Told to wait 30 s: never asked sooner. */
const EVERY_30_S = {
  cold: { token: 20, ticket: 20 },
  renewing: { token: 23, ticket: 23 },
  expired: { token: 81, ticket: 60 },
};
/** Never asked again within the hour. */
const ONCE = {
  cold: { token: 1, ticket: 1 },
  renewing: { token: 1, ticket: 1 },
  expired: { token: 1, ticket: 1 },
};

export const platformFaults: readonly FaultCase[] = [
  row(
    'rate-limit-429',
    'rate limit with HTTP 429, 30 s to wait',
    { kind: 'rate-limit' },
    outage({ code: 99991400 }, { calls: EVERY_30_S, healedWithinSeconds: 76 }),
  ),
  row(
    'rate-limit-400',
    'rate limit with HTTP 400, 30 s to wait',
    { kind: 'rate-limit', status: 400 },
    outage({ code: 99991400 }, { calls: EVERY_30_S, healedWithinSeconds: 76 }),
  ),
  row(
    'quota',
    'the monthly quota is used up',
    { kind: 'quota', endpoint: ofTicket },
    outage(ticket({ code: 99991403 }), { calls: ONCE, healedWithinSeconds: 3_600 }),
  ),
  row(
    'ip-refused',
    'the caller’s IP address is refused',
    { kind: 'ip-refused', endpoint: ofTicket },
    // Its support asks for the log id, which begins with the year.
    outage(ticket({ code: 99991401, advice: 'IP allow-list', logId: '20' }), {
      refusal: 'APP_MISCONFIGURED',
    }),
  ),
  row(
    'wrong-secret',
    'the app secret is refused, with HTTP 200',
    { kind: 'wrong-secret', endpoint: 'token' },
    tokensOnly({ code: 10014, advice: 'LARK_APP_SECRET' }, 'APP_MISCONFIGURED'),
    { blocks: false },
  ),
  row(
    'app-disabled',
    'the app is disabled',
    { kind: 'app-disabled' },
    outage({ code: 99991662, advice: 'enable it' }, { refusal: 'APP_MISCONFIGURED' }),
  ),
  row(
    'code-1500',
    'an internal error of the platform, with HTTP 200',
    { kind: 'code', code: 1500, endpoint: ofTicket },
    outage(ticket({ code: 1500 })),
  ),
  row(
    'http-502',
    'a 502 of the platform’s front',
    { kind: 'http-error' },
    outage({ reason: 'http-status', httpStatus: 502 }),
  ),
  row(
    'html-200',
    'an HTML page with status 200',
    { kind: 'html', endpoint: ofTicket },
    outage(ticket({ reason: 'not-json' })),
  ),
  row(
    'html-wrong-date',
    'a gateway’s page whose clock is 3 h off',
    { kind: 'html', status: 403, dateOffsetMs: 10_800_000 },
    outage({ reason: 'http-status', httpStatus: 403 }),
  ),
  row(
    'truncated',
    'JSON cut in the middle',
    { kind: 'truncated', endpoint: ofTicket },
    outage(ticket({ reason: 'not-json' })),
  ),
  row(
    'cut',
    'the connection ends in the middle of the body',
    { kind: 'cut', endpoint: ofTicket },
    outage(ticket({ reason: 'connection' })),
  ),
  row(
    'wrong-type',
    '`expire_in` as a string',
    { kind: 'fields', fields: { expire_in: '7200' }, endpoint: ofTicket },
    outage(ticket({ reason: 'malformed' })),
  ),
  row(
    'negative-life',
    'an `expire_in` below 0',
    { kind: 'fields', fields: { expire_in: -1 }, endpoint: ofTicket },
    outage(ticket({ reason: 'malformed' })),
  ),
  row(
    'life-of-a-century',
    'an `expire_in` of a century',
    { kind: 'fields', fields: { expire_in: 3e9 }, endpoint: ofTicket },
    outage(ticket({ reason: 'malformed' })),
  ),
  row(
    'no-ticket',
    'an answer without a ticket',
    { kind: 'fields', fields: { ticket: null }, endpoint: ofTicket },
    outage(ticket({ reason: 'malformed' })),
  ),
  row(
    'empty-ticket',
    'an empty ticket',
    { kind: 'fields', fields: { ticket: '' }, endpoint: ofTicket },
    outage(ticket({ reason: 'malformed' })),
  ),
  row(
    'wrong-token-life',
    'a token that lives for −1 s',
    { kind: 'fields', fields: { expire: -1 }, endpoint: 'token' },
    tokensOnly({ endpoint: 'tenant_access_token', reason: 'malformed' }, 'TICKET_UNAVAILABLE'),
    { blocks: false },
  ),
  row(
    'huge',
    'an answer of 50 MB',
    { kind: 'huge', endpoint: ofTicket },
    outage(ticket({ reason: 'too-large' })),
  ),
  row(
    'slow',
    'every answer takes 4 s',
    { kind: 'slow', delayMs: 4_000 },
    harmless(
      {},
      {
        // Token and ticket together take 8 s, a page waits 5.
        cold: { pages: ['TICKET_UNAVAILABLE', 'signed'] },
      },
    ),
    { blocks: false },
  ),
  row(
    'hung',
    'the platform takes the request and never answers',
    { kind: 'hung' },
    outage({ reason: 'timeout' }),
  ),
  row('reset', 'every connection is reset', { kind: 'reset' }, outage({ reason: 'connection' })),
  row(
    'stale-expiry',
    'the same ticket again, said to live its full life',
    { kind: 'stale-expiry' },
    harmless(),
    { blocks: false },
  ),
  row(
    'tokens-refused',
    'every token is refused by the ticket endpoint',
    { kind: 'token-invalid', endpoint: ofTicket },
    outage(ticket({ code: 99991663 })),
  ),
  {
    name: 'token-revoked',
    area: 'platform',
    what: 'the token is revoked early',
    blocks: false,
    inflict: () => ({
      begin: ({ sandbox }) => sandbox.revokeTokens(APP_ID),
      end: () => undefined,
    }),
    expected: harmless({}, { renewing: { calls: { token: 1, ticket: 2 } } }),
  },
  {
    name: 'ticket-revoked',
    area: 'platform',
    what: 'the ticket is revoked early; the first page that is refused reports it',
    blocks: false,
    asksAtOnce: true,
    inflict: () => ({
      begin: ({ sandbox }) => sandbox.revokeTickets(APP_ID),
      async pass(world, ms) {
        const { status, body } = await world.config();
        if (status === 200 && world.sandbox.verify({ ...body, url: PAGE }).errCode === 333442)
          await world.get('/report', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', Origin: new URL(PAGE).origin },
            body: JSON.stringify({ ...body, errorCode: 333442 }),
          });
        await world.advance(ms);
      },
      end: () => undefined,
    }),
    // Only a browser can see that a ticket died: the page that tells is the one that had to meet it.
    expected: harmless(
      { fresh: REFUSED_TICKET, renewing: REFUSED_TICKET, expired: REFUSED_TICKET },
      {
        fresh: { pages: ['signed but 333442', 'signed'], calls: { token: 0, ticket: 1 } },
        renewing: { calls: { token: 0, ticket: 2 } },
      },
    ),
  },
  {
    name: 'down',
    area: 'platform',
    what: 'nothing listens at the platform’s address',
    blocks: true,
    inflict() {
      let port = 0;
      return {
        world: {
          way: (platformUrl) => {
            port = Number(new URL(platformUrl).port);
            return Promise.resolve({});
          },
        },
        begin: ({ sandbox }) => sandbox.close(),
        end: ({ sandbox }) => sandbox.listen({ port }).then(() => undefined),
      };
    },
    expected: outage({ reason: 'connection', summary: 'ECONNREFUSED' }),
  },
];
