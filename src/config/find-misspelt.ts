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
  const candidates = known.filter((name) => name.length >= shortest);
  return names.flatMap((written) => {
    if (known.includes(written)) return [];
    const meant = candidates.find((name) => isNear(bare(written), bare(name)));
    return meant === undefined ? [] : [{ written, meant }];
  });
}

/** A name without letter case and underscores. */
export function bare(name: string): string {
  return name.toUpperCase().replaceAll('_', '');
}

function isNear(written: string, name: string): boolean {
  const tolerance = name.length < 10 ? 1 : 2;
  return Math.abs(written.length - name.length) <= tolerance && editDistance(written, name) <= tolerance;
}

/** Levenshtein's distance: insertions, deletions and replacements; two swapped letters count as two. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
