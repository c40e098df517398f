// The memory store keeps the contract of ticket stores.
import { createMemoryStore } from '../../src/tickets/stores/memory-store';
import { describeTicketStore } from '../support/ticket-store-contract';

describeTicketStore(
  'the memory store',
  () => {
    const store = createMemoryStore();
    return Promise.resolve({
      open: () => store,
      pass: () => Promise.reject(new Error('the memory store has no time')),
      remove: () => store.close(),
    });
  },
  { expires: false },
);
