// The ticket store: a value is written, read back, and left to expire.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock';
import type { Config } from '../../config/config';
import { describeTicketStore } from '../../config/parse-ticket-store';
import { withDeadline } from '../../base/deadline';
import { createTicketStore } from '../../tickets/stores/create-ticket-store';
import { aclOf, findRefusedCommands } from '../../tickets/stores/redis/find-refused-commands';
import type { RedisAddress } from '../../tickets/stores/redis/parse-redis-url';
import { RedisFailure } from '../../tickets/stores/redis/redis-failure';
import type { RandomSource } from '../../base/random';
import type { Finding } from './finding';
import { step } from './step';

/** As long as the service waits for a store, and time for a first connection. */
const STEP_LIMIT_MS = 5_000;
/** Long enough to be read back, and soon gone. */
const LIFE_MS = 10_000;

/** Findings on the store that is configured. Never rejects. */
export async function checkStore(
  { ticketStore: setting, caPem }: Pick<Config, 'ticketStore' | 'caPem'>,
  clock: Clock,
  random: RandomSource,
): Promise<Finding[]> {
  const about = { check: 'store', subject: describeTicketStore(setting) } as const;
  if (setting.kind === 'memory') {
    const finding = 'every process keeps its own tickets, and fetches them anew at its start.';
    return [{ ...about, verdict: 'good', finding }];
  }
  const warnings: string[] = [];
  let lastError: Error | undefined;
  const store = createTicketStore({
    setting,
    caPem,
    clock,
    random,
    onWarning: (message) => warnings.push(message),
    onEvent(event) {
      if (event.type === 'failed') lastError = event.error;
    },
  });
  /** A name that no ticket has; it expires before another reader could use it. */
  const name = `doctor ${randomUUID()}`;
  const text = randomUUID();
  async function writeAndRead(): Promise<boolean> {
    await store.write(name, text, { replacing: undefined, lifeMs: LIFE_MS });
    return (await store.read(name)) === text;
  }
  try {
    const isKept = await withDeadline(writeAndRead(), STEP_LIMIT_MS, clock, 'the ticket store');
    const found: Finding = isKept
      ? { ...about, verdict: 'good', finding: 'a written value is read back.' }
      : {
          ...about,
          verdict: 'wrong',
          finding: 'a written value is missing.',
          advice:
            'Look for something that empties the store, such as an eviction policy with too little memory.',
        };
    // Warnings of Redis are caused by missing rights.
    const notes =
      setting.kind === 'redis'
        ? await checkRights('note', setting.address, caPem, clock)
        : warnings.map((finding) => ({ verdict: 'note' as const, finding }));
    return [found, ...notes.map((note): Finding => ({ ...about, ...note }))];
  } catch (error) {
    if (setting.kind === 'redis' && lastError instanceof RedisFailure && lastError.isReply) {
      const [refusal] = await checkRights('wrong', setting.address, caPem, clock);
      if (refusal) return [{ ...about, ...refusal }];
    }
    const { message } = lastError ?? (error as Error);
    const advice =
      'Check TICKET_STORE: address, password, and that this user may write. The service signs without a store too, with more calls to the platform.';
    return [{ ...about, verdict: 'wrong', finding: `it fails: ${message}`, advice }];
  } finally {
    await store.close().catch(() => undefined);
  }
}

/** What the account of a Redis server may not do; `wrong` where the store does not work. Nothing where that cannot be tried. */
async function checkRights(
  verdict: 'note' | 'wrong',
  address: RedisAddress,
  caPem: string | undefined,
  clock: Clock,
): Promise<Pick<Finding, 'verdict' | 'finding' | 'advice'>[]> {
  const refused = await step(clock, 'the rights of the account', (signal) =>
    findRefusedCommands({ address, caPem, signal }),
  ).catch((): string[] => []);
  if (refused.length === 0) return [];
  const consequence =
    verdict === 'wrong' ? 'nothing can be kept' : 'more calls go to the platform than need be';
  return [
    {
      verdict,
      finding: `Redis refuses ${refused.join(', ')} to this user: ${consequence}.`,
      advice: `Have an administrator of Redis allow these commands: ${aclOf(address)}`,
    },
  ];
}
