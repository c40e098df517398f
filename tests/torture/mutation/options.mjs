// How Stryker runs one group.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Percent of the mutants that tests must notice; what nothing can notice is explained in docs/reliability.md. */
const MIN_SCORE = 85;

/**
 * Stryker's options for one group of `PARTS`, the `number`-th of `name`. With `isIncremental`, what the last run has found
 * holds for code and tests that have not changed since; a change elsewhere, in a helper of the tests, goes unseen then.
 */
export function createOptions({ name, number, mutate, tests }, isIncremental) {
  return {
    mutate,
    // What is copied to be changed: no more than the tests of the parts need.
    ignorePatterns: [
      '**',
      '!src/**',
      '!tests/**',
      'tests/torture/mutation',
      '!package.json',
      '!tsconfig.json',
      '!jest.config.ts',
    ],
    // Outside the repository, where neither a linter nor a test at work meets the copy.
    tempDirName: join(tmpdir(), 'lark-jsapi-signer-mutation'),
    cleanTempDir: 'always',
    plugins: ['@stryker-mutator/jest-runner'],
    testRunner: 'jest',
    jest: {
      configFile: 'jest.config.ts',
      config: {
        // It writes static files from what is not copied; these tests read none of them.
        globalSetup: null,
        testMatch: tests.map((pattern) => `<rootDir>/${pattern}`),
        // So long a test waits for a promise that a mutant never settles; none of these tests takes a tenth of it.
        testTimeout: 10_000,
      },
    },
    coverageAnalysis: 'perTest',
    // The cores of the smallest machines in use.
    concurrency: 2,
    // A mutant that runs out of time counts as noticed, so a busy machine must not be what takes the time.
    timeoutMS: 30_000,
    timeoutFactor: 3,
    incremental: true,
    incrementalFile: fileURLToPath(new URL(`.results/${name}-${number}.json`, import.meta.url)),
    force: !isIncremental,
    reporters: ['clear-text', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    clearTextReporter: { allowColor: process.stdout.isTTY, reportTests: false },
    // Up to 95 the report's figures are yellow; below `break` the command fails.
    thresholds: { high: 95, low: MIN_SCORE, break: MIN_SCORE },
  };
}
