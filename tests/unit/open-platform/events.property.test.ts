// 10,000 events that are not genuine, or not new, in every way there is: none is believed, and none gets past the reader.
import fc from 'fast-check';
import { createEventInbox } from '../../../src/open-platform/event-inbox';
import type { RawEvent } from '../../../src/open-platform/events';
import { Secret } from '../../../src/base/secret';
import { PushedTicketKeeper } from '../../../src/apps/store/pushed-ticket-keeper';
import { createMemoryStore } from '../../../src/tickets/stores/memory-store';
import { Sealer } from '../../../src/tickets/sealer';
import { FakeClock } from '../../support/fake-clock';
import { appTicketEvent, encrypt, send, signed } from '../../support/platform-events';
import { runs } from '../../support/runs';

const APP = 'cli_store';
const KEY = 'the encrypt key';
const TOKEN = 'the verification token';
const NOW = Date.UTC(2026, 0, 1);
const TS = NOW / 1_000;

const PLATFORM = '192.0.2.1';
let clients = 0;
/** Another one for every event, so that none is passed over for the failures of another. */
const nextClient = () => {
  clients += 1;
  return `10.0.${clients >> 8}.${clients & 255}`;
};

/** Every event has its own, so that none is passed over for a duplicate of another. */
let uuids = 0;

const content = (over: { ts?: number; uuid?: string; appTicket?: string } = {}) =>
  appTicketEvent({
    appId: APP,
    appTicket: over.appTicket ?? 'planted',
    ts: String(over.ts ?? TS + 1),
    uuid: over.uuid ?? `u${(uuids += 1)}`,
    token: TOKEN,
  });

/** A newer app ticket, as the platform would send it: what the mutations start from. */
const genuine = (isEncrypted: boolean) =>
  send(content(), isEncrypted ? { encryptKey: KEY, timestampMs: NOW } : {});

const flip = (bytes: Buffer, at: number, mask: number) => {
  const copy = Buffer.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ mask;
  return copy;
};

const at = fc.nat(100_000);
const mask = fc.integer({ min: 1, max: 255 });
const nesting = fc.integer({ min: 1, max: 30_000 });

/** Ways of coming by an event without the keys, for an app with an encrypt key. */
const forgedEncrypted: fc.Arbitrary<RawEvent> = fc.oneof(
  fc.tuple(at, mask).map(([place, bits]) => {
    const event = genuine(true);
    return { ...event, body: flip(event.body, place, bits) };
  }),
  fc.nat(400).map((length) => {
    const event = genuine(true);
    return { ...event, body: event.body.subarray(0, Math.min(length, event.body.length - 1)) };
  }),
  fc
    .tuple(
      fc.constantFrom('x-lark-signature', 'x-lark-request-nonce', 'x-lark-request-timestamp'),
      fc.string(),
    )
    .map(([name, text]) => {
      const event = genuine(true);
      return { ...event, headers: { ...event.headers, [name]: text } };
    }),
  // Recorded and sent again later, or before its time.
  fc
    .tuple(fc.integer({ min: 301, max: 1e9 }), fc.boolean())
    .map(([seconds, isFuture]) =>
      send(content(), { encryptKey: KEY, timestampMs: NOW + (isFuture ? 1 : -1) * seconds * 1_000 }),
    ),
  // Genuine, and no newer than what is kept.
  fc
    .integer({ min: 0, max: 1e6 })
    .map((seconds) => send(content({ ts: TS - seconds }), { encryptKey: KEY, timestampMs: NOW })),
  // The very event that was taken before.
  fc
    .constant(undefined)
    .map(() => send(content({ uuid: 'first', ts: TS + 5 }), { encryptKey: KEY, timestampMs: NOW })),
  fc.string().map((key) => send(content(), { encryptKey: `${KEY}${key}!`, timestampMs: NOW })),
  // Read and written again by something in between: the same JSON, other bytes.
  fc.constantFrom(' ', '\n', '\t').map((space) => {
    const event = genuine(true);
    return { ...event, body: Buffer.from(JSON.stringify(JSON.parse(event.body.toString()), null, space)) };
  }),
  // In clear, though signed by an attacker who has seen a signature, or not at all.
  fc.boolean().map((isSigned) => {
    const { body } = send(content());
    return { body, headers: isSigned ? signed(body, KEY.slice(1), NOW) : {} };
  }),
  fc.constant(undefined).map(() => ({ body: genuine(true).body, headers: {} })),
  nesting.map((depth) => {
    const body = Buffer.from('{"encrypt":'.repeat(depth));
    return { body, headers: signed(body, KEY, NOW) };
  }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString').map((name) => {
    const json = `{"${name}":${JSON.stringify(content())},"encrypt":{"${name}":1}}`;
    const body = Buffer.from(json);
    return { body, headers: signed(body, KEY, NOW) };
  }),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => ({ body: bytes, headers: signed(Buffer.from(bytes), KEY, NOW) })),
  fc.string().map((text) => {
    const body = Buffer.from(JSON.stringify({ encrypt: encrypt(text, KEY) }));
    return { body, headers: signed(body, KEY, NOW) };
  }),
);

