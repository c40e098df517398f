// What comes out of a store: the text of a ticket file, sealed envelopes, values of Redis. Whatever it is, a page gets a ticket that
// is the platform's, or that was sealed by us.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../../src/base/secret';
import { createFileStore } from '../../../src/tickets/stores/file/file-store';
import { Sealer } from '../../../src/tickets/sealer';
import { TICKET_FORM } from '../../../src/tickets/stored-ticket';
import { parseTicketFile, serialiseTicketFile } from '../../../src/tickets/stores/file/ticket-file';
import { TicketKeeper } from '../../../src/tickets/ticket-keeper';
import type { TicketStore } from '../../../src/tickets/ticket-store';
import type { SeededRandom } from '../seeded-random';
import { FakeClock } from '../../support/fake-clock';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';

const NAME = 'https://open.feishu.cn cli_app';
const HOUR_MS = 3_600_000;
const WORDS = [
  'v1.',
  'v2.',
  '.',
  '=',
  '-',
  '_',
  '+',
  '/',
  'A',
  '{',
  '}',
  '"',
  ',',
  '[',
  '"entries":',
  '"format":',
  '"endsAtMs":',
  '1e999',
  '-1',
  'null',
  '"__proto__":',
  '"text":',
  'lark-jsapi-signer tickets v1',
  NAME,
  '\ufeff',
  '\\u0000',
];

export function createStoreTarget(): FuzzTarget {
  const clock = new FakeClock();
  const sealer = new Sealer(new Secret('the app secret'));
  const sealed = (value: string, name = NAME, by = sealer) =>
    by.seal(
      name,
      TICKET_FORM.toText({
        value: new Secret(value),
        endsAtMs: clock.wallMs() + HOUR_MS,
        lifeMs: 2 * HOUR_MS,
      }),
    );
  // An envelope has a random part, which no seed repeats: a failing one is printed whole.
  const envelopes = [
    sealed('ours'),
    sealed('of-another-app', 'https://open.feishu.cn cli_b'),
    sealed('forged', NAME, new Sealer(new Secret('another secret'))),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-store-'));

  /** The ticket that a page gets when the store holds `envelope`. */
  async function ticketFrom(envelope: string | undefined): Promise<string> {
    const store: TicketStore = {
      read: () => Promise.resolve(envelope),
      write: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    };
    const load = () =>
      Promise.resolve({
        value: new Secret('fresh'),
        lifeMs: 2 * HOUR_MS,
        sentAt: { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() },
      });
    const keeper = new TicketKeeper({
      name: NAME,
      load,
      store,
      sealer,
      clock,
      time: { nowMs: () => clock.wallMs() },
      random: () => 0.5,
    });
    try {
      return (await keeper.value.get()).reveal();
    } finally {
      keeper.close();
    }
  }

  async function runFile(text: string): Promise<string | undefined> {
    const path = join(folder, 'tickets.json');
    writeFileSync(path, text, 'latin1');
    // After ten of them the store takes it that another program uses its path.
    rmSync(`${path}.foreign`, { force: true });
    const store = createFileStore({ path, clock, onWarning: () => undefined });
    const kept = await store.read(NAME);
    const written = await store.write(NAME, 'new', { replacing: kept, lifeMs: HOUR_MS });
    const isBack = (await store.read(NAME)) === 'new';
    await store.close();
    return written && isBack ? undefined : 'the file store does not recover';
  }

  return {
    name: 'stores',
    share: 0.11,
    make: (dice) => make(dice, envelopes, clock.wallMs()),
    async run({ kind, text = '' }) {
      if (kind === 'file') return runFile(text);
      const envelope = kind === 'entries' ? parseTicketFile(text)?.get(NAME)?.text : text;
      const ticket = await ticketFrom(envelope);
      return ['fresh', 'ours'].includes(ticket) ? undefined : `a page is signed with ${ticket}`;
    },
    close() {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

function make(dice: SeededRandom, envelopes: readonly string[], nowMs: number): Input {
  const envelope = dice.pick(envelopes);
  const isEnvelope = dice.chance(0.5);
  const entries = new Map([
    [NAME, { text: isEnvelope ? envelope : dice.pick(envelopes), endsAtMs: nowMs + HOUR_MS }],
    ['another', { text: 'x', endsAtMs: nowMs - 1 }],
  ]);
  const text = isEnvelope ? envelope : serialiseTicketFile(entries);
  // A file is written for one in fifty: that takes a hundred times as long.
  const kind = isEnvelope ? 'envelope' : dice.chance(0.04) ? 'file' : 'entries';
  return { kind, text: dice.chance(0.95) ? mutate(dice, text, WORDS) : text };
}
