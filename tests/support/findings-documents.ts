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

const CHAPTER = `## Signatures that the client refuses

Not failures of this service: the client refused a signature, most often with 333441, whose text names no cause. Send the
signer's reply and the client's error to \`POST /explain\`, or give them to \`node dist/main.js explain\`: both recompute the
signature under every known mistake, alone and in pairs, and answer with the names below. A finding is **proved** when the signature
comes out exactly, **shown** when the platform's text, its code or a value says so, and otherwise **possible**.`;

/** The parts, in documents that have the lines of `BEGINNING` and `END` once each. */
export function generatedParts(): GeneratedPart[] {
  const sections = Object.entries(FINDINGS).map(([code, { cause, cure }]) => {
    const codes = platformCodesOf(code as FindingCode);
    return [
      `### ${code}`,
      ...(codes.length > 0 ? [`The client's code is ${codes.join(' or ')}.`] : []),
      `**Cause:** ${marked(cause.en)}`,
      `**What to do:** ${marked(cure.en)}`,
      `**原因：** ${marked(cause.zh)}`,
      `**处理：** ${marked(cure.zh)}`,
    ].join('\n\n');
  });
  const rows = (Object.keys(FINDINGS) as FindingCode[])
    .map((code) => ({ code, codes: platformCodesOf(code) }))
    .filter(({ codes }) => codes.length > 0)
    .sort((a, b) => Number(a.codes[0]) - Number(b.codes[0]))
    .map(({ code, codes }) => [
      codes.join(', '),
      `[\`${code}\`](docs/errors.md#${code.toLowerCase()})`,
      `${marked(FINDINGS[code].cause.en)} ${marked(FINDINGS[code].cure.en)}`,
    ]);
  return [
    { path: 'docs/errors.md', text: [CHAPTER, ...sections].join('\n\n') },
    { path: 'README.md', text: tableOf([['the client says', 'finding', 'cause, and what to do'], ...rows]) },
  ];
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
function tableOf(rows: readonly string[][]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...rows.slice(1).map(line)].join('\n');
}
