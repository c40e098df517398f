// docs/errors.md and the table of codes say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/errors';
import { BEGINNING, END, generatedParts } from '../support/findings-documents';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
// The chapter on refused signatures is no part of the codes of this service.
const [markdown = ''] = read('docs/errors.md').split(BEGINNING);
const sections = markdown.split(/^## /m).slice(1);

describe('docs/errors.md', () => {
  it('has one heading per code, in the order of the table', () => {
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(Object.keys(ERRORS));
  });

  it.each(Object.entries(ERRORS))('tells status, meaning, cure and an example of %s', (code, { status }) => {
    const section = sections.find((candidate) => candidate.startsWith(`${code}\n`));
    expect(section).toMatch(new RegExp(`^\\*\\*Status ${status}\\.\\*\\* \\S`, 'm'));
    expect(section).toMatch(/^\*\*What to do:\*\* \S/m);
    expect(section).toMatch(/^\*\*Example:\*\* `[^`]+`$/m);
  });

  it('gives the true title of its sample problem', () => {
    const sample = JSON.parse(/```json\n(.*?)```/s.exec(markdown)![1]!);
    const code = sample.code as keyof typeof ERRORS;
    expect(sample).toMatchObject({ ...ERRORS[code], type: `/errors#${code}`, msg: sample.detail });
  });
});

test.each(generatedParts())(
  '$path tells of refused signatures what the table of findings does',
  ({ path, text }) => {
    const [, generated] = read(path).split(BEGINNING);
    expect(generated?.split(END)[0]?.trim()).toBe(text);
  },
);
