// How many random inputs a test takes: a fifth in `npm test`, all of them in `npm run test:all`.

/** `whole`, or a fifth of it unless the variable TESTS is `all`, as scripts/test.mjs sets it. */
export function runs(whole: number): number {
  return process.env['TESTS'] === 'all' ? whole : Math.ceil(whole / 5);
}
