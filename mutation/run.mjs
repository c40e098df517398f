// `npm run test:mutation [-- --only signing,tickets,faults] [--mutate src/tickets/sealer.ts] [--incremental]`: changes the code in
// every small way, a mutant each, and lists those that no test notices. A verdict for each part; exit code 1 when one falls short.
import { parseArgs } from 'node:util';
import { ensurePackages } from '../scripts/ensure-packages.mjs';
import { createOptions } from './options.mjs';
import { PARTS } from './parts.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join() },
    mutate: { type: 'string' },
    incremental: { type: 'boolean', default: false },
  },
});
const names = values.only.split(',');
const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined)
  throw new RangeError(`--only takes ${Object.keys(PARTS).join(', ')}, and not "${unknown}"`);
if (values.mutate !== undefined && names.length > 1)
  throw new RangeError('--mutate narrows one part: name it with --only');
if (!ensurePackages('mutation', 'Stryker')) throw new Error('Stryker cannot be installed');

// Only now: it may just have been installed.
const { Stryker } = await import('@stryker-mutator/core');
const verdicts = [];
for (const name of names) {
  const { mutate, tests } = PARTS[name];
  const startedMs = performance.now();
  const part = { mutate: values.mutate?.split(',') ?? mutate, tests };
  const mutants = await new Stryker(createOptions(name, part, values.incremental)).runMutationTest();
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  verdicts.push(describeVerdict(name, mutants, seconds));
}
for (const verdict of verdicts) console.log(verdict);
// Stryker sets it below the threshold, too; a pattern that matches no code is no success either.
if (verdicts.some((verdict) => verdict.includes(' no mutants'))) process.exitCode = 1;

function describeVerdict(name, mutants, seconds) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const judged = noticed + count('Survived', 'NoCoverage');
  if (judged === 0) return `mutation of ${name}: no mutants`;
  const score = ((100 * noticed) / judged).toFixed(1);
  return `mutation of ${name}: ${score} % of ${judged} mutants noticed (${count('Timeout')} by time alone), ${count('NoCoverage')} met by no test, ${seconds} s`;
}
