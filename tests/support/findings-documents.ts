// What the documentation says of the findings, made of their table: `npm run findings` writes it, a test holds it equal.
import { FINDING_OF_PLATFORM_CODE, FINDINGS, type FindingCode } from '../../src/explain/findings';

/** A part of a document that is written by machine, with the lines around it. */
export interface GeneratedPart {
  /** From the package's root. */
  readonly path: string;
  readonly text: string;
}

export const BEGINNING = '<!-- Written by "npm run findings" out of src/explain; a test holds it equal. -->';
export const END = '<!-- The end of what is written by machine. -->';

/** What each language says around the texts of the table, which has both. */
const WORDS = {
  en: {
    errors: 'errors.md',
    table: 'docs/troubleshooting.md',
    chapter: `## Signatures that the client refuses

These are not failures of this service: the client refused a signature, most often with 333441, whose text names no cause. Send the
signer's reply and the client's error to \`POST /explain\`, or pass them to \`node dist/main.js explain\`. Both recompute the
signature with every known mistake, alone and in pairs, and return the names below.

A finding is **proved** if exactly one mistake results in the signature, and an **alternative** if several do. It is **shown** if the
platform's text, its code or a value says so, and otherwise **possible**.`,
    codes: (codes: readonly string[]) => `The client's code is ${codes.join(' or ')}.`,
    cause: '**Cause:**',
    cure: '**What to do:**',
    head: ['the client says', 'finding', 'cause, and what to do'],
    between: ' ',
  },
  zh: {
    errors: 'errors.zh-CN.md',
    table: 'docs/troubleshooting.zh-CN.md',
    chapter: `## 客户端拒绝的签名

这些不是本服务的失败，而是客户端拒绝了签名，最常见的是 333441，其文本不说明原因。把签名服务的响应和客户端的错误发送到 \`POST /explain\`，或交给 \`node dist/main.js explain\`。两者都会按每一种已知的错误（单独或两两组合）重新计算签名，并返回下列名称。

每条结论都标明把握。只有一种错误能得到该签名时为**已证实**（proved），有几种错误都能得到时为**备选**（alternative）。平台的文本、错误码或某个值表明如此时为**有据**（shown），其余为**可能**（possible）。`,
    codes: (codes: readonly string[]) => `客户端错误码：${codes.join('、')}。`,
    cause: '**原因：**',
    cure: '**处理：**',
    head: ['客户端返回', '结论', '原因与处理'],
    between: '',
  },
} as const;

/** The parts, in documents that have the lines of `BEGINNING` and `END` once each. */
export function generatedParts(): GeneratedPart[] {
  return (['en', 'zh'] as const).flatMap((language) => [
    { path: `docs/${WORDS[language].errors}`, text: chapterIn(language) },
    { path: WORDS[language].table, text: tableIn(language) },
  ]);
}

/** Every finding, a section each. */
function chapterIn(language: keyof typeof WORDS): string {
  const words = WORDS[language];
  const sections = (Object.keys(FINDINGS) as FindingCode[]).map((code) => {
    const codes = platformCodesOf(code);
    return [
      `### ${code}`,
      ...(codes.length > 0 ? [words.codes(codes)] : []),
      `${words.cause} ${marked(FINDINGS[code].cause[language])}`,
      `${words.cure} ${marked(FINDINGS[code].cure[language])}`,
    ].join('\n\n');
  });
  return [words.chapter, ...sections].join('\n\n');
}

/** What the client's codes say by themselves, a row each. */
function tableIn(language: keyof typeof WORDS): string {
  const { errors, head, between } = WORDS[language];
  const rows = (Object.keys(FINDINGS) as FindingCode[])
    .map((code) => ({ code, codes: platformCodesOf(code) }))
    .filter(({ codes }) => codes.length > 0)
    .sort((a, b) => Number(a.codes[0]) - Number(b.codes[0]))
    .map(({ code, codes }) => [
      codes.join(', '),
      `[\`${code}\`](${errors}#${code.toLowerCase()})`,
      marked(FINDINGS[code].cause[language]) + between + marked(FINDINGS[code].cure[language]),
    ]);
  return tableOf([head, ...rows]);
}

function platformCodesOf(code: FindingCode): string[] {
  return Object.entries(FINDING_OF_PLATFORM_CODE).flatMap(([platformCode, finding]) =>
    finding === code ? [platformCode] : [],
  );
}

/** What Markdown would read as an entity is code. */
function marked(text: string): string {
  return text.replace(/"(&\w+;)"/g, '`$1`');
}

/** A table as the formatter writes it: every column as wide as its widest cell. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...rows.slice(1).map(line)].join('\n');
}

/** In columns of a terminal: a Chinese character or its punctuation takes two. */
function widthOf(text: string): number {
  return text.length + (text.match(/[\u2e80-\u9fff\uff00-\uff60]/g)?.length ?? 0);
}
