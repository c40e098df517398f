// Page URLs by the thousand: what a browser writes is signed byte for byte, anything else is refused in words that leak nothing.
import fc from 'fast-check';
import { ServiceError } from '../../../src/base/errors';
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { parsePageUrl } from '../../../src/signing/page-url';
import { parseUrl } from '../../support/parse-url';

/** What names of hosts are made of, or an address of IPv6. */
const HOST = /^[\w.-]+$|^\[[\da-f:]+\]$/;

/** Whatever a browser could have been given; `new URL(…).href` is then what it shows in location.href. */
const href = fc
  .tuple(
    fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'grapheme' }),
  )
  .map((parts) => parts.join(''))
  // What is added to a host alone may make it one that cannot be, or that no name is made of.
  .map(parseUrl)
  .filter((url) => url !== undefined && HOST.test(url.hostname))
  .map((url) => url!.href);

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

describe('parsePageUrl', () => {
  it('signs every href up to its fragment, and finds its origin', () => {
    fc.assert(
      fc.property(href, (url) => {
        expect(parsePageUrl(url)).toEqual({ toSign: url.split('#')[0], origin: new URL(url).origin });
      }),
    );
  });

  it('says the same of a URL whose origin is on the list in full', () => {
    const more = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(href, more, (url, rest) => {
        const { origin } = new URL(url);
        const allowed = compileAllowedOrigins([origin]);
        for (const received of [url, origin + rest, `${origin}/${rest}`, `${origin}\\${rest}`]) {
          expect(outcome(() => ({ ...parsePageUrl(received, allowed), namedBy: undefined }))).toEqual(
            outcome(() => parsePageUrl(received)),
          );
        }
      }),
    );
  });

  it('agrees with the rule in its own words, on texts near a URL', () => {
    const near = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'https',
            'http',
            'HTTP',
            'file',
            ':',
            '//',
            '/',
            '\\',
            '@',
            'h.cn',
            'H.cn',
            '127.0.0.1',
            '[::1]',
          ),
          fc.constantFrom(
            ':443',
            ':80',
            ':8080',
            '?',
            '#',
            '%',
            ' ',
            '\t',
            '\u0000',
            '\u007f',
            '中',
            '\ud800',
            'x=1',
          ),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(''));
    const shaped = fc.tuple(fc.constantFrom('https://h.cn', 'http://h.cn:8080', 'https://', ''), near);
    let accepted = 0;
    fc.assert(
      fc.property(shaped, ([start, rest]) => {
        const received = start + rest;
        const ok = isWhatABrowserWrites(received);
        if (ok) accepted++;
        expect(attempt(received)).toBe(ok ? 'accepted' : received ? 'URL_INVALID' : 'URL_MISSING');
      }),
      { numRuns: 2_000 },
    );
    // Were it never reached, the property would say nothing of acceptance.
    expect(accepted).toBeGreaterThan(50);
  });

  it('never throws anything but its own error, nor repeats a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (head, tail) => {
        expect(attempt(`${head}?code=hush${tail}`, 'hush')).not.toBe('leaked');
      }),
    );
  });
});

/** The rule as the documentation states it, written without a thought for speed. */
function isWhatABrowserWrites(received: string): boolean {
  const url = parseUrl(received);
  if (url === undefined) return false;
  const { origin, protocol, hostname } = url;
  return (
    ['http:', 'https:'].includes(protocol) &&
    HOST.test(hostname) &&
    received.startsWith(origin) &&
    ['', '/', '?', '#'].includes(received.slice(origin.length, origin.length + 1)) &&
    // eslint-disable-next-line no-control-regex -- control characters are the subject
    !/[\u0000-\u0020\u007f]/.test(received) &&
    Buffer.from(received, 'utf8').toString('utf8') === received
  );
}

function attempt(received: string, secret?: string): string {
  try {
    parsePageUrl(received);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return secret !== undefined && error.message.includes(secret) ? 'leaked' : error.code;
  }
}
