// Changes texts a little, at places and with words that parsers trip over.
import type { SeededRandom } from '../seeded-random';

/** Characters that end, escape, fold into, or look like something else; and what has no width, no other half, or no end. */
const CHARACTERS = [
  ...[
    '\0',
    '\t',
    '\n',
    '\r',
    '\x1b',
    '\x7f',
    '\u0085',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '\ud800',
    '\udfff',
    '😀',
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ı',
    'ſ',
    '\u212a',
    '。',
    '．',
    '／',
    '＼',
    '：',
    '＠',
    '？',
    '＃',
    '⁄',
    '℀',
    '%',
    '%%',
  ],
  ...[
    '/',
    '\\',
    '?',
    '#',
    '&',
    '=',
    ':',
    ';',
    '@',
    '*',
    '+',
    ' ',
    '"',
    "'",
    '<',
    '`',
    '|',
    '^',
    '[',
    ']',
    '{',
    '}',
    ',',
    '.',
    '..',
    '-',
    '0',
    '1',
  ],
];

/** Long enough that work which grows with the square of the length takes seconds. */
const LONGEST = 60_000;

/** `text` with one to four changes; `words` belong to its grammar. */
export function mutate(dice: SeededRandom, text: string, words: readonly string[]): string {
  let changed = text;
  for (let times = 1 + dice.below(4); times > 0; times -= 1) changed = change(dice, changed, words);
  return changed;
}

function change(dice: SeededRandom, text: string, words: readonly string[]): string {
  const at = dice.below(text.length + 1);
  const length = 1 + dice.below(dice.chance(0.8) ? 4 : 40);
  const [before, middle, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (dice.below(10)) {
    case 0:
      return before + after;
    case 1:
      return before + middle + middle + after;
    case 2:
    case 3:
      return before + dice.pick(CHARACTERS) + middle + after;
    case 4:
      return before + dice.pick(CHARACTERS) + after;
    case 5:
    case 6:
      return before + dice.pick(words) + middle + after;
    case 7:
      return before + dice.pick(words) + after;
    case 8:
      return before + String.fromCharCode(text.charCodeAt(at) ^ (1 << dice.below(8))) + text.slice(at + 1);
    default:
      return dice.chance(0.02)
        ? longer(dice, before, middle || dice.pick(words), after)
        : before + swapCase(middle) + after;
  }
}

function longer(dice: SeededRandom, before: string, piece: string, after: string): string {
  return before + piece.repeat(Math.ceil(dice.below(LONGEST) / piece.length)) + after;
}

function swapCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}
