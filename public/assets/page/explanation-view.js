// An explanation as the page shows it: each cause with its cure, how sure it is, and what it rests on.
import { make } from './dom.js';
import { bytesOf, markedText, visible } from './marked-text.js';

/** How a verdict, and how a strength, looks. */
const VERDICT_TONES = { valid: 'good', explained: 'bad', unknown: 'warn' };
const STRENGTH_TONES = { proved: 'good', alternative: 'warn', shown: 'warn', possible: 'neutral' };

/** The verdict and its note. */
export function verdictOf({ t }, { verdict, hashes }) {
  const heading = make('p', { className: 'verdict', textContent: t(`verdict_${verdict}`) });
  heading.dataset.tone = VERDICT_TONES[verdict];
  return [heading, make('p', { className: 'note', textContent: t(`verdict_${verdict}Note`, { hashes }) })];
}

/** A list item for each finding, the most likely first. Evidence that several share is shown with the first of them. */
export function findingsOf(language, { findings }) {
  const shown = new Set();
  return findings.map((finding) => {
    const fresh = finding.evidence.filter((piece) => !shown.has(JSON.stringify(piece)));
    for (const piece of fresh) shown.add(JSON.stringify(piece));
    return findingOf(language, { ...finding, evidence: fresh });
  });
}

function findingOf(language, { code, strength, cause, cure, evidence }) {
  const { t, current, errorsPath } = language;
  const chip = make('span', { className: 'chip', textContent: t(`strength_${strength}`) });
  chip.dataset.tone = STRENGTH_TONES[strength];
  return make(
    'li',
    {},
    make(
      'div',
      { className: 'finding-head' },
      chip,
      make('a', { href: errorsPath(code), textContent: code }),
    ),
    make('h3', { textContent: cause[current] }),
    make('p', { className: 'cure' }, make('strong', { textContent: t('cure') }), ` ${cure[current]}`),
    make('p', { className: 'note', textContent: t(`strength_${strength}Note`) }),
    ...evidence.map((piece) => evidenceOf(language, piece)),
  );
}

function evidenceOf(language, piece) {
  const { t } = language;
  if (piece.type === 'note') return make('pre', {}, make('code', {}, ...visible(piece.text)));
  if (piece.type === 'ticket')
    return make('p', { className: 'note', textContent: t('signingTicket', piece) });
  const { of, signed, expected } = piece;
  return make(
    'dl',
    { className: 'difference' },
    ...rowOf(language, t(of === 'appId' ? 'appIdOfPage' : 'differenceSigned', { of }), 'signed', signed),
    ...rowOf(
      language,
      t(of === 'appId' ? 'appIdOfTicket' : 'differenceExpected', { of }),
      'expected',
      expected,
    ),
  );
}

/** What it is, the text with its mark, and the bytes of the mark. */
function rowOf({ t, bytes: inBytes }, label, side, marked) {
  const words = { differsFrom: t('differsFrom'), differsTo: t('differsTo'), nothing: t('nothing') };
  const { offset, count, hex } = bytesOf(marked);
  const text = make('code', { className: side }, ...markedText(marked, words));
  const note = count === 0 ? t('noBytes', { offset }) : t('bytes', { offset, size: inBytes(count), hex });
  return [
    make('dt', { textContent: label }),
    make('dd', {}, text, make('span', { className: 'note', textContent: note })),
  ];
}
