// `npm run token-timing`: how long the check of the operator's token takes for wrong tokens that differ early, late, in length, or not at all.
import { loadTypeScript } from './run-typescript.mjs';

/** Enough for medians that repeat to some percent, in a few seconds. */
const ROUNDS = 60_000;
const RIGHT = 'a'.repeat(32);
const TOKENS = {
  'wrong first character': `b${RIGHT.slice(1)}`,
  'wrong last character': `${RIGHT.slice(1)}b`,
  'half as long': RIGHT.slice(16),
  right: RIGHT,
};
/** A comparison that ends early would be off by nanoseconds, a defect that matters (a look-up, another path) by far more. */
const MAX_APART = 1.5;

const { requireOperator } = loadTypeScript('src/http/middleware/require-operator.ts');
const { Secret } = loadTypeScript('src/base/secret.ts');
const admit = requireOperator([new Secret(RIGHT)]);
const taken = new Map(Object.keys(TOKENS).map((name) => [name, []]));

function microsOf(token) {
  const request = { headers: { authorization: `Bearer ${token}` } };
  const startedMs = performance.now();
  try {
    admit(request, { set: () => undefined }, () => undefined);
  } catch {
    // Refused.
  }
  return (performance.now() - startedMs) * 1_000;
}

// In turns, so that whatever else the machine does falls on all of them.
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, token] of Object.entries(TOKENS)) taken.get(name).push(microsOf(token));

const medians = [...taken].map(([name, micros]) => {
  const sorted = micros.slice(ROUNDS / 10).sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(2);
  console.log(
    `${name}: median ${at(0.5)} µs, from ${at(0.25)} (quarter) to ${at(0.75)} (three quarters), p99 ${at(0.99)}`,
  );
  return { name, median: Number(at(0.5)) };
});
// The right one throws nothing, which is a difference that everybody sees anyway.
const wrong = medians.filter(({ name }) => name !== 'right').map(({ median }) => median);
const apart = Math.max(...wrong) / Math.min(...wrong);
const isGood = apart <= MAX_APART;
console.log(
  `token timing: ${isGood ? 'PASSED' : 'FAILED'}, wrong tokens differ by a factor of ${apart.toFixed(3)} in their medians`,
);
process.exitCode = isGood ? 0 : 1;
