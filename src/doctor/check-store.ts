// The ticket store: a value is written, read back, and left to end by itself.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import type { Config } from '../config';
import { describeTicketStore } from '../config/parse-ticket-store';
import { withDeadline } from '../deadline';
import { createTicketStore } from '../tickets/create-ticket-store';
import type { RandomSource } from '../tickets/renewal-policy';
import type { Finding } from './finding';

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
    onError: (_operation, error) => (lastError = error),
  });
  /** A name that no ticket has; it is used up by the time that anybody could look. */
  const name = `doctor ${randomUUID()}`;
  const text = randomUUID();
  async function writeAndRead(): Promise<boolean> {
    await store.write(name, text, { replacing: undefined, lifeMs: LIFE_MS });
    return (await store.read(name)) === text;
  }
  try {
    const isKept = await withDeadline(writeAndRead(), STEP_LIMIT_MS, clock, 'the ticket store');
    const found: Finding = isKept
      ? { ...about, verdict: 'good', finding: 'what is written is read back.' }
      : {
          ...about,
          verdict: 'wrong',
          finding: 'what was written is not there.',
          advice:
            'Look for something that empties the store, such as an eviction policy with too little memory.',
        };
    return [found, ...warnings.map((finding): Finding => ({ ...about, verdict: 'note', finding }))];
  } catch (error) {
    const { message } = lastError ?? (error as Error);
    const advice =
      'Check TICKET_STORE: address, password, and that this user may write. The service signs without a store too, with more calls to the platform.';
    return [{ ...about, verdict: 'wrong', finding: `it fails: ${message}`, advice }];
  } finally {
    await store.close().catch(() => undefined);
  }
}
