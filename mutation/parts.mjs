// What is mutated, and by which tests it is judged: the code whose mistakes would be signed, and unit tests on the fake clock.

/** The parts, by the name that `--only` takes: the files that are changed, and the test files that should notice. */
export const PARTS = {
  signing: {
    mutate: ['src/signing/**/*.ts'],
    tests: ['tests/unit/signing/**/*.test.ts'],
  },
  tickets: {
    mutate: [
      'src/tickets/**/*.ts',
      // Only a Redis server can tell whether these are right, and one for each mutant takes hours; the contract and the
      // outages of tests/contract judge them.
      '!src/tickets/redis-store.ts',
      '!src/tickets/redis/{change-feed,open-client,redis-connection}.ts',
    ],
    // Of the contract's suites those that start no process.
    tests: ['tests/unit/tickets/**/*.test.ts', 'tests/contract/{memory,file}-store.test.ts'],
  },
  faults: {
    mutate: ['src/open-platform/faults.ts'],
    tests: ['tests/unit/open-platform/faults.test.ts'],
  },
};
