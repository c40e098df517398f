// Explanations share the process: they compute in short turns, and end when nobody waits for them.
import { createExplainer } from '../../src/explainer';
import { heldTicket } from '../support/held-ticket';
import { FakeAppDirectory, FakeSigningApp } from '../support/fake-signing-apps';
import { FakeClock } from '../support/fake-clock';

/** A clock that moves on by half a millisecond whenever it is read. */
class TickingClock extends FakeClock {
  #readMs = 0;
  override monotonicMs(): number {
    this.#readMs += 0.5;
    return super.monotonicMs() + this.#readMs;
  }
}

function createFixture(others = 0) {
  const clock = new TickingClock();
  const turns: number[] = [];
  const tickets = [
    heldTicket('current', 'cli_fake', 'the-ticket-of-the-app'),
    ...Array.from({ length: others }, (_, index) => heldTicket('other', `cli_${index}`, `ticket-${index}`)),
  ];
  const asked: string[] = [];
  const explain = createExplainer({
    apps: new FakeAppDirectory(new FakeSigningApp('cli_fake'), new FakeSigningApp('cli_second')),
    tickets: {
      ticketsFor(appId, tenantKey) {
        asked.push([appId, tenantKey].filter(Boolean).join(' '));
        return tickets;
      },
    },
    clock,
    nowMs: () => clock.wallMs(),
    nextTurn() {
      turns.push(clock.monotonicMs());
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

test('others have their turn every two milliseconds, and the hashes are bounded', async () => {
  const { turns, explain } = createFixture(10_000);
  const { hashes, verdict } = await explain(question());
  expect(verdict).toBe('unknown');
  expect(hashes).toBeLessThanOrEqual(20_000);
  expect(hashes).toBeGreaterThan(15_000);
  expect(turns.length).toBeGreaterThan(10);
  const apart = turns.slice(1).map((turn, index) => turn - turns[index]!);
  expect(Math.max(...apart)).toBeLessThan(4);
});

test('it ends when nobody waits any more', async () => {
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
