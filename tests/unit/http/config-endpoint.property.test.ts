// Whatever page URL a browser can be at, GET /config signs exactly that URL less its fragment.
import fc from 'fast-check';
import request from 'supertest';
import { createApp } from '../../../src/http/create-app';
import { createConfigEndpoint } from '../../../src/http/config-endpoint';
import { createHttpServer } from '../../../src/http/server';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';
import { headersByName } from '../../support/headers-by-name';
import { runs } from '../../support/runs';

const apps = new FakeSigningApps(new FakeSigningApp());
const endpoint = createConfigEndpoint({ apps, newRequestId: () => 'id' });

const scheme = fc.constantFrom('http', 'https');
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom('localhost', 'bücher.example', '飞书.example', 'xn--bcher-kva.example'),
);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
/** Pieces that have gone wrong somewhere, between any text at all. */
const piece = fc.oneof(
  fc.constantFrom(
    '+',
    '&',
    ';',
    '%',
    '%%',
    '%2',
    '%2F',
    '%252F',
    '%E4%B8%AD',
    '%ff',
    '=',
    '?',
    '/',
    '//',
    '..',
    '@',
    ':',
    '\\',
    "'",
    '"',
    '<',
    '|',
  ),
  fc.constantFrom(
    '&url=',
    '&app=x',
    '&shape=sample',
    '&amp;',
    'url=https://h.cn/?a=1&b=2',
    '飞书',
    '😀',
    'é',
    ' ',
    '\u00a0',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const part = (mark: string) =>
  fc.option(
    text.map((value) => mark + value),
    { nil: '' },
  );

/** What `location.href` holds after a browser was sent to some URL: the URL parser is the browser's. */
const href = fc
  .tuple(scheme, host, port, part('/'), part('?'), part('#'))
  .map(
    ([s, h, p, path, query, fragment]) =>
      `${s}://${h}${p === undefined ? '' : `:${p}`}${path}${query}${fragment}`,
  )
  .filter((url) => URL.canParse(url))
  .map((url) => new URL(url))
  // An `@` early on makes what stands before it a user name, which location.href does not show.
  .filter((url) => url.username === '' && url.password === '' && url.href.length <= 8_192)
  .map((url) => url.href);

describe('GET /config?url=<encodeURIComponent(page URL)>', () => {
  it('signs exactly the page URL less its fragment', () => {
    fc.assert(
      fc.property(href, fc.constantFrom('', '&app=cli_fake', '&_=1&from=x'), (url, others) => {
        const reply = endpoint({
          method: 'GET',
          query: `url=${encodeURIComponent(url)}${others}`,
          headers: {},
        });
        if ('then' in reply) throw new Error('the reply was not synchronous');
        expect(reply.status).toBe(200);
        expect(JSON.parse(reply.body).url).toBe(url.split('#')[0]);
        expect(Buffer.byteLength(reply.body)).toBe(Number(headersByName(reply.headers)['Content-Length']));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('does so in the body of a POST, as JSON and as a form', () => {
    fc.assert(
      fc.property(href, fc.boolean(), (url, asForm) => {
        const reply = endpoint({
          method: 'POST',
          query: '',
          headers: { 'content-type': asForm ? 'application/x-www-form-urlencoded' : 'application/json' },
          body: Buffer.from(asForm ? new URLSearchParams({ url }).toString() : JSON.stringify({ url })),
        });
        if ('then' in reply) throw new Error('the reply was not synchronous');
        expect(JSON.parse(reply.body).url).toBe(url.split('#')[0]);
      }),
      { numRuns: runs(500) },
    );
  });

  it('signs a URL that was not encoded whole, or says that it was cut', () => {
    fc.assert(
      fc.property(href, (url) => {
        // A browser drops the fragment of what it requests.
        const [page = ''] = url.split('#');
        const reply = endpoint({ method: 'GET', query: `url=${page}`, headers: {} });
        if ('then' in reply) throw new Error('the reply was not synchronous');
        const { code, url: signed } = JSON.parse(reply.body);
        if (page.includes('&')) expect(['URL_NOT_ENCODED', 'URL_REPEATED']).toContain(code);
        // Raw escapes are decoded on the way in; a page whose URL holds none is signed as it is.
        else if (!page.includes('%')) expect(signed).toBe(page);
      }),
      { numRuns: runs(500) },
    );
  });

  it('does so over HTTP', async () => {
    const app = createApp({
      apps,
      publicFiles: () => Promise.resolve(undefined),
      version: '1.2.3',
    });
    const server = createHttpServer(app).listen(0, '127.0.0.1');
    try {
      await fc.assert(
        fc.asyncProperty(href, async (url) => {
          const { body } = await request(server)
            .get(`/config?url=${encodeURIComponent(url)}`)
            .expect(200);
          expect(body.url).toBe(url.split('#')[0]);
        }),
        { numRuns: 50 },
      );
    } finally {
      server.close();
    }
  });
});
