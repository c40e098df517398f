// Which tickets a refused signature is recomputed with.
import { RememberedTickets } from '../../../src/explain/held-tickets';
import { Secret } from '../../../src/base/secret';
import { fingerprint } from '../../../src/base/fingerprint';

function load(
  tickets: RememberedTickets,
  appId: string,
  text: string,
  previous?: string,
  tenantKey?: string,
): void {
  tickets.onEvent({
    of: 'ticket',
    appId,
    ...(tenantKey !== undefined && { tenantKey }),
    event: {
      type: 'loaded',
      value: new Secret(text),
      previous: previous === undefined ? undefined : new Secret(previous),
      lifeMs: 7_200_000,
    },
  });
}

function listOf(tickets: RememberedTickets, appId: string, tenantKey?: string): string[] {
  const { own, others } = tickets.ticketsFor(appId, tenantKey);
  return [...own, ...others].map(({ kind, owner, value }) => `${kind} ${owner} ${value.reveal()}`);
}

test('an app’s own come first, then the current ones of the others', () => {
  const tickets = new RememberedTickets();
  load(tickets, 'cli_b', 'b1');
  load(tickets, 'cli_a', 'a1');
  load(tickets, 'cli_a', 'a2', 'a1');
  tickets.onEvent({
    of: 'token',
    appId: 'cli_a',
    event: { type: 'loaded', value: new Secret('t1'), previous: undefined, lifeMs: 7_200_000 },
  });
  expect(listOf(tickets, 'cli_a')).toEqual([
    'current cli_a a2',
    'previous cli_a a1',
    'access-token cli_a t1',
    'other cli_b b1',
  ]);
  expect(tickets.ticketsFor('cli_a').own[0]?.fingerprint).toBe(fingerprint(new Secret('a2')));
  expect(listOf(tickets, 'cli_unknown')).toEqual(['other cli_b b1', 'other cli_a a2']);
});

test('tenants are apart', () => {
  const tickets = new RememberedTickets();
  load(tickets, 'cli_s', 'one', undefined, 'tenant-1');
  load(tickets, 'cli_s', 'two', undefined, 'tenant-2');
  expect(listOf(tickets, 'cli_s', 'tenant-2')).toEqual([
    'current cli_s tenant-2 two',
    'other cli_s tenant-1 one',
  ]);
});

test('the previous ticket stays remembered when a load brings none', () => {
  const tickets = new RememberedTickets();
  load(tickets, 'cli_a', 'a2', 'a1');
  load(tickets, 'cli_a', 'a3');
  expect(listOf(tickets, 'cli_a')).toEqual(['current cli_a a3', 'previous cli_a a1']);
});
