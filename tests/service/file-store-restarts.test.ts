// A ticket in a file outlives its process: many starts, one after the other, against the simulated platform over real HTTP.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCallCeiling } from '../../src/limits/call-ceiling';
import { createPlatform } from '../../src/open-platform/platform';
import { createTicketSource } from '../../src/open-platform/ticket-source';
import { createTransport } from '../../src/open-platform/transport';
import { createSandbox } from '../../src/sandbox/sandbox';
import { Secret } from '../../src/base/secret';
import { createFileStore } from '../../src/tickets/stores/file/file-store';
import { renewOnDemand } from '../../src/tickets/renewal-policy';
import { RenewingValue } from '../../src/tickets/renewing-value';
import { Sealer } from '../../src/tickets/sealer';
import { TicketKeeper } from '../../src/tickets/ticket-keeper';
import { FakeClock } from '../support/fake-clock';

const MINUTE = 60_000;
const APP_ID = 'cli_restarts000001';
const APP_SECRET = 'the-secret-of-the-restarted-app';

const clock = new FakeClock();
const sandbox = createSandbox({
  clock,
  apps: [{ appId: APP_ID, appSecret: APP_SECRET, trustedDomains: ['h5.example.com'] }],
});
const transport = createTransport();
let folder: string;
let baseUrl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restarts-'));
  baseUrl = (await sandbox.listen()).url;
});
afterAll(async () => {
  await transport.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** What one process does for one app, from its start to its end; gives the ticket it signed with. */
async function liveOnce(path: string): Promise<string> {
  const random = () => 0.5;
  const platform = createPlatform({ baseUrl, fetch: transport.fetch, clock, clockCorrection: true });
  const token = new RenewingValue({
    load: (signal) =>
      platform.client.tenantAccessToken({ appId: APP_ID, appSecret: new Secret(APP_SECRET) }, signal),
    policy: renewOnDemand,
    clock,
    random,
  });
  const source = createTicketSource({
    client: platform.client,
    ceiling: createCallCeiling({ callsPerHour: 60, clock }),
    token,
  });
  const store = createFileStore({
    path,
    clock,
    onWarning: (message) => {
      throw new Error(message);
    },
  });
  const keeper = new TicketKeeper({
    name: `${baseUrl} ${APP_ID}`,
    load: (signal) => source.load(signal),
    store,
    sealer: new Sealer(new Secret(APP_SECRET)),
    clock,
    time: { nowMs: () => platform.time.nowMs() },
    random,
  });
  keeper.value.warmUp();
  const ticket = await keeper.value.get();
  keeper.close();
  token.close();
  platform.close();
  await store.close();
  return ticket.reveal();
}

test('50 starts within one ticket’s life make one ticket call in all, and start 51 renews it', async () => {
  const path = join(folder, 'tickets.json');
  const tickets = new Set<string>();
  for (let start = 0; start < 50; start += 1) {
    tickets.add(await liveOnce(path));
    await clock.advance(MINUTE);
  }
  console.info(`50 starts, ${sandbox.counters.calls('ticket')} ticket call`);
  expect(sandbox.counters.calls('ticket')).toBe(1);
  expect(sandbox.counters.calls('token')).toBe(1);
  expect([...tickets]).toEqual(sandbox.issuedTickets(APP_ID));

  await clock.advance(70 * MINUTE);
  expect(tickets).not.toContain(await liveOnce(path));
  expect(sandbox.counters.calls('ticket')).toBe(2);
});

test('without the file every start costs a call', async () => {
  sandbox.counters.reset();
  for (let start = 0; start < 3; start += 1) await liveOnce(join(folder, `tickets-${start}.json`));
  expect(sandbox.counters.calls('ticket')).toBe(3);
});
