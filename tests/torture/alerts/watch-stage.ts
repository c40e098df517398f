// Plays a service on the fake clock while pages ask, as Prometheus sees it: a scrape every half minute.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { MINUTE, SECOND, type World } from '../../support/world';
import { ScrapedReplica, type FiredAlert } from './fired-alerts';

/** The interval of deploy/kubernetes-monitoring.yaml. */
const SCRAPE_EVERY_SECONDS = 30;
/** Turns of the event loop in which a reply arrives, unless its page waits for a ticket. */
const TURNS = 200;

/** A service with pages that ask. */
export interface Stage {
  readonly world: World;
  /** The paths of the pages that ask at each scrape, by its number. */
  pages(scrape: number): readonly string[];
  /** Prometheus cannot reach it. */
  isCutOff?: boolean;
  close(): Promise<void>;
}

/** What pages and Prometheus saw; seconds since the first scrape. */
export interface Watched {
  readonly pages: number;
  /** When pages were answered 5xx. */
  readonly refusedAtSeconds: readonly number[];
  readonly alerts: readonly FiredAlert[];
}

/** `at` runs before the scrape of its minute. */
export async function watchStage(
  stage: Stage,
  { minutes, at = {} }: { minutes: number; at?: Record<number, () => unknown> },
): Promise<Watched> {
  const { world } = stage;
  const { port } = world.service.operatorServer!.address() as AddressInfo;
  // The platform's time is the true one, which Prometheus has too; a fault may set the service's wrong.
  const replica = new ScrapedReplica({
    everySeconds: SCRAPE_EVERY_SECONDS,
    startMs: world.sandbox.nowMs(),
  });
  const refusedAtSeconds: number[] = [];
  let pages = 0;

  async function ask(path: string, seconds: number): Promise<void> {
    const reply = await fetch(world.baseUrl + path);
    await reply.arrayBuffer();
    pages += 1;
    if (reply.status >= 500) refusedAtSeconds.push(seconds);
    else if (reply.status !== 200) throw new Error(`a page is answered ${reply.status}`);
  }

  const waiting = new Set<Promise<void>>();
  /** All that ask, but for those that wait for a ticket. */
  async function askAll(scrape: number): Promise<void> {
    for (const path of stage.pages(scrape)) {
      const asking = ask(path, scrape * SCRAPE_EVERY_SECONDS).finally(() => waiting.delete(asking));
      waiting.add(asking);
    }
    for (let turn = 0; turn < TURNS && waiting.size > 0; turn += 1) await nextTurn();
  }

  const scrapes = (minutes * MINUTE) / (SCRAPE_EVERY_SECONDS * SECOND);
  for (let scrape = 0; scrape <= scrapes; scrape += 1) {
    await at[(scrape * SCRAPE_EVERY_SECONDS * SECOND) / MINUTE]?.();
    await askAll(scrape);
    // What waits for a ticket does so for 5 s.
    await world.advance(6 * SECOND);
    await Promise.all(waiting);
    replica.add(stage.isCutOff ? undefined : await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    await world.advance((SCRAPE_EVERY_SECONDS - 6) * SECOND);
  }
  return { pages, refusedAtSeconds, alerts: replica.firedAlerts() };
}
