// Marks where two texts differ: what they have in common before and after is left out of the mark.
import type { Marked } from './types';

/** Both texts, each cut in three. Characters are kept whole: no surrogate pair is cut. */
export function difference(signed: string, expected: string): { signed: Marked; expected: Marked } {
  const [a, b] = [Array.from(signed), Array.from(expected)];
  const limit = Math.min(a.length, b.length);
  let start = 0;
  while (start < limit && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < limit - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const mark = (text: string[]): Marked => [
    text.slice(0, start).join(''),
    text.slice(start, text.length - end).join(''),
    text.slice(text.length - end).join(''),
  ];
  return { signed: mark(a), expected: mark(b) };
}
