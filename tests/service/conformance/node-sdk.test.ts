// The official Node SDK, an independent client, must work against the simulated platform.
import { Client } from '@larksuiteoapi/node-sdk';
import { systemClock } from '../../../src/base/clock';
import { createSandbox, type Sandbox, type SandboxApp } from '../../../src/sandbox/sandbox';

const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

// The SDK caches tokens for the whole process by app id, so every test takes an app of its own.
const app = (appId: string): SandboxApp => ({ appId, appSecret: 'secret', trustedDomains: [] });

describe('@larksuiteoapi/node-sdk against the simulated platform', () => {
  let sandbox: Sandbox;
  let url: string;
  beforeAll(async () => {
    // The SDK reads the machine's clock to cache its token, so the platform must show the same one.
    sandbox = createSandbox({ clock: systemClock, apps: [app('cli_sdk_1'), app('cli_sdk_2')] });
    ({ url } = await sandbox.listen());
  });
  afterAll(() => sandbox.close());

  const clientOf = (appId: string, appSecret = 'secret') =>
    new Client({ appId, appSecret, domain: url, logger: silent });
  const askTicket = (client: Client): Promise<{ code: number; data: { ticket: string } }> =>
    client.request({ method: 'POST', url: '/open-apis/jssdk/ticket/get' });

  it('gets a token by itself, once, for two ticket calls', async () => {
    const client = clientOf('cli_sdk_1');
    const first = await askTicket(client);
    const second = await askTicket(client);
    expect(first).toMatchObject({ code: 0, data: { ticket: expect.stringMatching(/^[0-9a-f]{40}$/) } });
    expect(second.data.ticket).toBe(first.data.ticket);
    expect(sandbox.issuedTickets('cli_sdk_1')).toEqual([first.data.ticket]);
    expect(sandbox.counters.calls('token', 'cli_sdk_1')).toBe(1);
    expect(sandbox.counters.calls('ticket', 'cli_sdk_1')).toBe(2);
  });

  it('fails to get a ticket with a wrong secret', async () => {
    await expect(askTicket(clientOf('cli_sdk_2', 'wrong'))).rejects.toThrow(/10014.*app secret invalid/);
    expect(sandbox.counters.list.find(({ appId }) => appId === 'cli_sdk_2')?.code).toBe(10014);
    expect(sandbox.issuedTickets('cli_sdk_2')).toEqual([]);
  });
});
