// docs/front-end.md and the code say the same of the simulated client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_CODES } from '../../src/client-failures/client-codes';
import { parseModes } from '../../src/sandbox/client/modes';
import { createDemoApp } from '../../src/sandbox/demo-apps';
import { countLines, MAX_LINES } from '../support/recipes';

const guide = readFileSync(join(__dirname, '../../docs/front-end.md'), 'utf8');
const [, section = ''] = /^## Developing on your machine$(.*?)^## /ms.exec(guide) ?? [];
const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

/** The rows of the table of modes: name and values, the default first. */
const rows = [...section.matchAll(/^\| `(\w+)` *\|([^|]+)\|/gm)].map(([, name, values]) => ({
  name: name!,
  values: codesIn(values!),
}));

test('every mode is in the table, with its default first', () => {
  const defaults = Object.entries(parseModes('')).map(([name, value]) => ({ name, first: String(value) }));
  const told = rows.map(({ name, values }) => ({ name, first: values[0] ?? '' }));
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
  expect(told.sort(byName)).toEqual(defaults.sort(byName));
});

test('every value in the table is one, and no value is left out', () => {
  for (const { name, values } of rows)
    for (const value of values) expect(() => parseModes(`${name}=${value}`)).not.toThrow();
  // What the refusal of a wrong mode lists.
  let listed = '';
  try {
    parseModes('verify=nothing');
  } catch (error) {
    listed = (error as Error).message;
  }
  const choices = [...listed.matchAll(/(\w+)=(\w+(?:\|\w+)+)/g)];
  expect(choices).toHaveLength(5);
  for (const [, name, values] of choices)
    expect(rows.find((row) => row.name === name)?.values.sort()).toEqual(values!.split('|').sort());
});

test('the app in its lines is the one of the simulated platform, which trusts the pages it speaks of', () => {
  const { appId, appSecret, trustedDomains } = createDemoApp();
  expect(section).toContain(`LARK_APP_ID=${appId}`);
  expect(section).toContain(`LARK_APP_SECRET=${appSecret}`);
  expect(section).toContain(`ALLOWED_ORIGINS='${trustedDomains.join(',')}'`);
});

test('every code of the client is in the table of failures, with the attempt that is due', () => {
  const [, failures = ''] = /^## When it fails$(.*?)^## /ms.exec(guide) ?? [];
  const told = [...failures.matchAll(/^\| ([\d, ]+?) *\|[^|]+\| ([^|]+?) *\|$/gm)].flatMap(
    ([, codes, does]) => codes!.split(', ').map((code) => [code, does!.includes('once more')] as const),
  );
  expect(new Map(told)).toEqual(
    new Map(Object.entries(CLIENT_CODES).map(([code, { attempt }]) => [code, attempt !== undefined])),
  );
});

test.each(['page-react', 'page-vue'])('the guide has the code of examples/%s, in few lines', (name) => {
  const code = readFileSync(join(__dirname, '../../examples', name, 'src/use-lark.ts'), 'utf8');
  expect(guide).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  expect(countLines(code)).toBeLessThanOrEqual(MAX_LINES);
});

test('the guide has the component of examples/page-react', () => {
  const code = readFileSync(join(__dirname, '../../examples/page-react/src/app.tsx'), 'utf8');
  expect(guide).toContain(`\`\`\`tsx\n${code}\`\`\`\n`);
});

test('the number of typed JSAPIs is what the guide says, each with its source', () => {
  const map = readFileSync(join(__dirname, '../../src/jsapis/js-apis.ts'), 'utf8');
  const [, entries = ''] = /^export interface JsApis \{$(.*?)^\}$/ms.exec(map) ?? [];
  const names = [...entries.matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name!);
  const sources = [...entries.matchAll(/^ {2}\/\*\* .*Source: \S+\. \*\/$/gm)];
  const [, told] = /^## Types$.*?Those of (\d+) JSAPIs/ms.exec(guide) ?? [];
  expect([names.length, sources.length]).toEqual([Number(told), Number(told)]);
});
