// The WHATWG's test data for URLs against the rule for page URLs, and the counts: URL_TEST_DATA=<urltestdata.json> npx jest tests/unit/signing/url-test-data
import { readFileSync } from 'node:fs';
import { ServiceError } from '../../../src/base/errors';
import { parsePageUrl } from '../../../src/signing/page-url';

/** Of https://github.com/web-platform-tests/wpt, url/resources; other entries of the file are comments. */
interface Entry {
  input: string;
  /** Absent for an input that is no URL. */
  href?: string;
  username?: string;
  password?: string;
}

const file = process.env['URL_TEST_DATA'];

function read(path: string): Entry[] {
  const content = JSON.parse(readFileSync(path, 'utf8')) as unknown[];
  return content.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null);
}

/** `accepted`, or the sentence of the refusal without what differs from URL to URL. */
function outcome(received: string): string {
  try {
    const { toSign } = parsePageUrl(received);
    return toSign === received.split('#')[0] ? 'accepted' : 'changed';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const kind = error.message.replace(
      /(?: at position|, where|, which|: a browser|: it must|: it was| \(U\+| "[.%]|\. ).*$/s,
      '',
    );
    return `${error.code}: ${kind}`;
  }
}

function counts(outcomes: readonly string[]): string {
  const byOutcome = new Map<string, number>();
  for (const each of outcomes) byOutcome.set(each, (byOutcome.get(each) ?? 0) + 1);
  const lines = [...byOutcome].sort(([, a], [, b]) => b - a).map(([each, count]) => `  ${count}  ${each}`);
  return lines.join('\n');
}

(file === undefined ? it.skip : it)(
  'the WHATWG data: every http(s) href is accepted, except with user info',
  () => {
    const entries = read(file!);
    const ofWeb = entries.filter(({ href }) => /^https?:/.test(href ?? ''));
    const withoutUser = new Set(ofWeb.filter((e) => !e.username && !e.password).map(({ href }) => href!));
    const withUser = new Set(ofWeb.filter((e) => !!e.username || !!e.password).map(({ href }) => href!));
    const hrefs = [...withoutUser, ...withUser].map(outcome);
    const inputs = [...new Set(entries.map(({ input }) => input))].map(outcome);
    process.stdout.write(
      `${withoutUser.size + withUser.size} hrefs of http and https, ${withUser.size} with user info:\n${counts(hrefs)}\n` +
        `${inputs.length} inputs, as if they were sent as page URLs:\n${counts(inputs)}\n`,
    );

    expect([...withoutUser].filter((href) => outcome(href) !== 'accepted')).toEqual([]);
    expect([...withUser].filter((href) => !outcome(href).includes('user name'))).toEqual([]);
    // An input is accepted only when a parser writes it as it is.
    const accepted = entries.filter(({ input }) => outcome(input) === 'accepted');
    expect(accepted.filter(({ input, href }) => href?.split('#')[0] !== input.split('#')[0])).toEqual([]);
  },
);
