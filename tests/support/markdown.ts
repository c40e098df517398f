// Markdown as GitHub shows it: the links of a document, the anchors of its headings, its sentences.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { lexer as Lexer, Token, walkTokens as WalkTokens } from 'marked' with {
  'resolution-mode': 'import',
};

const ROOT = join(__dirname, '../..');
// Its file for browsers: Jest reads no ES module.
const { lexer, walkTokens } = jest.requireActual<{ lexer: typeof Lexer; walkTokens: typeof WalkTokens }>(
  join(ROOT, 'node_modules/marked/lib/marked.umd.js'),
);

/** Folders that hold no document of this repository. */
const SKIPPED = new Set(['.git', '.next', '.nuxt', '.output', 'coverage', 'dist', 'node_modules']);

/** Every Markdown file of the repository, from its root, in alphabetical order. */
export function markdownFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownFiles(path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}

/** The targets of all links and images, in order, of HTML too; not of addresses that are only written out. */
export function linksOf(markdown: string): string[] {
  const links: string[] = [];
  void walkTokens(lexer(markdown), (token) => {
    if ((token.type === 'link' && token.raw.startsWith('[')) || token.type === 'image')
      links.push((token as { href: string }).href);
    if (token.type === 'html')
      for (const [, target] of token.raw.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)) links.push(target!);
  });
  return links;
}

/** The anchors that GitHub gives the headings, in order: the second of a name ends with `-1`. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return headingsOf(markdown).map((heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation}\s-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function headingsOf(markdown: string): string[] {
  return lexer(markdown).flatMap((token) => (token.type === 'heading' ? [textOf(token)] : []));
}

/** The text of `token`, without marks. */
function textOf(token: Token): string {
  if (token.type === 'br') return ' ';
  const inner = 'tokens' in token ? token.tokens : undefined;
  if (inner !== undefined) return inner.map(textOf).join('');
  return token.type === 'html' ? '' : 'text' in token ? String(token.text) : '';
}

/** A sentence, and how many words it has. */
export interface Sentence {
  readonly text: string;
  readonly words: number;
}

/**
 * The sentences of all headings, paragraphs, entries of lists and cells of tables. Code counts as one word. Chinese has no
 * spaces: its words are those of the Unicode dictionary.
 */
export function sentencesOf(markdown: string, language: 'en' | 'zh'): Sentence[] {
  const bySentence = new Intl.Segmenter(language, { granularity: 'sentence' });
  const byWord = new Intl.Segmenter(language, { granularity: 'word' });
  return blocksOf(lexer(markdown)).flatMap((block) =>
    // A line that is wrapped does not end its sentence.
    Array.from(bySentence.segment(block.replaceAll('\n', ' ')), ({ segment: text }) => ({
      text: text.trim(),
      words: Array.from(byWord.segment(text)).filter(({ isWordLike }) => isWordLike).length,
    })),
  );
}

/** What is read in one go: the text of a paragraph, a heading or a cell, with a word in place of code. */
function blocksOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token): string[] => {
    switch (token.type) {
      case 'table': {
        const { header, rows } = token as unknown as Record<'header', Cell[]> & Record<'rows', Cell[][]>;
        return [header, ...rows].flat().map(({ tokens: inner }) => inner.map(proseOf).join(''));
      }
      case 'list':
        return (token as unknown as { items: Token[] }).items.flatMap((item) =>
          blocksOf('tokens' in item ? (item.tokens ?? []) : []),
        );
      case 'blockquote':
        return blocksOf('tokens' in token ? (token.tokens ?? []) : []);
      case 'paragraph':
      case 'heading':
      case 'text':
        return [proseOf(token)];
      default:
        return [];
    }
  });
}

interface Cell {
  readonly tokens: Token[];
}

function proseOf(token: Token): string {
  if (token.type === 'codespan') return 'X';
  if (token.type === 'image') return '';
  const inner = 'tokens' in token ? token.tokens : undefined;
  return inner === undefined ? textOf(token) : inner.map(proseOf).join('');
}
