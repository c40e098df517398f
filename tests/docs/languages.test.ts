// The documents that exist in two languages say the same: headings, code, tables and links correspond, section by section.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sentencesOf } from '../support/markdown';

const root = join(__dirname, '../..');

/** Every document that has a Chinese one, with it. */
const PAIRS = ['.', 'deploy', 'docs', 'docs/operations']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.zh-CN.md'))
  .map((chinese) => [chinese.replace('.zh-CN.md', '.md'), chinese] as const);

test('the documents that a front-end developer and an operator need are in both languages', () => {
  const names = [
    'configuration',
    'errors',
    'frameworks',
    'front-end',
    'operations/README',
    'troubleshooting',
  ];
  const needed = ['README.md', 'SECURITY.md', ...names.map((name) => `docs/${name}.md`)];
  expect(PAIRS.map(([english]) => english)).toEqual(expect.arrayContaining(needed));
});

/** What stands between one heading and the next. */
interface Section {
  readonly level: number;
  readonly heading: string;
  /** All of it but fenced code. */
  readonly prose: string;
  readonly fences: readonly { language: string; code: string }[];
  /** The cells of every row of its tables. */
  readonly rows: readonly (readonly string[])[];
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

function sectionsOf(markdown: string): Section[] {
  // Where the code stood, so that a comment in it is no heading.
  const codes = [...markdown.matchAll(FENCE)].map(([, language = '', code = '']) => ({ language, code }));
  let next = 0;
  const outline = markdown.replace(FENCE, () => `\u0000${next++}\u0000`);
  return [...outline.matchAll(/^(#+) ([^\n]+)\n(.*?)(?=^#+ |$(?![^]))/gms)].map(
    ([, { length: level } = '', heading = '', text = '']) => ({
      level,
      heading,
      prose: text.replace(/\0\d+\0|<!--.*?-->/gs, ''),
      fences: [...text.matchAll(/\0(\d+)\0/g)].map(([, index]) => codes[Number(index)]!),
      rows: text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) =>
          line
            .slice(1, -1)
            .split(' | ')
            .map((cell) => cell.trim()),
        )
        .filter((cells) => !cells.every((cell) => /^-+$/.test(cell))),
    }),
  );
}

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!).sort();

