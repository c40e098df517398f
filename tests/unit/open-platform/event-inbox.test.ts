// What becomes of events: app tickets kept, others passed on, duplicates answered, nothing lost.
import { createEventInbox, type EventInboxOptions } from '../../../src/open-platform/event-inbox';
import { Secret } from '../../../src/secret';
import { appTicketEvent, send } from '../../support/platform-events';

const APP = 'cli_store';

function setUp(options: Partial<EventInboxOptions> = {}) {
  const offered: string[] = [];
  const inbox = createEventInbox({
    appId: APP,
    keys: () => ({ verificationToken: new Secret('tok') }),
    maxAgeMs: 300_000,
    nowMs: () => 0,
    offerAppTicket: (appTicket, tsMs) => {
      offered.push(`${appTicket.reveal()}@${tsMs}`);
      return Promise.resolve();
    },
    forward: () => undefined,
    ...options,
  });
  return { inbox, offered };
}

const ticket = (uuid: string) =>
  send(appTicketEvent({ appId: APP, appTicket: 'one', ts: '5', uuid, token: 'tok' }));
const other = (uuid: string) => send({ uuid, token: 'tok', event: { type: 'message' } });

test('an app ticket is offered once, however often its event comes', async () => {
  const { inbox, offered } = setUp();
  const outcomes = await Promise.all([inbox.receive(ticket('u1')), inbox.receive(ticket('u1'))]);
  outcomes.push(await inbox.receive(ticket('u1')));
  expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
  expect(offered).toEqual(['one@5000']);
  await inbox.receive(ticket('u2'));
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
  for (const event of [...events, ...events]) expect(await inbox.receive(event)).toEqual({ kind: 'done' });
  expect(forwarded).toEqual(events.map(({ body }) => body.toString()));
});

test('an event that was not taken is tried again when it comes again', async () => {
  let isUp = false;
  const forward = jest.fn(() => Promise.resolve(isUp));
  const { inbox } = setUp({ forward });
  expect(await inbox.receive(other('u1'))).toEqual({ kind: 'not-forwarded', type: 'message' });
  isUp = true;
  expect(await inbox.receive(other('u1'))).toEqual({ kind: 'done' });
  expect(await inbox.receive(other('u1'))).toEqual({ kind: 'done' });
  expect(forward).toHaveBeenCalledTimes(2);
});

test('without anybody to pass it on to, an event is never taken for handled', async () => {
  const { inbox } = setUp();
  for (let time = 0; time < 2; time += 1)
    expect(await inbox.receive(other('u1'))).toEqual({ kind: 'not-taken', type: 'message' });
});

test('a forged event is passed on to nobody, and its uuid does not stand in the way of the real one', async () => {
  const forward = jest.fn(() => Promise.resolve(true));
  const { inbox, offered } = setUp({ forward });
  const forged = send({ uuid: 'u1', token: 'guess', event: { type: 'message' } });
  expect(await inbox.receive(forged)).toEqual({ kind: 'refused', fault: 'wrong token' });
  expect(forward).not.toHaveBeenCalled();
  await inbox.receive(ticket('u1'));
  expect(offered).toHaveLength(1);
});

test('a challenge is answered every time', async () => {
  const { inbox } = setUp();
  const asked = send({ type: 'url_verification', challenge: 'abc', token: 'tok' });
  for (let time = 0; time < 2; time += 1)
    expect(await inbox.receive(asked)).toEqual({ kind: 'challenge', challenge: 'abc' });
});
