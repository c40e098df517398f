// A ticket and the cached token it is fetched with.
import type { Timed } from '../base/clock';
import type { Secret } from '../base/secret';
import type { CallCeiling } from '../limits/call-ceiling';
import { createTicketSource } from '../open-platform/ticket-source';
import type { TokenCache } from '../open-platform/with-token';
import type { RenewingEvent } from '../tickets/renewal';
import { renewOnDemand } from '../tickets/renewal-policy';
import { RenewingValue } from '../tickets/renewing-value';
import { createManagedTicket, type ManagedTicket, type ManagedTicketParts } from './managed-ticket';
import type { TicketSetParts } from './ticket-set';

/** The parts of a ticket and its token. */
export interface TokenedTicketParts
  extends
    Pick<TicketSetParts, 'platform' | 'store' | 'clock' | 'random'>,
    Pick<ManagedTicketParts, 'name' | 'appId' | 'sealer' | 'policy' | 'onEvent'> {
  ceiling: CallCeiling;
  loadToken: (signal: AbortSignal) => Promise<Timed<Secret>>;
  /** Where tokens come from in place of `loadToken`. */
  tokens?: TokenCache | undefined;
  /** Runs a load: `fetch` makes the calls, which the given ceiling has to grant. `isDoubt`: see `ManagedTicketParts`. */
  load: (fetch: (from: CallCeiling) => Promise<Timed<Secret>>, isDoubt: boolean) => Promise<Timed<Secret>>;
  onTokenEvent: (event: RenewingEvent<Secret>) => void;
}

/** A ticket with its token. */
export interface TokenedTicket {
  readonly ticket: ManagedTicket;
  /** Closes both. */
  close(): void;
}

/** Makes a ticket and its token; nothing is fetched yet. */
export function createTokenedTicket(parts: TokenedTicketParts): TokenedTicket {
  const { platform, clock, random, ceiling } = parts;
  const { client, settings, time } = platform;
  const token = new RenewingValue({
    load: parts.loadToken,
    policy: renewOnDemand,
    clock,
    random,
    same: (a, b) => a.equals(b),
    onEvent: parts.onTokenEvent,
  });
  const kept: TokenCache = {
    // The back-off of the ticket bounds these calls: a back-off of the token's own would only delay the recovery.
    get() {
      if (token.peek() === undefined) token.loadNow();
      return token.get();
    },
    invalidate: (refused) => token.invalidate(refused),
  };
  const source = createTicketSource({ client, ceiling, token: parts.tokens ?? kept, settings });
  const ticket = createManagedTicket({
    ...parts,
    time,
    load: (signal, isDoubt) => parts.load((from) => source.load(signal, from), isDoubt),
  });
  return {
    ticket,
    close() {
      ticket.close();
      token.close();
    },
  };
}
