// docs/field-report.md and its Chinese text list the questions of both reports as the code asks them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_ROWS, PLATFORM_ROWS, type Row } from '../../src/field-report/rows';

describe.each([
  ['en', 'field-report.md'],
  ['zh', 'field-report.zh-CN.md'],
] as const)('in %s, %s', (language, name) => {
  const text = readFileSync(join(__dirname, '../../docs', name), 'utf8');
  const listed = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );

  it('has every row in its order, with what is assumed and what it settles', () => {
    const rows: readonly Row[] = [...PLATFORM_ROWS, ...CLIENT_ROWS];
    expect(listed).toEqual(
      rows.map(({ id, question, assumed, settles }) => [
        ...[`\`${id}\``, question[language], assumed],
        settles.map((assumption) => `\`${assumption}\``).join(', '),
      ]),
    );
  });
});
