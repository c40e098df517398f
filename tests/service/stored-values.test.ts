// docs/operations/fleet.md lists every name under which something is stored, and for how long.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTicketFile } from '../../src/tickets/stores/file/ticket-file';
import { createStoreWorld, type StoreWorld } from '../support/store-world';
import { APP_ID, createWorld, HOUR, PAGE, type World } from '../support/world';
import { waitUntil } from '../support/wait-until';

const FLEET = readFileSync(join(__dirname, '../../docs/operations/fleet.md'), 'utf8');
/** Name and life, as the table has them. */
const documented = Object.fromEntries(
  Array.from(
    FLEET.matchAll(/^\| `(<platform> [^`]*)` +\|[^|]*\| (.*?) +\|$/gm),
    ([, name = '', life = '']) => [name, life],
  ),
);

const folder = mkdtempSync(join(tmpdir(), 'stored-values-'));
let world: World;
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => world.close());

/** What is stored: the name as the table writes it, and the hours until it ends. */
function stored(path: string, names: Record<string, string>): Record<string, number> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const entries = parseTicketFile(text) ?? new Map<string, { endsAtMs: number }>();
  return Object.fromEntries(
    Array.from(entries, ([name, { endsAtMs }]) => {
      const written = Object.entries(names).reduce((shown, [from, to]) => shown.replace(from, to), name);
      return [written, Math.round((endsAtMs - world.clock.wallMs()) / HOUR)];
    }),
  );
}

it('of a custom app and of a store app, as listed', async () => {
  const custom = join(folder, 'custom.json');
  world = await createWorld({ env: { TICKET_STORE: `file:${custom}` } });
  expect((await world.get(`/config?kind=component&url=${encodeURIComponent(PAGE)}`)).status).toBe(200);
  const ofCustom = { [world.platformUrl]: '<platform>', [APP_ID]: '<app id>' };
  const read = (): Record<string, number> => stored(custom, ofCustom);
  await waitUntil('both are stored', () => Object.keys(read()).length === 2);
  const found = read();
  await world.close();

  const ofStore = join(folder, 'store.json');
  const store: StoreWorld = await createStoreWorld({ env: { TICKET_STORE: `file:${ofStore}` } });
  world = store;
  await waitUntil('signs', async () => (await store.sign('shop', 'tenant-1')).status === 200);
  const names = { [world.platformUrl]: '<platform>', cli_shop: '<app id>', 'tenant-1': '<tenant key>' };
  await waitUntil('all are stored', () => Object.keys(stored(ofStore, names)).length === 3);
  Object.assign(found, stored(ofStore, names));

  expect(found).toEqual({
    '<platform> <app id>': 2,
    '<platform> <app id> component': 2,
    '<platform> <app id> <tenant key>': 2,
    '<platform> <app id> app-ticket': 48,
    '<platform> <app id> tenants': 90 * 24,
  });
  for (const [name, hours] of Object.entries(found))
    expect({ name, life: documented[name] }).toEqual({
      name,
      life: expect.stringMatching(hours === 90 * 24 ? /^90 days / : new RegExp(`\\b${hours} h\\b`)),
    });
  expect(Object.keys(documented).sort()).toEqual(Object.keys(found).sort());
});
