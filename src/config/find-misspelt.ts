// Finds variables that look like a misspelling of one of ours, which would have no effect.

/** Shorter names (HOST, PORT) are near too many others of the environment to guess. */
const MIN_GUESSED = 6;

/**
 * Pairs of a variable in `names` and the one of `known` that it nearly is: one edit away, two from ten characters on. Letter case
 * and underscores do not count. A name that is known is never a misspelling. Known names of fewer than `shortest` letters are
 * not guessed.
 *
 * @example findMisspelt(['LARK_APPID'], ['LARK_APP_ID']) // [{ written: 'LARK_APPID', meant: 'LARK_APP_ID' }]
 */
export function findMisspelt(
  names: readonly string[],
  known: readonly string[],
  shortest = MIN_GUESSED,
): { written: string; meant: string }[] {
  const candidates = known
    .filter((name) => name.length >= shortest)
    .map((name) => [name, bare(name)] as const);
  return names.flatMap((written) => {
    if (known.includes(written)) return [];
    const letters = bare(written);
    const [meant] = candidates.find(([, name]) => isNear(letters, name)) ?? [];
    return meant === undefined ? [] : [{ written, meant }];
  });
}

/** A name without letter case and underscores. */
export function bare(name: string): string {
  return name.toUpperCase().replaceAll('_', '');
}

function isNear(written: string, name: string): boolean {
  return isWithin(name.length < 10 ? 1 : 2, written, name);
}

/** Whether at most `edits` insertions, deletions and replacements make one of the other; two swapped letters are two. */
function isWithin(edits: number, one: string, other: string): boolean {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const [rest, otherRest] = [one.slice(same), other.slice(same)];
  if (Math.abs(rest.length - otherRest.length) > edits) return false;
  if (rest === otherRest) return true;
  return (
    edits > 0 &&
    (isWithin(edits - 1, rest.slice(1), otherRest.slice(1)) ||
      isWithin(edits - 1, rest.slice(1), otherRest) ||
      isWithin(edits - 1, rest, otherRest.slice(1)))
  );
}