/** A cell in which no sentence is left once code and links are taken out reads the same in every language. */
const isWithoutWords = (cell: string): boolean =>
  !/\p{Letter}/u.test(cell.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/`[^`]*`/g, ''));

/** As the English document has it: the punctuation of lists, the document that is linked, the one word that stands for a default. */
const inEnglish = (cell: string): string =>
  cell
    .replaceAll('、', ', ')
    .replace('.zh-CN.md', '.md')
    .replace(/^必填$/, 'required');

describe.each(PAIRS)('%s and %s', (english, chinese) => {
  const texts = [english, chinese].map((path) => readFileSync(join(root, path), 'utf8'));
  const [ours = [], theirs = []] = texts.map(sectionsOf);

  it('name each other below their title', () => {
    const link = (from: string, to: string): string => relative(dirname(from), to);
    // The READMEs have further links on that line.
    const named = texts.map((text) => text.split('\n')[2]!.split(' | ').slice(0, 2).join(' | '));
    expect(named[0]).toBe(`English | [简体中文](${link(english, chinese)})`);
    expect(named[1]).toBe(`[English](${link(chinese, english)}) | 简体中文`);
  });

  it('have no sentence of more than 30 words', () => {
    const long = texts.flatMap((text, index) =>
      sentencesOf(text, index === 0 ? 'en' : 'zh').filter(({ words }) => words > 30),
    );
    expect(long).toEqual([]);
  });

  it('have no line break within a Chinese paragraph, which is shown as a space', () => {
    const prose = theirs.map((section) => section.prose).join('\n');
    expect(prose.match(/^.*[^\s|>-]\n *(?![\s|>-]|\d+\. ).+$/gm) ?? []).toEqual([]);
  });

  it('have the same headings in the same order', () => {
    expect(ours.length).toBeGreaterThan(0);
    expect(theirs.map(({ level }) => level)).toEqual(ours.map(({ level }) => level));
    // What is a code stays one, and with it its anchor.
    const codes = (sections: Section[]): string[] =>
      sections.map(({ heading }) => (/^[A-Z_\d]+$/.test(heading) ? heading : ''));
    expect(codes(theirs)).toEqual(codes(ours));
  });

  it('have the same code blocks; in those that are no commands comments are translated', () => {
    const blocks = (sections: Section[]): unknown[] =>
      sections.map(({ fences }) =>
        fences.map(({ language, code }) => ({
          language,
          code: language === 'sh' ? code : code.replace(/(^|\s+)(\/\/|#) .*$/gm, ''),
        })),
      );
    expect(blocks(theirs)).toEqual(blocks(ours));
  });

  it('have the same rows in their tables: names, defaults, codes and statuses in their order', () => {
    /** What of `rows` does not depend on the language; the English ones say where that is the whole cell. */
    const facts = (rows: Section['rows'], english: Section['rows']): unknown =>
      rows.map((cells, row) =>
        cells.map((cell, column) => {
          const original = english[row]?.[column] ?? '';
          return original === 'required' || isWithoutWords(original) ? inEnglish(cell) : codeIn(cell);
        }),
      );
    for (const [index, { heading, rows }] of ours.entries()) {
      const translated = facts(theirs[index]?.rows ?? [], rows);
      expect({ heading, rows: translated }).toEqual({ heading, rows: facts(rows, rows) });
    }
  });

  it('have the same figures of two digits and more in every section', () => {
    // Not dates, whose months are numbers in Chinese, and not addresses.
    const figures = (sections: Section[]): unknown[] =>
      sections.map(({ prose, rows }, index) => ({
        heading: ours[index]?.heading,
        figures: new Set(
          [prose, ...rows.flat()]
            .join('\n')
            .replace(/`[^`]*`|\]\([^)]*\)|\d+ 月|\d+(?:\.\d+){3}/g, '')
            .match(/\d[\d,.]*\d/g)
            ?.map((figure) => figure.replaceAll(',', '')),
        ),
      }));
    expect(figures(theirs)).toEqual(figures(ours));
  });

  it('name the same code in every section', () => {
    const named = (sections: Section[]): unknown[] =>
      sections.map(({ prose }, index) => ({ heading: ours[index]?.heading, code: new Set(codeIn(prose)) }));
    expect(named(theirs)).toEqual(named(ours));
  });

  it('have the same links in every section', () => {
    const linked = (sections: Section[], from: string): unknown[] =>
      sections.map(({ prose, rows }, index) => ({
        heading: ours[index]?.heading,
        links: [prose, ...rows.flat()]
          .flatMap((text) => [...text.matchAll(/\]\(([^)]+)\)/g)])
          .map(([, target = '']) => placeOf(target, from))
          .sort(),
      }));
    // Above the first heading below the title the two link each other.
    expect(linked(theirs, chinese).slice(1)).toEqual(linked(ours, english).slice(1));
  });
});

/**
 * Where a link of the document at `from` leads, the same for a document and its Chinese one: a relative link to a file and the number of
 * its heading, any other as it is.
 */
function placeOf(target: string, from: string): string {
  if (/^https?:/.test(target)) return target;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  const place = path.replace('.zh-CN.md', '.md');
  if (anchor === undefined || !path.endsWith('.md') || !existsSync(join(root, path))) return place;
  const headings = sectionsOf(readFileSync(join(root, path), 'utf8')).map(({ heading }) => slugOf(heading));
  return `${place}, heading ${headings.indexOf(anchor)}`;
}

/** The anchor that GitHub gives a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
