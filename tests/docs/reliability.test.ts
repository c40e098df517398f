// docs/reliability.md is a page that has every long suite with its command; what a run writes into it and into docs/benchmarks.md has a place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUITES } from '../torture/suites';

const read = (name: string): string => readFileSync(join(__dirname, '../../docs', name), 'utf8');
const reliability = read('reliability.md');

test('docs/reliability.md has the command of each suite, and no option that the suite lacks', () => {
  const commands = [...reliability.matchAll(/npm run torture -- (\w+)([^`#\n]*)/g)];
  expect([...new Set(commands.map(([, name]) => name))].sort()).toEqual(Object.keys(SUITES).sort());
  for (const [, name = '', rest = ''] of commands) {
    const { options = {}, size, isSeeded } = SUITES[name]!;
    const known = [...Object.keys(options), ...(size ? ['size'] : []), ...(isSeeded ? ['seed'] : [])];
    for (const [, option] of rest.matchAll(/--(\w+)/g))
      expect({ name, known }).toEqual({ name, known: expect.arrayContaining([option]) });
  }
});

test.each(['Promise', 'Cannot see'])('each suite says its %s', (part) => {
  const suites = reliability
    .split(/^## /m)
    .filter((section) => section.includes('npm run torture -- '))
    .slice(1);
  expect(suites.length).toBeGreaterThan(7);
  for (const section of suites) expect(section).toContain(`- **${part}`);
});

test('both documents stay a page', () => {
  // 12 KB is what a reader gets through; what is longer is the outcome of a run, which the run can print.
  for (const name of ['reliability.md', 'benchmarks.md'])
    expect(Buffer.byteLength(read(name))).toBeLessThan(12_288);
});

test('both have a place for what a run writes', () => {
  for (const [name, chapter] of [
    ['reliability.md', 'soak'],
    ['benchmarks.md', 'contestants'],
    ['benchmarks.md', 'service'],
  ] as const) {
    const text = read(name);
    const begin = text.indexOf(`<!-- ${chapter}: begin`);
    expect({ chapter, begin }).not.toEqual({ chapter, begin: -1 });
    expect(text.indexOf(`<!-- ${chapter}: end -->`)).toBeGreaterThan(begin);
  }
});
