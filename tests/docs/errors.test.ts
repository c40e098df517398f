// docs/errors.md, docs/errors.zh-CN.md, their pages and the table of codes say the same.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/base/errors';
import { parsePageUrl } from '../../src/signing/page-url';
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

  it('lists under URL_INVALID what is refused', () => {
    const section = sections.find((candidate) => candidate.startsWith('URL_INVALID\n'))!;
    const cells = [...section.matchAll(/^\|[^|]*\|([^|]*)\|$/gm)].map(([, cell = '']) => cell);
    const examples = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
    expect(examples.length).toBeGreaterThan(15);
    for (const text of examples) {
      const url = text.startsWith('/') ? `https://h5.example.com${text}` : text;
      expect(() => parsePageUrl(url)).toThrow(expect.objectContaining({ code: 'URL_INVALID' }));
    }
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

describe.each([
  {
    language: 'en',
    tag: 'en',
    document: 'docs/errors.md',
    other: '<a href="?lang=zh">简体中文</a>',
    contents: 'Contents',
    home: '← JSAPI signer',
  },
  {
    language: 'zh',
    tag: 'zh-CN',
    document: 'docs/errors.zh-CN.md',
    other: '<a href="?lang=en">English</a>',
    contents: '目录',
    home: '← JSAPI 签名服务',
  },
])('the page in $tag', ({ language, tag, document, other, contents, home }) => {
  const page = read(`public/errors.${language}.html`);
  const idsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
  const linksOf = (html: string): string[] =>
    [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link]) => link!);

  it('has every heading of the document at its anchor, and a link to each below its title', () => {
    const headings = [
      ...read(document)
        .replaceAll(/```.*?```/gs, '')
        .matchAll(/^#+ (.*)$/gm),
    ];
    const anchors = headings.map(([, text]) => text!.replaceAll('`', '').replaceAll(' ', '-'));
    expect(anchors.length).toBeGreaterThan(50);
    expect(idsOf(page)).toEqual(anchors);
    const [, nav = ''] = /<nav[^>]*>(.*)<\/nav>/.exec(page) ?? [];
    expect(linksOf(nav)).toEqual(anchors.slice(1).map((anchor) => `#${anchor}`));
    expect(page).toContain(`<summary>${contents}</summary>`);
  });

  it('leads to the other language at its top, back to the page, and nowhere by an absolute path', () => {
    expect(page).toMatch(new RegExp(`^<!doctype html>\n<html lang="${tag}">`));
    const [, top] = /<\/h1>\n(.*)\n/.exec(page) ?? [];
    expect(top).toContain(other);
    expect(page).toContain(`<a class="home" href="./">${home}</a>`);
    expect(page).toContain('href="assets/document.css"');
    const ids = idsOf(page);
    for (const link of linksOf(page)) {
      expect(link).toMatch(/^(?:https:\/\/|#|\?lang=|assets\/|\.\/$)/);
      if (link.length > 1 && link.startsWith('#')) expect(ids).toContain(link.slice(1));
    }
  });

  it('leads from every code to the same code in the other language', () => {
    const codes = idsOf(page).filter((id) => /^[A-Z\d_]+$/.test(id));
    expect(codes.length).toBeGreaterThan(50);
    const [, otherLanguage] = /"(\?lang=\w+)"/.exec(other) ?? [];
    const links = linksOf(page).filter((link) => link.startsWith(`${otherLanguage}#`));
    expect(links).toEqual(codes.map((code) => `${otherLanguage}#${code}`));
  });

  it('breaks a long code in its contents behind a line, not within a word', () => {
    expect(page).toContain('>SIGNATURE_<wbr>ZEROS_<wbr>DROPPED</a>');
  });

  it('holds no comment of the document, and no script or style of its own', () => {
    expect(page).not.toMatch(/<!--|<script|<style|style=/);
  });
});

test.each([
  ['HTML', 'a <b>word</b>'],
  ['a link that would run a script', '[a](javascript:alert)'],
  ['a link to a file that is not served', '[a](operations/fleet.md)'],
])('a document with %s is no page', (_, markdown) => {
  const render = (text: string): string =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { renderErrorPage } from './scripts/render-error-page.mjs';
try { console.log(renderErrorPage(${JSON.stringify(text)}, 'en')); } catch ({ message }) { console.log(message); }`,
      ],
      { cwd: join(__dirname, '../..'), encoding: 'utf8' },
    );
  expect(render(`# Errors\n\n${markdown}`)).toMatch(/^This cannot be in a page of errors: /);
});
