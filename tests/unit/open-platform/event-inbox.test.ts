// What becomes of events: app tickets kept, others passed on, duplicates answered, nothing lost.
import { createEventInbox, type EventInboxOptions } from '../../../src/open-platform/event-inbox';
import { Secret } from '../../../src/base/secret';
import { FakeClock } from '../../support/fake-clock';
import { appTicketEvent, send } from '../../support/platform-events';

const APP = 'cli_store';
const CLIENT = '192.0.2.1';

function setUp(options: Partial<EventInboxOptions> = {}) {
  const offered: string[] = [];
  const clock = new FakeClock(0);
  const inbox = createEventInbox({
    appId: APP,
    clock,
    keys: () => ({ verificationTokens: [new Secret('tok')] }),
    maxAgeMs: 300_000,
    nowMs: () => 0,
    offerAppTicket: (appTicket, tsMs) => {
      offered.push(`${appTicket.reveal()}@${tsMs}`);
      return Promise.resolve();
    },
    forward: () => undefined,
    ...options,
  });
  return { inbox, offered, clock };
}

const ticket = (uuid: string) =>
  send(appTicketEvent({ appId: APP, appTicket: 'one', ts: '5', uuid, token: 'tok' }));
const other = (uuid: string) => send({ uuid, token: 'tok', event: { type: 'message' } });

test('an app ticket is offered once, however often its event comes', async () => {
  const { inbox, offered } = setUp();
  const outcomes = await Promise.all([
    inbox.receive(ticket('u1'), CLIENT),
    inbox.receive(ticket('u1'), CLIENT),
  ]);
  outcomes.push(await inbox.receive(ticket('u1'), CLIENT));
  expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
  expect(offered).toEqual(['one@5000']);
  await inbox.receive(ticket('u2'), CLIENT);
  expect(offered).toHaveLength(2);
});

test('100 other events are passed on as they came, each once when it is taken', async () => {
  const forwarded: string[] = [];
  const { inbox } = setUp({
    forward: ({ body }) => {
      forwarded.push(Buffer.from(body).toString());
      return Promise.resolve(true);
    },
  });
  const events = Array.from({ length: 100 }, (_, index) => other(`u${index}`));
  for (const event of [...events, ...events])
    expect(await inbox.receive(event, CLIENT)).toEqual({ kind: 'done' });
  expect(forwarded).toEqual(events.map(({ body }) => body.toString()));
});

test('an event that was not taken is tried again when it comes again', async () => {
  let isUp = false;
  const forward = jest.fn(() => Promise.resolve(isUp));
  const { inbox } = setUp({ forward });
  expect(await inbox.receive(other('u1'), CLIENT)).toEqual({ kind: 'not-forwarded', type: 'message' });
  isUp = true;
  expect(await inbox.receive(other('u1'), CLIENT)).toEqual({ kind: 'done' });
  expect(await inbox.receive(other('u1'), CLIENT)).toEqual({ kind: 'done' });
  expect(forward).toHaveBeenCalledTimes(2);
});

test('without a receiver, an event is never treated as handled', async () => {
  const { inbox } = setUp();
  for (let time = 0; time < 2; time += 1)
    expect(await inbox.receive(other('u1'), CLIENT)).toEqual({ kind: 'not-taken', type: 'message' });
});

test('a forged event is forwarded to no receiver, and its uuid does not block the genuine one', async () => {
  const forward = jest.fn(() => Promise.resolve(true));
  const { inbox, offered } = setUp({ forward });
  const forged = send({ uuid: 'u1', token: 'guess', event: { type: 'message' } });
  expect(await inbox.receive(forged, CLIENT)).toEqual({
    kind: 'refused',
    fault: 'wrong token',
    isRepeated: false,
  });
  expect(forward).not.toHaveBeenCalled();
  await inbox.receive(ticket('u1'), CLIENT);
  expect(offered).toHaveLength(1);
});

test('a challenge is answered every time', async () => {
  const { inbox } = setUp();
  const asked = send({ type: 'url_verification', challenge: 'abc', token: 'tok' });
  for (let time = 0; time < 2; time += 1)
    expect(await inbox.receive(asked, CLIENT)).toEqual({ kind: 'challenge', challenge: 'abc' });
});

describe('a flood of forged events', () => {
  const encryptKey = 'key-1';
  const keys = () => ({ encryptKeys: [new Secret(encryptKey)], verificationTokens: [new Secret('tok')] });
  const unsigned = (token = 'tok') => ({
    ...send({ type: 'url_verification', challenge: 'abc', token }, { encryptKey }),
    headers: {},
  });
  const wrong = () => ({ ...unsigned(), headers: { 'x-lark-signature': 'x' } });
  const genuine = (uuid: string) =>
    send(appTicketEvent({ appId: APP, appTicket: 'one', ts: '5', uuid, token: 'tok' }), { encryptKey });

  test('keeps no signed event out, and after ten no unsigned one of the same network is read for a minute', async () => {
    const { inbox, offered, clock } = setUp({ keys });
    const kinds: string[] = [];
    for (let index = 0; index < 12; index += 1)
      kinds.push((await inbox.receive(unsigned('guess'), CLIENT)).kind);
    expect(kinds).toEqual([...Array<string>(10).fill('refused'), 'limited', 'limited']);
    await clock.advance(20_000);
    expect(await inbox.receive(unsigned(), CLIENT)).toEqual({ kind: 'limited', retryAfterMs: 40_000 });
    expect(await inbox.receive(unsigned(), '192.0.2.2')).toMatchObject({ kind: 'challenge' });
    expect(await inbox.receive(genuine('u1'), CLIENT)).toEqual({ kind: 'done' });
    expect(offered).toHaveLength(1);
    await clock.advance(40_000);
    expect(await inbox.receive(unsigned(), CLIENT)).toMatchObject({ kind: 'challenge' });
  });

  test('with wrong signatures differs from the first ones, for the log', async () => {
    const { inbox } = setUp({ keys });
    const repeated: boolean[] = [];
    for (let index = 0; index < 12; index += 1) {
      const outcome = await inbox.receive(wrong(), CLIENT);
      if (outcome.kind === 'refused') repeated.push(outcome.isRepeated);
    }
    expect(repeated).toEqual([...Array<boolean>(10).fill(false), true, true]);
  });

  test('from many networks leaves those alone that have not failed', async () => {
    const { inbox } = setUp({ keys });
    for (let index = 0; index < 100; index += 1) await inbox.receive(wrong(), `10.0.0.${index}`);
    expect(await inbox.receive(unsigned(), '10.0.0.7')).toMatchObject({ kind: 'limited' });
    expect(await inbox.receive(unsigned(), CLIENT)).toMatchObject({ kind: 'challenge' });
  });

  test('without an encrypt key keeps no app ticket out: what is small is always read', async () => {
    const { inbox, offered } = setUp();
    const guess = (padding: string) => send({ token: 'guess', event: { type: 'message', padding } });
    for (let index = 0; index < 10; index += 1) await inbox.receive(guess(''), CLIENT);
    expect(await inbox.receive(guess('x'.repeat(4_096)), CLIENT)).toMatchObject({ kind: 'limited' });
    expect(await inbox.receive(guess(''), CLIENT)).toMatchObject({ kind: 'refused' });
    expect(await inbox.receive(ticket('u1'), CLIENT)).toEqual({ kind: 'done' });
    expect(offered).toHaveLength(1);
  });
});
