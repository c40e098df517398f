// Remembers the tickets and tokens that were last in use, so that a refused signature can be recomputed with each of them.
import type { ServiceEvent } from '../apps/service-event';
import type { HeldTicket } from './types';
import { LruMap } from '../base/lru-map';
import type { Secret } from '../base/secret';
import { fingerprint } from '../base/fingerprint';

/** What one app has, or one tenant of a store app. */
interface Remembered {
  readonly owner: string;
  current?: Secret;
  previous?: Secret;
  accessToken?: Secret;
}

/** 20,000 apps and tenants: twice what one process was measured with, some 10 MB. */
const MAX_OWNERS = 20_000;

/** Is called with every event of the signers; holds only tickets that the signers hold or have just dropped. */
export class RememberedTickets {
  readonly #owners = new LruMap<string, Remembered>(MAX_OWNERS);

  onEvent(event: ServiceEvent): void {
    if (event.of !== 'ticket' && event.of !== 'token') return;
    if (event.event.type !== 'loaded') return;
    const { value, previous } = event.event;
    const remembered = this.#of(event.appId, event.tenantKey);
    if (event.of === 'token') {
      remembered.accessToken = value;
      return;
    }
    remembered.current = value;
    if (previous) remembered.previous = previous;
  }

  /** The app's own, and the current tickets of all others, which are looked up as they are read: there may be thousands. */
  ticketsFor(appId: string, tenantKey?: string): { own: HeldTicket[]; others: Iterable<HeldTicket> } {
    const own = this.#owners.peek(ownerOf(appId, tenantKey));
    const held: HeldTicket[] = [];
    if (own?.current) held.push(hold('current', own.owner, own.current));
    if (own?.previous) held.push(hold('previous', own.owner, own.previous));
    if (own?.accessToken) held.push(hold('access-token', own.owner, own.accessToken));
    return { own: held, others: { [Symbol.iterator]: () => this.#currentBut(own) } };
  }

  *#currentBut(own: Remembered | undefined): Generator<HeldTicket> {
    for (const [, other] of this.#owners) {
      if (other !== own && other.current) yield hold('other', other.owner, other.current);
    }
  }

  #of(appId: string, tenantKey: string | undefined): Remembered {
    const owner = ownerOf(appId, tenantKey);
    const remembered = this.#owners.get(owner) ?? { owner };
    this.#owners.set(owner, remembered);
    return remembered;
  }
}

function ownerOf(appId: string, tenantKey: string | undefined): string {
  return tenantKey === undefined ? appId : `${appId} ${tenantKey}`;
}

function hold(kind: HeldTicket['kind'], owner: string, value: Secret): HeldTicket {
  return {
    kind,
    owner,
    value,
    // Computed when it is shown: one of thousands is.
    get fingerprint() {
      return fingerprint(value);
    },
  };
}
