// What is mutated, and by which tests it is judged: the code whose mistakes would be signed, and unit tests on the fake clock.

const envelopes = ['src/tickets/{sealer,changing-sealer,stored-ticket,fingerprint,known-tenants}.ts'];
const renewal = ['src/tickets/{renewal,renewal-policy,renewing-value}.ts'];
const keepers = ['src/tickets/{ticket-keeper,app-ticket-keeper}.ts'];
const fileStore = ['src/tickets/{file-store,lock-file,replace-file,ticket-file,explaining-file-failure}.ts'];
// Only a Redis server can tell whether these are right, and one for each mutant takes hours; the contract and the outages of
// tests/process/redis judge them.
const redisPlumbing = [
  'src/tickets/stores/redis/redis-store.ts',
  'src/tickets/redis/{change-feed,open-client,redis-connection}.ts',
];

const without = (patterns) => patterns.map((pattern) => `!${pattern}`);
const unit = (...names) => names.map((name) => `tests/unit/tickets/${name}.test.ts`);

/**
 * The parts, by the name that `--only` takes, in groups: the files that are changed, and the test files that should notice.
 * Several, since a change of what a file does when it is loaded is tried on every test of its group.
 */
export const PARTS = {
  signing: [{ mutate: ['src/signing/**/*.ts'], tests: ['tests/unit/signing/**/*.test.ts'] }],
  tickets: [
    {
      // Whatever no other group has, so that a new file is never left out.
      mutate: [
        'src/tickets/**/*.ts',
        ...without([...envelopes, ...renewal, ...keepers, ...fileStore, ...redisPlumbing]),
      ],
      tests: [
        ...unit('{memory-store,create-ticket-store,system-random,redis-*}'),
        'tests/service/memory-store-contract.test.ts',
      ],
    },
    {
      mutate: envelopes,
      tests: unit('{sealer,changing-sealer,stored-ticket,fingerprint,known-tenants}'),
    },
    { mutate: renewal, tests: unit('renew*') },
    { mutate: keepers, tests: unit('*ticket-keeper*') },
    {
      mutate: fileStore,
      tests: [
        ...unit('{file-store,ticket-file,explaining-file-failure}'),
        'tests/service/file-store-contract.test.ts',
      ],
    },
  ],
  limits: [{ mutate: ['src/limits/**/*.ts'], tests: ['tests/unit/limits/**/*.test.ts'] }],
  faults: [{ mutate: ['src/open-platform/faults.ts'], tests: ['tests/unit/open-platform/faults.test.ts'] }],
};
