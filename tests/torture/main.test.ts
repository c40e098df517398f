// The launcher of the long suites: it lists their names, and refuses what it does not know.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './main';
import { createProgress } from './progress';
import { SUITES } from './suites';

async function launch(...args: string[]): Promise<{ code: number; printed: string; errors: string }> {
  const printed: string[] = [];
  const errors: string[] = [];
  const code = await main(args, {
    print: (line) => void printed.push(line),
    printError: (line) => void errors.push(line),
  });
  return { code, printed: printed.join('\n'), errors: errors.join('\n') };
}

test('--help names each suite and its options', async () => {
  const { code, printed } = await launch('--help');
  expect(code).toBe(0);
  for (const [name, { options = {} }] of Object.entries(SUITES))
    for (const word of [name, ...Object.keys(options).map((option) => `--${option}`)])
      expect(printed).toContain(`  ${word} `);
});

test.each([
  [[], 'Which suite?'],
  [['nonsense'], 'There is no suite "nonsense".'],
  [['constructor'], 'There is no suite "constructor".'],
  [['fuzz', '--requests', '5'], "fuzz: Unknown option '--requests'"],
  [['faults', '--size', '5'], "faults: Unknown option '--size'"],
  [['alerts', '--seed', '5'], "alerts: Unknown option '--seed'"],
  [['fuzz', '--size', '0'], '--size is a whole number from 1, not "0".'],
  [['fuzz', '--seed', '1.5'], '--seed is a whole number from 0, not "1.5".'],
  [['fuzz', '--only', 'nothing'], '--only is one of: endpoint, '],
  [['faults', '--moment', 'never'], 'There is no "never". Try --list.'],
  [['simulation', '--replicas', 'many'], '--replicas is a whole number from 1, not "many".'],
])('%j is refused with the list of suites', async (args, reason) => {
  const { code, printed, errors } = await launch(...args);
  expect({ code, printed }).toEqual({ code: 2, printed: '' });
  expect(errors.startsWith(reason)).toBe(true);
  expect(errors).toContain('Usage: npm run torture -- <name> [options]');
});

test('a suite ends with a verdict in one line', async () => {
  const { code, printed } = await launch('faults', '--list');
  expect(code).toBe(0);
  expect(printed.split('\n').at(-1)).toMatch(/^faults: PASSED, \d+ rows, 0 s$/);
});

test('every module and test file that a suite starts is there', () => {
  for (const { start } of Object.values(SUITES)) {
    const file = 'module' in start ? `tests/torture/${start.module}.ts` : start.program(1).args.at(-1)!;
    const isThere = [file, `${file}.test.ts`].some((path) => existsSync(join(__dirname, '../..', path)));
    expect({ file, isThere }).toEqual({ file, isThere: true });
  }
});

test('progress is a line that changes on a terminal, and seldom a line elsewhere', () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(0);
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  const onTerminal = createProgress(100, 'inputs', { isTTY: true, write });
  const inLog = createProgress(100, 'inputs', { write });
  now.mockReturnValue(5_000);
  onTerminal.show(25, 'events');
  inLog.show(25);
  expect(written).toEqual(['\r\x1b[K25 of 100 inputs, 5.0 a second, 15 s left, events']);
  now.mockReturnValue(20_000);
  inLog.show(80);
  expect(written.at(-1)).toBe('80 of 100 inputs, 4.0 a second, 5 s left\n');
});
