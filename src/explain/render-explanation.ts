// An explanation as text for a terminal.
import type { Texts } from './texts';
import type { Evidence, Explanation, Marked } from './types';

const VERDICTS: Readonly<Record<Explanation['verdict'], Texts>> = {
  valid: {
    en: 'The signature is valid: it is right for its URL, with the current ticket.',
    zh: '签名有效：与该 URL 和当前 ticket 相符。',
  },
  explained: { en: 'There is an explanation.', zh: '已找到原因。' },
  unknown: { en: 'There is no explanation that is proved or shown.', zh: '没有可证实的原因。' },
};

const STRENGTHS = {
  proved: { en: 'proved by recomputation', zh: '重新计算证实' },
  alternative: { en: 'one of several that give this signature', zh: '可得出同一签名的几种原因之一' },
  shown: { en: 'shown by the values or the platform', zh: '由数值或平台信息表明' },
  possible: { en: 'possible', zh: '可能' },
} as const satisfies Record<string, Texts>;

const LABELS = {
  cure: { en: 'Do', zh: '处理' },
  signed: { en: 'signed', zh: '签名' },
  expected: { en: 'checked', zh: '校验' },
  ticket: { en: 'ticket', zh: 'ticket' },
} as const satisfies Record<string, Texts>;

/** Several lines; the difference is between › and ‹. */
export function renderExplanation({ verdict, findings }: Explanation, language: keyof Texts): string {
  const lines = [VERDICTS[verdict][language]];
  for (const { code, strength, cause, cure, evidence } of findings) {
    lines.push('', `${code} (${STRENGTHS[strength][language]})`);
    lines.push(`  ${cause[language]}`, `  ${LABELS.cure[language]}: ${cure[language]}`);
    for (const piece of evidence) lines.push(...renderEvidence(piece, language).map((line) => `    ${line}`));
  }
  return lines.join('\n');
}

function renderEvidence(evidence: Evidence, language: keyof Texts): string[] {
  if (evidence.type === 'note') return [printable(evidence.text)];
  if (evidence.type === 'ticket')
    return [`${LABELS.ticket[language]} ${evidence.owner} (${evidence.fingerprint})`];
  const { of, signed, expected } = evidence;
  return [
    `${of}, ${LABELS.signed[language]}: ${renderMarked(signed)}`,
    `${of}, ${LABELS.expected[language]}: ${renderMarked(expected)}`,
  ];
}

function renderMarked([before, differs, after]: Marked): string {
  return printable(`${before}›${differs}‹${after}`);
}

/** Control characters as escapes: they must not reach a terminal, and a line break is to be seen. */
function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
