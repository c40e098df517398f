// The simulated store keeps the contract that the Redis store keeps: what is found with the one holds for the other.
import { describeTicketStore, type StorageUnderTest } from '../../support/ticket-store-contract';
import { Scheduler } from './scheduler';
import { createSeededRandom } from '../seeded-random';
import { SharedStore } from './shared-store';
import { SimulatedNetwork } from './simulated-network';
import { SimulatedProcess } from './simulated-process';

/** Everything that is under way, with room to spare: a message takes up to 30 ms, and a command is two. */
const UNDER_WAY_MS = 100;

function makeStorage(): Promise<StorageUnderTest> {
  const scheduler = new Scheduler();
  const random = createSeededRandom(1, 'contract');
  const network = new SimulatedNetwork(scheduler, random);
  const store = new SharedStore({ scheduler, network, random });
  let opened = 0;
  let owedMs = 0;
  let isOver = false;

  /** Lets simulated time pass whenever the test waits for something. */
  async function keepGoing(): Promise<void> {
    while (!isOver) {
      const ms = owedMs;
      await scheduler.runUntil(scheduler.nowMs + UNDER_WAY_MS + ms);
      owedMs -= ms;
      await new Promise(setImmediate);
    }
  }
  const going = keepGoing();
  return Promise.resolve({
    open: () => store.open(new SimulatedProcess(`process-${(opened += 1)}`, scheduler, 0)),
    async pass(ms) {
      // What has passed meanwhile, a few steps of `UNDER_WAY_MS`, is far below what the contract measures.
      owedMs += ms;
      while (owedMs > 0) await new Promise(setImmediate);
    },
    async remove() {
      isOver = true;
      await going;
    },
  });
}

describeTicketStore('the simulated shared store', makeStorage, {
  expires: true,
  locks: true,
  watches: true,
  tellsTime: true,
});
