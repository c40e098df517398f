// docs/errors.md, docs/errors.zh-CN.md and the table of codes say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/base/errors';
import { BEGINNING, END, generatedParts } from '../support/findings-documents';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');

describe.each([
  {
    path: 'docs/errors.md',
    status: (code: number) => `**Status ${code}.**`,
    cure: '**What to do:**',
    example: '**Example:**',
  },
  {
    path: 'docs/errors.zh-CN.md',
    status: (code: number) => `**状态码 ${code}。**`,
    cure: '**处理：**',
    example: '**示例：**',
  },
])('$path', (words) => {
  // The chapter on refused signatures is no part of the codes of this service.
  const [markdown = ''] = read(words.path).split(BEGINNING);
  const sections = markdown.split(/^## /m).slice(1);

  it('has one heading per code, in the order of the table', () => {
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(Object.keys(ERRORS));
  });

  it.each(Object.entries(ERRORS))('tells status, meaning, cure and an example of %s', (code, { status }) => {
    const section = sections.find((candidate) => candidate.startsWith(`${code}\n`));
    const [, meaning = '', ...rest] = section!.trim().split('\n\n');
    expect(meaning.startsWith(`${words.status(status)} `)).toBe(true);
    expect(rest.find((paragraph) => paragraph.startsWith(`${words.cure} `))).toBeDefined();
    const example = rest.at(-1)!;
    expect(example.startsWith(`${words.example} `)).toBe(true);
    expect(example.slice(words.example.length)).toMatch(/^ `[^`]+`$/);
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
