// How many random inputs a test takes: a fifth in `npm test`, all of them in `npm run test:all`.

/** `whole`, or `sample`, a fifth of it by default, unless the variable TESTS is `all`, as scripts/test.mjs sets it. */
export function runs(whole: number, sample = Math.ceil(whole / 5)): number {
  return process.env['TESTS'] === 'all' ? whole : sample;
}
