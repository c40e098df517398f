// Explanations share the process: they compute in short turns, and end when the client has disconnected.
import { createExplainer } from '../../../src/explain/explainer';
import type * as ValueMistakes from '../../../src/explain/value-mistakes';
import type { HeldTicket } from '../../../src/explain/types';
import type * as UrlMistakes from '../../../src/explain/url-mistakes';
import { signature } from '../../../src/signing/signature';
import { heldTicket } from '../../support/held-ticket';
import { FakeSigningApps, FakeSigningApp } from '../../support/fake-signing-apps';
import { FakeClock } from '../../support/fake-clock';

/** What was computed so far, in ms on a slow machine. */
const mockWork = { ms: 0 };
/** One hash, one URL made of a page URL of 8,000 characters, and one look at a ticket. */
const mockCosts = { hashMs: 0.05, urlMs: 0.3, ticketMs: 0.01 };

jest.mock('../../../src/explain/value-mistakes', () => {
  const valueMistakes = jest.requireActual<typeof ValueMistakes>('../../../src/explain/value-mistakes');
  function compute(recipe: ValueMistakes.Recipe): string {
    mockWork.ms += mockCosts.hashMs;
    return valueMistakes.compute(recipe);
  }
  return { ...valueMistakes, compute };
});

jest.mock('../../../src/explain/url-mistakes', () => {
  const { urlMistakes } = jest.requireActual<typeof UrlMistakes>('../../../src/explain/url-mistakes');
  function* counted(...of: Parameters<typeof urlMistakes>) {
    for (const mistake of urlMistakes(...of)) {
      mockWork.ms += mockCosts.urlMs;
      yield mistake;
    }
  }
  return { urlMistakes: counted };
});

/** A clock that stands still but for the work that is done. */
class CountingClock extends FakeClock {
  override monotonicMs(): number {
    return super.monotonicMs() + mockWork.ms;
  }
}

function createFixture(count = 0) {
  const clock = new CountingClock();
  /** How long each turn took. */
  const turns: number[] = [];
  let turnStartMs = mockWork.ms;
  const own = [heldTicket('current', 'cli_fake', 'the-ticket-of-the-app')];
  const held = Array.from({ length: count }, (_, index) =>
    heldTicket('other', `cli_${index}`, `ticket-${index}`),
  );
  function* others(): Generator<HeldTicket> {
    for (const ticket of held) {
      mockWork.ms += mockCosts.ticketMs;
      yield ticket;
    }
  }
  const asked: string[] = [];
  const explain = createExplainer({
    apps: new FakeSigningApps(new FakeSigningApp('cli_fake'), new FakeSigningApp('cli_second')),
    tickets: {
      ticketsFor(appId, tenantKey) {
        asked.push([appId, tenantKey].filter(Boolean).join(' '));
        return { own, others: { [Symbol.iterator]: others } };
      },
    },
    clock,
    nowMs: () => clock.wallMs(),
    nextTurn() {
      turns.push(mockWork.ms - turnStartMs);
      turnStartMs = mockWork.ms;
      return Promise.resolve();
    },
  });
  return { clock, turns, asked, explain };
}

const wrong = {
  pageUrl: 'https://h5.example.com/a?x=1&y=2',
  nonceStr: 'abc',
  timestamp: 1_767_225_600_000,
  signature: 'a'.repeat(40),
};
const question = (more: object = {}) => ({ facts: wrong, app: undefined, tenantKey: undefined, ...more });

const url = `https://h5.example.com/a?${'x=1&y=2&'.repeat(50)}`;
const signed = { url, nonceStr: 'abc', timestamp: wrong.timestamp };
test.each([
  ['10,000 tickets', wrong, 'unknown', 15_000],
  ['a long page URL', { ...wrong, pageUrl: url }, 'unknown', 15_000],
  [
    'a URL that no mistake explains',
    {
      ...wrong,
      pageUrl: 'https://h5.example.com/b?z=1',
      url,
      signature: signature({ ...signed, ticket: 'the-ticket-of-the-app' }),
    },
    'explained',
    2,
  ],
])('others have their turn every millisecond, and the hashes are bounded: %s', async (...of) => {
  const [, facts, expected, leastHashes] = of;
  const { turns, explain } = createFixture(10_000);
  const { hashes, verdict } = await explain(question({ facts }));
  expect(verdict).toBe(expected);
  expect(hashes).toBeLessThanOrEqual(20_000);
  expect(hashes).toBeGreaterThanOrEqual(leastHashes);
  expect(turns.length).toBeGreaterThan(10);
  expect(Math.max(...turns)).toBeLessThanOrEqual(1);
});

test('it ends when the client has disconnected', async () => {
  const { turns, explain } = createFixture(10_000);
  const gone = new AbortController();
  gone.abort();
  await expect(explain(question({ signal: gone.signal }))).rejects.toThrow('aborted');
  expect(turns).toHaveLength(1);
});

test('the app is the one that is named, then the one of the page, then the only one', async () => {
  const { asked, explain } = createFixture();
  await explain(question({ app: 'cli_second', tenantKey: 'tenant-1' }));
  await explain(question({ facts: { ...wrong, appId: 'cli_second' } }));
  await explain(question({ facts: { ...wrong, appId: 'cli_of_somebody_else' } }));
  expect(asked).toEqual(['cli_second tenant-1', 'cli_second', 'cli_fake']);
  await expect(explain(question({ app: 'cli_unknown' }))).rejects.toMatchObject({ code: 'APP_UNKNOWN' });
});
