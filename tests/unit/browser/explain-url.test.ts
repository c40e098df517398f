// The link from a refusal to the page that explains it: what is in it, how long it may get, and what is never in it.
import { createFactory } from '../../../src/browser/create-factory';
import type { LarkJsapiError } from '../../../src/browser/lark-jsapi-error';
import type { LarkOptions } from '../../../src/browser/options';
import { FakePage, invalidSignature, SIGNER } from '../../support/fake-page';

const TICKET = 'g10149abcKXQ3LZP6D7WMF5TQ2VJ4HN8RYB1C0EU';
const PAGE = 'https://h5.example.com/a?x=1&y=飞 书#/list';

/** What the first use on `href` is rejected with, when the client says `refusal`. */
async function failureOn(
  href: string,
  refusal: unknown,
  options: LarkOptions = {},
): Promise<{ error: LarkJsapiError; link: string; facts: Record<string, string> }> {
  const page = new FakePage(href);
  page.client = () => refusal;
  const lark = createFactory(page, undefined)({ ...SIGNER, ...options });
  const failing = lark.ready().then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as LarkJsapiError,
  );
  const error = await page.settle(failing);
  const link = error.explainUrl ?? '';
  const [, query] = link.split('#explain?');
  return { error, link, facts: Object.fromEntries(new URLSearchParams(query)) };
}

it('holds the refused signature, the page and the client’s words, in the fragment', async () => {
  const refusal = invalidSignature('https://h5.example.com/a?x=1&y=飞 书');
  const { link, facts } = await failureOn(PAGE, refusal);
  expect(link.startsWith('https://signer.example.com/#explain?')).toBe(true);
  expect(facts).toEqual({
    errorCode: '333441',
    timestamp: '1510045655000',
    nonceStr: 'n0nce',
    signature: expect.stringMatching(/^signature-\d$/) as unknown,
    appId: 'cli_1',
    url: PAGE.split('#')[0],
    pageUrl: PAGE,
    errorText: refusal.errorMessage,
  });
});

it('tells a timestamp that is a string from a number', async () => {
  const { facts } = await failureOn(
    PAGE,
    { errno: 1012 },
    {
      request: () => ({ appId: 'cli_1', timestamp: '1510045655000', nonceStr: 'n', signature: 's' }),
    },
  );
  expect(facts['timestamp']).toBe('"1510045655000"');
});

it('is absent where the client refused nothing, and where the signer is not known', async () => {
  const { error: silent } = await failureOn(PAGE, 'hang');
  expect(silent).toMatchObject({ problem: 'TIMEOUT', explainUrl: undefined });
  const unsigned = await failureOn(PAGE, undefined, { request: () => Promise.reject(new Error('no')) });
  expect(unsigned.error).toMatchObject({ problem: 'REQUEST_FAILED', explainUrl: undefined });
  const config = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's' };
  const unknown = await failureOn(PAGE, { errno: 333441 }, { endpoint: undefined, request: () => config });
  expect(unknown.error).toMatchObject({ code: 333441, explainUrl: undefined });
});

it('has an end: what has no room is left out as a whole', async () => {
  const long = `https://h5.example.com/a?${'飞'.repeat(1_000)}`;
  const { link, facts } = await failureOn(long, invalidSignature('https://h5.example.com/b'));
  expect(link.length).toBeLessThan(8_100);
  expect(facts).toMatchObject({ signature: 'signature-2', url: 'https://h5.example.com/b' });
  expect(facts).not.toHaveProperty('pageUrl');
  expect(facts['errorText']).toContain('invalid signature');
});

it.each([
  ['a reply that hands it to the page', {}, { jsapi_ticket: TICKET, ticket: TICKET }],
  ['words that name it whole', { errMsg: `config fail, jsticket: ${TICKET}` }, {}],
  ['words that show the string', { message: `jsapi_ticket=${TICKET}&noncestr=n` }, {}],
  ['JSON', { errMsg: `{"jsapi_ticket":"${TICKET}","jsapiTicket":"${TICKET}"}` }, {}],
])('never holds a ticket: %s', async (_, refusal, reply) => {
  const config = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's', ...reply };
  const { link, facts } = await failureOn(PAGE, { errno: 333441, ...refusal }, { request: () => config });
  expect(facts).toMatchObject({ errorCode: '333441', signature: 's' });
  expect(link).not.toContain(TICKET.slice(0, 6));
});

it('takes words that are no text, and half a character', async () => {
  const { facts } = await failureOn(PAGE, { errno: 333441, errMsg: 'half \ud800' });
  expect(facts['errorText']).toBe('half \ufffd');
  expect((await failureOn(PAGE, 7)).facts).not.toHaveProperty('errorText');
});
