// The floors of src/: a file imports only from its own room and from rooms on lower floors.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const SRC = join(__dirname, '../../src');

/** From the lowest floor up; rooms of one floor do not know each other. */
const FLOORS = [
  ['base', 'client-failures', 'jsapis'],
  ['field-report', 'limits', 'signing'],
  ['open-platform', 'tickets'],
  ['apps'],
  ['explain'],
  ['http'],
  ['config'],
  ['observability'],
  ['service.ts'],
  ['library', 'cli'],
  ['main.ts', 'index.ts'],
];
/** They stand apart: the simulated platform shares the clock and the checks of `Host` and `Origin` with the service, and both the codes of the client. */
const APART = ['sandbox', 'browser', 'testing'];
const SANDBOX_USERS = ['cli/commands.ts', 'cli/demo.ts', 'testing/install-fake-client.ts'];
const SHARED_WITH_SANDBOX = [
  'base/clock.ts',
  'base/is-of-other-origin.ts',
  'base/is-own-host.ts',
  'client-failures/client-codes.ts',
  'jsapis/js-apis.ts',
];
/** Nothing but the first is sent to pages besides the helper itself; the second is types. */
const SHARED_WITH_BROWSER = ['client-failures', 'jsapis'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));

/** A room is a folder at the top of src/, or a file there. */
const roomOf = (file: string): string => file.split('/')[0]!;
const floorOf = (file: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

const SPECIFIER = /(?:from|import|require)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;
const arrows = files
  .flatMap((file) =>
    Array.from(readFileSync(join(SRC, file), 'utf8').matchAll(SPECIFIER), ([, specifier]) => ({
      file,
      target: `${posix.join(posix.dirname(file), specifier!)}.ts`,
    })),
  )
  .filter(({ target }) => files.includes(target));

const between = arrows.filter(({ file, target }) => roomOf(file) !== roomOf(target));
const isApart = (file: string): boolean => APART.includes(roomOf(file));

/** The rooms that a room can reach, itself among them if there is a circle. */
function reach(room: string, seen = new Set<string>()): Set<string> {
  for (const { file, target } of between) {
    if (roomOf(file) !== room || seen.has(roomOf(target))) continue;
    seen.add(roomOf(target));
    reach(roomOf(target), seen);
  }
  return seen;
}

test('every file of src/ is in a room, and only main, service and index are loose', () => {
  const rooms = [...new Set(files.map(roomOf))].sort();
  expect(rooms).toEqual([...FLOORS.flat(), ...APART].sort());
});

test('a file imports only from its own room and from lower floors', () => {
  const upward = between.filter(
    ({ file, target }) => !isApart(file) && !isApart(target) && floorOf(target) >= floorOf(file),
  );
  const rooms = [...new Set(files.map(roomOf))];
  const circles = rooms.filter((room) => reach(room).has(room));
  process.stdout.write(
    `${files.length} files, ${arrows.length} imports, ${between.length} of them between ${rooms.length} rooms: ${upward.length} upward, ${circles.length} rooms in a circle\n`,
  );
  expect(between.length).toBeGreaterThan(100);
  expect(upward).toEqual([]);
  expect(circles).toEqual([]);
});

test('the simulated platform and the browser helper stand apart', () => {
  const users = between.filter(({ target }) => roomOf(target) === 'sandbox').map(({ file }) => file);
  expect([...new Set(users)].sort()).toEqual(SANDBOX_USERS);
  const shared = between.filter(({ file }) => roomOf(file) === 'sandbox').map(({ target }) => target);
  expect([...new Set(shared)].sort()).toEqual(SHARED_WITH_SANDBOX);
  expect(between.filter(({ target }) => roomOf(target) === 'browser')).toEqual([]);
  const sent = between.filter(({ file }) => [...SHARED_WITH_BROWSER, 'browser'].includes(roomOf(file)));
  expect([...new Set(sent.map(({ target }) => roomOf(target)))].sort()).toEqual(SHARED_WITH_BROWSER);
});

test('files export by name', () => {
  const exportAll = files.filter((file) => /^export \*/m.test(readFileSync(join(SRC, file), 'utf8')));
  // `declare module` adds only to interfaces that were not exported by name.
  expect(exportAll).toEqual(['browser/globals.ts']);
});
