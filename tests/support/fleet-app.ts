// The app that a fleet signs for: its simulated platform, the environment of its processes, and what one of them answers.
import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import type { SignedConfig } from '../../src/signing/types';

export const FLEET_APP_ID = 'cli_fleet000000001';
const APP_SECRET = 'the-secret-of-the-fleet-app';
export const FLEET_ORIGIN = 'https://h5.example.com';

/** The environment of a service process for the app that `createFleetPlatform` knows. */
export function serviceEnv(platformUrl: string, ticketStore: string, port: number): Record<string, string> {
  return {
    LARK_APP_ID: FLEET_APP_ID,
    LARK_APP_SECRET: APP_SECRET,
    LARK_DOMAIN: platformUrl,
    ALLOWED_ORIGINS: FLEET_ORIGIN,
    TICKET_STORE: ticketStore,
    // Tickets live for seconds here; an hour's allowance would be used up by design.
    TICKET_CALLS_PER_HOUR: '10000',
    HOST: '127.0.0.1',
    PORT: String(port),
    // Without a line a request.
    LOG_LEVEL: 'warn',
  };
}

/** A simulated platform that notes when, and with which ticket call, each ticket was issued. */
export function createFleetPlatform(): { sandbox: Sandbox; issues: () => Issue[] } {
  const made = new Map<string, Omit<Issue, 'ticket'>>();
  const sandbox = createSandbox({
    clock: steadyWithinATurn(),
    apps: [{ appId: FLEET_APP_ID, appSecret: APP_SECRET, trustedDomains: [new URL(FLEET_ORIGIN).host] }],
    randomHex(bytes) {
      const value = randomBytes(bytes).toString('hex');
      // The call that is being answered is counted afterwards, so it is the next one's number.
      made.set(value, { atMs: performance.now(), callNumber: sandbox.counters.calls('ticket') });
      return value;
    },
  });
  const issues = () =>
    sandbox.issuedTickets(FLEET_APP_ID).map((ticket) => ({ ticket, ...made.get(ticket)! }));
  return { sandbox, issues };
}

/**
 * The machine's clock, but one moment for all that is done in one turn of the event loop. Otherwise a millisecond that passes
 * between the issue of a ticket and the counting of its whole seconds makes a life of 12 s one of 11, and all ask too early.
 */
function steadyWithinATurn(): Clock {
  let wallMs: number | undefined;
  return {
    ...systemClock,
    wallMs() {
      if (wallMs === undefined) setImmediate(() => (wallMs = undefined));
      return (wallMs ??= systemClock.wallMs());
    },
  };
}

/** A ticket as the simulated platform issued it. */
export interface Issue {
  ticket: string;
  /** By this process's monotonic clock. */
  atMs: number;
  /** How many ticket calls there had been before. */
  callNumber: number;
}

/** Whether `/readyz` of the process that listens on `port` says so. */
export async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** A signature of the process that listens on `port`, as its page gets it. Rejects unless it is one. */
export async function signOnce(port: number): Promise<SignedConfig> {
  const response = await fetch(
    `http://127.0.0.1:${port}/config?url=${encodeURIComponent(`${FLEET_ORIGIN}/once`)}`,
  );
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as SignedConfig;
}
