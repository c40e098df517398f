// `npm run torture -- mutation [--only signing,tickets,faults] [--groups 1,3] [--incremental]`: changes the code in every small way, a
// mutant each, and lists those that no test notices. A verdict for each group; exit code 1 when one falls short.
import { parseArgs } from 'node:util';
import { ensurePackages } from '../../../scripts/ensure-packages.mjs';
import { createOptions } from './options.mjs';
import { PARTS } from './parts.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join() },
    groups: { type: 'string' },
    incremental: { type: 'boolean', default: false },
  },
});
const names = values.only.split(',');
const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined)
  throw new RangeError(`--only takes ${Object.keys(PARTS).join(', ')}, and not "${unknown}"`);
const numbers = values.groups?.split(',').map(Number);
const runs = names
  .flatMap((name) => PARTS[name].map((group, index) => ({ ...group, name, number: index + 1 })))
  .filter(({ number }) => numbers?.includes(number) ?? true);
if (runs.length === 0) throw new RangeError('--groups takes numbers of groups of the parts, from 1 on');
if (!ensurePackages('tests/torture/mutation', 'Stryker')) throw new Error('Stryker cannot be installed');

// Only now: it may just have been installed.
const { Stryker } = await import('@stryker-mutator/core');
const verdicts = [];
for (const run of runs) {
  const startedMs = performance.now();
  const mutants = await new Stryker(createOptions(run, values.incremental)).runMutationTest();
  verdicts.push(describeVerdict(run, mutants, Math.round((performance.now() - startedMs) / 1000)));
}
for (const verdict of verdicts) console.log(verdict);

/** One line; without a mutant to judge, Stryker's threshold would let the group pass. */
function describeVerdict({ name, number }, mutants, seconds) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const judged = noticed + count('Survived', 'NoCoverage');
  if (judged === 0) process.exitCode = 1;
  const score = judged === 0 ? 'none' : `${((100 * noticed) / judged).toFixed(1)} %`;
  return `mutation of ${name} ${number}: ${score} of ${judged} mutants noticed (${count('Timeout')} by time alone), ${count('NoCoverage')} met by no test, ${seconds} s`;
}
