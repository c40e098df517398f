// A query that Next has parsed and written again: a page URL that was cut at its `&` is refused as everywhere else.
import { createFetchHandler } from '../../../src/library/fetch-handler';
import { restoreCutUrl } from '../../../src/library/restore-cut-url';
import { FakeSigningApp } from '../../support/fake-signing-apps';
import { PAGE } from '../../support/page-requests';

const ENCODED = encodeURIComponent(PAGE);
const handle = createFetchHandler(new FakeSigningApp('cli_one', ['https://h5.example.com']));

/** As a route handler of Next receives the request. */
function asNext(query: string): Request {
  const url = new URL('https://back-end.example/config');
  url.search = new URLSearchParams(query).toString();
  return Object.defineProperty(new Request(url), 'nextUrl', { value: url });
}

it.each([`url=${PAGE}`, `url=${PAGE}&app=cli_one`, `app=cli_one&url=${PAGE}`, `url=${ENCODED}&_=1`])(
  'refuses %s, which may have been cut',
  async (query) => {
    const reply = await handle(asNext(query));
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ code: 'URL_NOT_ENCODED' });
  },
);

it.each([
  `url=${ENCODED}`,
  `url=${ENCODED}&app=cli_one&shape=config`,
  `_=1&url=${ENCODED}`,
  // Not cut: there is no second parameter.
  'url=https://h5.example.com/orders?id=42',
])('signs %s', async (query) => {
  const reply = await handle(asNext(query));
  expect(reply.status).toBe(200);
});

it('signs elsewhere what the query says, with parameters of a gateway behind it', async () => {
  const reply = await handle(new Request(`https://back-end.example/config?url=${ENCODED}&_=1`));
  expect(reply.status).toBe(200);
});

it.each(['', 'a=1', 'url', 'url=', '&&', 'a=%2F&b=%2F'])('leaves %j as it is', (query) => {
  expect(restoreCutUrl(query)).toBe(query);
});
