// Forwards an event to the app's other receiver: the raw body and the headers as they came.
import type { Clock } from '../base/clock';
import { withDeadline } from '../base/deadline';
import type { RawEvent } from './events';
import type { Fetch } from './transport';

/** The platform waits 3 s for our answer, which depends on the receiver's: this leaves time for the network. */
const ANSWER_WITHIN_MS = 2_500;

/** What belongs to the connection it came over, not to the event (RFC 9110, 7.6.1), and the lengths that are made anew. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether `url` answered `event` with 200 in time. Never rejects. */
export async function forwardEvent(
  url: string,
  { body, headers }: RawEvent,
  { fetch, clock }: { fetch: Fetch; clock: Clock },
): Promise<boolean> {
  // A sender names further headers of its connection in this one.
  const named = new Set(
    String(headers['connection'] ?? '')
      .toLowerCase()
      .split(/[\s,]+/),
  );
  const passedOn = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !OF_THE_CONNECTION.has(name) && !named.has(name),
  );
  const controller = new AbortController();
  const init = {
    method: 'POST',
    body,
    headers: passedOn.map(([name, value]): [string, string] => [name, String(value)]),
    signal: controller.signal,
    // Redirects are not followed: the operator must configure the new address.
    redirect: 'manual' as const,
  };
  try {
    const response = await withDeadline(fetch(url, init), ANSWER_WITHIN_MS, clock, 'passing an event on');
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    controller.abort();
    return false;
  }
}