/** The same for an app with nothing but a verification token. */
const forgedPlain: fc.Arbitrary<RawEvent> = fc.oneof(
  fc.string().map((token) => send({ ...content(), token: `${token}!` })),
  fc.constantFrom(undefined, null, 0, true, [], {}, [TOKEN]).map((token) => send({ ...content(), token })),
  fc.integer({ min: 0, max: 1e6 }).map((seconds) => send(content({ ts: TS - seconds }))),
  fc.constant(undefined).map(() => send(content({ uuid: 'first', ts: TS + 5 }))),
  fc.nat(200).map((length) => {
    const { body } = genuine(false);
    return { body: body.subarray(0, Math.min(length, body.length - 1)), headers: {} };
  }),
  fc.constantFrom('__proto__', 'constructor', 'prototype').map((name) => ({
    body: Buffer.from(`{"${name}":${JSON.stringify(content())},"event":{"${name}":{"type":"app_ticket"}}}`),
    headers: {},
  })),
  nesting.map((depth) => ({ body: Buffer.from('{"event":'.repeat(depth)), headers: {} })),
  nesting.map((depth) => ({ body: Buffer.from('['.repeat(depth) + ']'.repeat(depth)), headers: {} })),
  fc.json({ maxDepth: 6 }).map((json) => ({ body: Buffer.from(json), headers: {} })),
  fc.uint8Array({ maxLength: 300 }).map((body) => ({ body, headers: {} })),
);

/** An app that has taken one genuine event, and the count of what it takes after that. */
async function setUp(isEncrypted: boolean) {
  const keeper = new PushedTicketKeeper({
    name: 'n',
    store: createMemoryStore(),
    sealer: new Sealer(new Secret('s')),
    clock: new FakeClock(NOW),
    nowMs: () => NOW,
    resend: () => Promise.resolve(),
  });
  const forwarded = jest.fn(() => Promise.resolve(true));
  const inbox = createEventInbox({
    appId: APP,
    clock: new FakeClock(NOW),
    keys: () => ({
      ...(isEncrypted && { encryptKeys: [new Secret(KEY)] }),
      verificationTokens: [new Secret(TOKEN)],
    }),
    maxAgeMs: 300_000,
    nowMs: () => NOW,
    offerAppTicket: async (appTicket, tsMs) => {
      await keeper.offer(appTicket, tsMs);
    },
    forward: forwarded,
  });
  const first = send(content({ uuid: 'first', ts: TS, appTicket: 'kept' }), {
    ...(isEncrypted && { encryptKey: KEY }),
    timestampMs: NOW,
  });
  expect(await inbox.receive(first, PLATFORM)).toEqual({ kind: 'done' });
  return { inbox, keeper, forwarded };
}

describe.each([
  ['with an encrypt key', true, forgedEncrypted],
  ['with a verification token only', false, forgedPlain],
] as const)('an app %s', (name, isEncrypted, forged) => {
  it('keeps its app ticket and passes nothing on, whatever 5,000 forged events say', async () => {
    const { inbox, keeper, forwarded } = await setUp(isEncrypted);
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(forged, async (event) => {
        const outcome = await inbox.receive(event, nextClient());
        outcomes[outcome.kind] = (outcomes[outcome.kind] ?? 0) + 1;
        expect(['refused', 'done']).toContain(outcome.kind);
        expect((await keeper.get())?.reveal()).toBe('kept');
        expect(forwarded).not.toHaveBeenCalled();
      }),
      { numRuns: runs(5_000) },
    );
    process.stdout.write(`${name}: 5000 forged events, ${JSON.stringify(outcomes)}\n`);
  });

  it('still takes the genuine one that they were made of', async () => {
    const { inbox, keeper } = await setUp(isEncrypted);
    expect(await inbox.receive(genuine(isEncrypted), PLATFORM)).toEqual({ kind: 'done' });
    expect((await keeper.get())?.reveal()).toBe('planted');
  });
});
