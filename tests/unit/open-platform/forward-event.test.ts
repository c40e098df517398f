// What is forwarded to the back end with an event: its bytes and its own headers, none of the connection's.
import { forwardEvent } from '../../../src/open-platform/forward-event';
import type { Fetch } from '../../../src/open-platform/transport';
import { FakeClock } from '../../support/fake-clock';

/** Headers that `forwardEvent` sends for an event that came with `headers`. */
async function passedOn(headers: Record<string, string | string[]>): Promise<Record<string, string>> {
  let sent: unknown;
  const fetch = ((_url: string, init: { headers: unknown }) => {
    sent = init.headers;
    return Promise.resolve(new Response());
  }) as unknown as Fetch;
  const event = { body: Buffer.from('{}'), headers };
  expect(await forwardEvent('https://back.example.com', event, { fetch, clock: new FakeClock() })).toBe(true);
  return Object.fromEntries(sent as [string, string][]);
}

test('the headers of the event are passed on', async () => {
  const headers = { 'content-type': 'application/json', 'x-lark-signature': 'abc', 'x-request-id': 'id' };
  expect(await passedOn(headers)).toEqual(headers);
});

test('those of the connection are not, nor those that Connection names', async () => {
  expect(
    await passedOn({
      connection: 'keep-alive, X-Internal-User ,upgrade,,x-secret-of-the-hop',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      host: 'signer.example.com',
      'x-internal-user': 'admin',
      'x-secret-of-the-hop': 'hush',
      'x-lark-signature': 'abc',
    }),
  ).toEqual({ 'x-lark-signature': 'abc' });
});
