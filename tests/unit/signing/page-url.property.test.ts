// Page URLs by the thousand: what a browser writes is signed byte for byte, anything else is refused in words that leak nothing.
import fc from 'fast-check';
import { ServiceError } from '../../../src/base/errors';
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { parsePageUrl } from '../../../src/signing/page-url';
import { parseUrl } from '../../support/parse-url';

/** Whatever a browser could have been given; `new URL(…).href` is then what it shows in location.href. */
const href = fc
  .tuple(
    fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'grapheme' }),
  )
  .map((parts) => parts.join(''))
  // What is added to a host alone may make it one that cannot be.
  .map((text) => parseUrl(text)?.href ?? 'https://h.cn/');

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
          fc.constantFrom(
            '.',
            '..',
            '%2e',
            '%2E',
            'a',
            '"',
            '<',
            '>',
            "'",
            '`',
            '{',
            '}',
            '|',
            '^',
            '%zz',
            '[',
            ']',
          ),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(''));
    const shaped = fc.tuple(
      fc.constantFrom('https://h.cn/', 'https://h.cn/a?', 'https://h.cn', 'http://h.cn:8080', 'https://', ''),
      near,
    );
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

  it('accepts what is made of any text by a parser, and of the text itself nothing else', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ unit: 'binary-ascii', maxLength: 8 }),
      fc.constantFrom('/', '/', '?', '#', '.', '..', '%2e', '%2E', '\\', '%', '%41', '中', ' ', '\n'),
    );
    const text = fc.tuple(
      fc.constantFrom(
        'https://h.cn/',
        'http://h.cn:8080',
        'https://h.cn?',
        'https://',
        'http://h.cn/a/b?x=1&',
      ),
      fc.array(piece, { maxLength: 10 }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(text, ([start, pieces]) => {
        const received = start + pieces.join('');
        const isAccepted = attempt(received) === 'accepted';
        if (isAccepted) accepted++;
        expect(isAccepted).toBe(isWhatABrowserWrites(received));
        const url = parseUrl(received);
        if (url === undefined || url.username + url.password !== '') return;
        expect(parsePageUrl(url.href).toSign).toBe(url.href.split('#')[0]);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(200);
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
  const [beforeFragment = ''] = received.split('#');
  const url = parseUrl(beforeFragment);
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username + url.password === '' &&
    escapeCaret(url.href) === escapeCaret(beforeFragment)
  );
}

/** Whether a path holds `^` or `%5E` depends on the version of Node; both are accepted. */
function escapeCaret(text: string): string {
  return text.replaceAll('^', '%5E');
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
