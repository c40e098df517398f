// Faults of the Redis store, with a real server. Tickets are still loaded; only sharing with other processes suffers.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createClient } from 'redis';
import { RedisServer } from '../../support/redis-server';
import { command } from '../../support/redis-stores';
import { harmless } from './expectations';
import type { Expectation, FaultCase, Infliction, LogFields } from './fault-case';

const PASSWORD = 'the-password-of-redis';
const KEYS = 'lark-jsapi-signer:ticket:*';
/** Two answers to us and some turns of the event loop: what was sent before has been answered, and that has been read. */
const TURNS_AFTER = 10;
/** For a server that does not answer: what there is to happen happens at once. */
const TURNS_WITHOUT = 60;

/** A server as a cell may spoil it. */
interface Redis {
  readonly server: RedisServer;
  readonly url: string;
}

interface Ways {
  begin: (redis: Redis) => unknown;
  end: (redis: Redis) => unknown;
  /** Whether it answers while it is spoilt. */
  answers: boolean;
}

function spoilt({ begin, end, answers }: Ways): () => Promise<Infliction> {
  return async () => {
    const server = await RedisServer.start({ args: ['--requirepass', PASSWORD] });
    const redis = { server, url: `redis://:${PASSWORD}@127.0.0.1:${server.port}` };
    let isAnswering = true;
    let witness = await openWitness(redis.url);
    return {
      world: {
        env: { TICKET_STORE: redis.url },
        // The answer of a server on this machine: hardly ever so late, and only waited for while a load is under way.
        patienceMs: () => (isAnswering ? 300 : 0),
        async alsoSettle() {
          if (isAnswering) await witness.ping().then(() => witness.ping());
          for (let turn = 0; turn < (isAnswering ? TURNS_AFTER : TURNS_WITHOUT); turn += 1) await nextTurn();
        },
      },
      async begin() {
        isAnswering = answers;
        if (!answers) witness.destroy();
        await begin(redis);
      },
      async end() {
        await end(redis);
        if (!answers) witness = await openWitness(redis.url);
        isAnswering = true;
      },
      async isMended() {
        const keys = (await command(redis.url, 'KEYS', KEYS)) as string[];
        // Probes of a store that has failed lie there for a while, too.
        const key = keys.find((each) => !each.includes(':probe '));
        // A sealed ticket is far longer than any garbage of ours.
        return key !== undefined && Number(await command(redis.url, 'STRLEN', key)) > 100;
      },
      secrets: [PASSWORD],
      async dispose() {
        if (isAnswering) witness.destroy();
        await server.stop();
      },
    };
  };
}

async function openWitness(url: string) {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Does `words` to every ticket that is kept; at a cold start there is none, and nothing to spoil. */
async function toEachTicket({ url }: Redis, ...commands: ((key: string) => string[])[]): Promise<void> {
  for (const key of (await command(url, 'KEYS', KEYS)) as string[])
    for (const words of commands) await command(url, ...words(key));
}

const row = (name: string, what: string, ways: Ways, expected: FaultCase['expected']): FaultCase => ({
  name,
  area: 'Redis',
  what,
  blocks: false,
  needs: 'redis-server',
  inflict: spoilt(ways),
  expected,
});

const FAILS = { msg: 'the ticket store fails' };

/** Told whenever the store is needed, and, where the connection suffers, when it is looked after. */
function told(
  log: LogFields,
  fresh: LogFields | 'silent',
  changes: Partial<Expectation> = {},
): FaultCase['expected'] {
  return harmless({ cold: log, fresh, renewing: log, expired: log }, { cold: changes });
}

export const redisStoreFaults: readonly FaultCase[] = [
  row(
    'redis-down',
    'the server is gone',
    { begin: ({ server }) => server.kill(), end: ({ server }) => server.restart(), answers: false },
    told({ ...FAILS, error: 'ECONNREFUSED' }, { ...FAILS, operation: 'connect' }),
  ),
  row(
    'redis-hanging',
    'the server takes commands and answers none',
    { begin: ({ server }) => server.freeze(), end: ({ server }) => server.thaw(), answers: false },
    told({ ...FAILS, operation: 'connect' }, { ...FAILS, operation: 'connect' }),
  ),
  row(
    'redis-read-only',
    'the server has become a replica',
    {
      begin: ({ url }) => command(url, 'REPLICAOF', '127.0.0.1', '1'),
      end: ({ url }) => command(url, 'REPLICAOF', 'NO', 'ONE'),
      answers: true,
    },
    told({ ...FAILS, error: 'READONLY' }, 'silent'),
  ),
  row(
    'redis-full',
    'the server is out of memory',
    {
      begin: ({ url }) => command(url, 'CONFIG', 'SET', 'maxmemory', '1'),
      end: ({ url }) => command(url, 'CONFIG', 'SET', 'maxmemory', '0'),
      answers: true,
    },
    told({ ...FAILS, error: 'OOM' }, 'silent'),
  ),
  row(
    'redis-password',
    'the password has been changed',
    {
      begin: ({ url }) =>
        command(url, 'CONFIG', 'SET', 'requirepass', 'another').then(() =>
          command(url.replace(PASSWORD, 'another'), 'CLIENT', 'KILL', 'TYPE', 'normal'),
        ),
      end: ({ url }) => command(url.replace(PASSWORD, 'another'), 'CONFIG', 'SET', 'requirepass', PASSWORD),
      answers: false,
    },
    told({ ...FAILS, error: 'WRONGPASS' }, { ...FAILS, error: 'WRONGPASS' }),
  ),
  row(
    'redis-garbage',
    'what is kept is not ours',
    {
      begin: (redis) => toEachTicket(redis, (key) => ['SET', key, 'garbage']),
      end: () => undefined,
      answers: true,
    },
    harmless({ renewing: { msg: 'cannot be decrypted' }, expired: { msg: 'cannot be decrypted' } }),
  ),
  row(
    'redis-wrong-type',
    'what is kept is a list',
    {
      begin: (redis) =>
        toEachTicket(
          redis,
          (key) => ['DEL', key],
          (key) => ['RPUSH', key, 'x'],
        ),
      // The key is foreign: an operator removes it.
      end: (redis) => toEachTicket(redis, (key) => ['DEL', key]),
      answers: true,
    },
    harmless({ renewing: { ...FAILS, error: 'WRONGTYPE' }, expired: { ...FAILS, error: 'WRONGTYPE' } }),
  ),
];
