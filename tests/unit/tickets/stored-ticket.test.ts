// A ticket as it lies in a store: it comes back whole, and is newer only when it clearly ends later.
import { Secret } from '../../../src/base/secret';
import { isNewer, TICKET_FORM } from '../../../src/tickets/stored-ticket';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ticket = { value: new Secret('ticket-1'), endsAtMs: 1_767_225_600_000, lifeMs: 2 * HOUR };

test('a ticket comes back with its end and its life', () => {
  const read = TICKET_FORM.fromText(TICKET_FORM.toText(ticket))!;
  expect(read.value.reveal()).toBe('ticket-1');
  expect(read).toMatchObject({ endsAtMs: ticket.endsAtMs, lifeMs: ticket.lifeMs });
});

test.each(['1970-01-01', '2024-12-31', '2050-01-01', '9999-12-31'])(
  'an end in %s makes a text unreadable',
  (date) => {
    const text = TICKET_FORM.toText({ ...ticket, endsAtMs: Date.parse(date) });
    expect(TICKET_FORM.fromText(text)).toBeUndefined();
  },
);

test.each([
  [2 * HOUR, MINUTE, false],
  [2 * HOUR, MINUTE + 1, true],
  [2 * HOUR, -2 * MINUTE, false],
  [100_000, 10_000, false],
  [100_000, 10_001, true],
])('of a life of %d ms, ending %d ms later, another ticket is newer: %s', (lifeMs, laterMs, expected) => {
  const other = { value: new Secret('ticket-2'), endsAtMs: ticket.endsAtMs + laterMs, lifeMs };
  expect(isNewer(other, ticket)).toBe(expected);
});

test('the same ticket is never newer, whatever end is reported', () => {
  expect(isNewer({ ...ticket, endsAtMs: ticket.endsAtMs + HOUR }, ticket)).toBe(false);
});
