// docs/library.md has every entry of the package, every option, and every name that is exported.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as everything from '../../src/index';
import * as handler from '../../src/library/handler';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const page = read('docs/library.md');

/** The first cells of the rows below the heading `title`, without code marks. */
function firstCells(title: string): string[] {
  const [, section = ''] = page.split(`# ${title}\n`);
  const [own = ''] = section.split(/^#+ /m);
  return [...own.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name!);
}

/** The fields of the interface `name` in a source, but for those of tests. */
function fieldsOf(path: string, name: string): string[] {
  const [, body = ''] =
    new RegExp(`interface ${name}(?:<R>)?(?: extends [^{]*)? \\{\\n(.*?)^\\}`, 'ms').exec(read(path)) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\??: /gm)].map(([, field]) => field!);
}

test('every entry of package.json has a section', () => {
  const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> };
  const entries = Object.keys(exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => entry.replace('.', 'lark-jsapi-signer'));
  expect([...page.matchAll(/^## (lark-\S+)$/gm)].map(([, entry]) => entry)).toEqual(entries);
});

test.each([
  ['Options of createSigner', fieldsOf('src/library/signer-options.ts', 'SignerOptions')],
  [
    'lark-jsapi-signer',
    fieldsOf('src/library/page-handler.ts', 'PageHandlerOptions').filter((name) => name !== 'clock'),
  ],
  ['lark-jsapi-signer/handler', fieldsOf('src/library/carrier.ts', 'CarrierOptions')],
])('the table below %s has every option', (title, options) => {
  expect(options.length).toBeGreaterThan(2);
  expect(firstCells(title).sort()).toEqual(options.sort());
});

test('every function, class and value that a server imports is named', () => {
  const names = new Set([...Object.keys(everything), ...Object.keys(handler)]);
  expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});
