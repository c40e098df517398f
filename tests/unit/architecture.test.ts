// Dependencies point one way: who may import what of ours, by folder.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const SRC = join(__dirname, '..', '..', 'src');

/** Files of src/ that are no folder's, and that every folder may use, as it may use base/: small types, rules and errors. */
const GROUND = ['client-network', 'clock', 'deadline', 'errors', 'recent-map', 'secret', 'trusted-roots'];

/** What the files of a folder may import beside the ground and their own folder. */
const ALLOWED: Record<string, readonly string[]> = {
  base: [],
  apps: ['config', 'open-platform', 'tickets'],
  signing: [],
  explain: ['signing'],
  tickets: [],
  'open-platform': ['limits'],
  http: ['signing', 'observability', 'explain'],
  library: ['config'],
  limits: [],
  observability: ['tickets', 'open-platform', 'signer'],
  sandbox: [],
  browser: [],
  cli: [],
  config: ['signing', 'http', 'tickets'],
  doctor: ['config', 'env-file', 'open-platform', 'tickets'],
};

/** Only these may start the simulated platform. */
const SANDBOX_USERS = ['main.ts', 'demo.ts'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

/** The files of ours that a file imports, relative to src/, without extension. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(
    (match) => match[1]!,
  );
  return specifiers.map((specifier) => relative(SRC, resolve(SRC, dirname(file), specifier)));
}

const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '');

const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));

test('there are imports to look at', () => {
  expect(edges.length).toBeGreaterThan(100);
});

test.each(Object.entries(ALLOWED))('%s imports only the ground and %j', (folder, allowed) => {
  const stray = edges.filter(
    ({ file, target }) =>
      folderOf(file) === folder &&
      folderOf(target) !== folder &&
      !GROUND.includes(target) &&
      folderOf(target) !== 'base' &&
      !allowed.includes(folderOf(target) || target),
  );
  expect(stray).toEqual([]);
});

test('every folder of src/ has its rule', () => {
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''));
  expect([...folders].filter((folder) => !(folder in ALLOWED))).toEqual([]);
});

test('only the demo and the command line use the simulated platform', () => {
  const users = edges.filter(
    ({ file, target }) => folderOf(target) === 'sandbox' && folderOf(file) !== 'sandbox',
  );
  expect([...new Set(users.map(({ file }) => file))].sort()).toEqual([...SANDBOX_USERS].sort());
});

test('the simulated platform shares nothing with the service but the clock and the checks of Host and Origin', () => {
  const shared = edges.filter(
    ({ file, target }) => folderOf(file) === 'sandbox' && folderOf(target) !== 'sandbox',
  );
  expect([...new Set(shared.map(({ target }) => target))].sort()).toEqual([
    'base/is-of-other-origin',
    'base/is-own-host',
    'clock',
  ]);
});

test('the browser helper imports nothing of the server, not even the ground', () => {
  const stray = edges.filter(
    ({ file, target }) => folderOf(file) === 'browser' && folderOf(target) !== 'browser',
  );
  expect(stray).toEqual([]);
});
