// The file store keeps the contract of ticket stores, over a file in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../src/tickets/stores/file/file-store';
import { FakeClock } from '../support/fake-clock';
import { describeTicketStore } from '../support/ticket-store-contract';

describeTicketStore(
  'the file store',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'file-store-'));
    const clock = new FakeClock();
    const onWarning = (message: string) => {
      throw new Error(`unexpected warning: ${message}`);
    };
    return {
      open: () => createFileStore({ path: join(folder, 'tickets.json'), clock, onWarning }),
      pass: (ms) => clock.advance(ms),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  { expires: true },
);
