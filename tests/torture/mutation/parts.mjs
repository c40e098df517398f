// What is mutated, and by which tests it is judged: the code whose mistakes would be signed, and unit tests on the fake clock.

const envelopes = ['src/tickets/{sealer,sealed-store,stored-ticket}.ts'];
const renewal = ['src/tickets/{renewal,renewal-policy,renewing-value}.ts'];
const keepers = ['src/tickets/ticket-keeper.ts'];
const fileStore = ['src/tickets/stores/file/*.ts'];
// Only a Redis server can tell whether these are right, and one for each mutant takes hours; tests/process/redis judges them.
const redisPlumbing = ['src/tickets/stores/redis/{redis-store,change-feed,open-client,redis-connection}.ts'];

const without = (patterns) => patterns.map((pattern) => `!${pattern}`);
const unit = (...names) => names.map((name) => `tests/unit/${name}.test.ts`);

/**
 * The parts, by the name that `--only` takes, in groups: the files that are changed, and the test files that should notice.
 * Several, since a change of what a file does when it is loaded is tried on every test of its group.
 */
export const PARTS = {
  signing: [{ mutate: ['src/signing/**/*.ts'], tests: unit('signing/**/*') }],
  tickets: [
    {
      // Whatever no other group has, so that a new file is never left out.
      mutate: [
        'src/tickets/**/*.ts',
        ...without([...envelopes, ...renewal, ...keepers, ...fileStore, ...redisPlumbing]),
      ],
      tests: [
        ...unit('tickets/stores/*', 'tickets/stores/redis/*'),
        'tests/service/memory-store-contract.test.ts',
      ],
    },
    {
      mutate: [...envelopes, 'src/base/fingerprint.ts', 'src/apps/store/known-tenants.ts'],
      tests: unit(
        'tickets/{sealer,sealed-store,stored-ticket}',
        'base/fingerprint',
        'apps/store/known-tenants',
      ),
    },
    { mutate: renewal, tests: unit('tickets/{renewal-policy,renewing-value}') },
    {
      mutate: [...keepers, 'src/apps/store/pushed-ticket-keeper.ts'],
      tests: unit('tickets/ticket-keeper*', 'apps/store/pushed-ticket-keeper'),
    },
    {
      mutate: fileStore,
      tests: [...unit('tickets/stores/file/*'), 'tests/service/file-store-contract.test.ts'],
    },
  ],
  limits: [{ mutate: ['src/limits/**/*.ts'], tests: unit('limits/**/*') }],
  faults: [{ mutate: ['src/open-platform/faults.ts'], tests: unit('open-platform/faults') }],
};
