// What operators see of a ticket: seconds from its state, its last failure until a load succeeds, and nothing secret.
import { createStatusRecorder } from '../../../src/apps/ticket-status';
import { PlatformError } from '../../../src/open-platform/platform-error';
import { Secret } from '../../../src/base/secret';
import type { RenewingState } from '../../../src/tickets/renewal';
import type { TicketEvent } from '../../../src/tickets/ticket-keeper';
import { FakeClock } from '../../support/fake-clock';

const ticket = new Secret('the-ticket');
const STATE: RenewingState = {
  zone: 'fresh',
  isDoubted: false,
  usableForMs: 5_000_999,
  renewsInMs: 3_000_999,
  loading: false,
  nextAttemptInMs: 0,
  failures: 0,
  lastFailure: undefined,
};

function setUp() {
  const clock = new FakeClock();
  const recorder = createStatusRecorder(clock);
  const status = (state: Partial<RenewingState> = {}) =>
    recorder.status({ appId: 'cli_one', state: { ...STATE, ...state }, ticket });
  return { clock, recorder, status };
}

const failed = (error: unknown): TicketEvent => ({ type: 'failed', error, failures: 1, retryInMs: 1_000 });
const refused = new PlatformError({ endpoint: 'jsapi_ticket', code: 99991401, platformMessage: 'denied' });

it('counts whole seconds, and none that are not there', () => {
  const { recorder, status } = setUp();
  recorder.onEvent({ type: 'loaded', value: ticket, previous: undefined, lifeMs: 7_200_000 });
  expect(status()).toMatchObject({ expiresInSeconds: 5_000, renewsInSeconds: 3_000, lifeSeconds: 7_200 });
  expect(status({ zone: 'expired', usableForMs: -1, renewsInMs: -2_000 })).toMatchObject({
    state: 'expired',
    expiresInSeconds: 0,
    renewsInSeconds: 0,
  });
  expect(status({ zone: 'empty', usableForMs: undefined, renewsInMs: undefined })).toMatchObject({
    expiresInSeconds: null,
    renewsInSeconds: null,
    lifeSeconds: null,
  });
});

it('tells the platform’s code, or what went wrong without one, with its time', () => {
  const { clock, recorder, status } = setUp();
  const at = new Date(clock.wallMs()).toISOString();
  recorder.onEvent(failed(new Error('wrapped', { cause: refused })));
  expect(status().lastFailure).toEqual({ code: 99991401, message: refused.message, at });
  const timeout = new PlatformError({ endpoint: 'jsapi_ticket', reason: 'timeout' });
  recorder.onEvent(failed(timeout));
  expect(status().lastFailure).toEqual({ reason: 'timeout', message: timeout.message, at });
});

it('keeps the text of errors that are not the platform’s to itself', () => {
  const { recorder, status } = setUp();
  recorder.onEvent(failed(new Error('fetch failed: Bearer the-token')));
  expect(JSON.stringify(status())).not.toMatch(/the-token|the-ticket/);
  expect(status().lastFailure).toMatchObject({ message: expect.stringContaining('the log') as unknown });
});

it.each<TicketEvent>([
  { type: 'loaded', value: ticket, previous: undefined, lifeMs: 7_200_000 },
  { type: 'unchanged', value: ticket, retryInMs: 0 },
  { type: 'taken-from-store', value: ticket, lifeMs: 7_200_000, leftMs: 5_000_000 },
])('forgets the last failure with $type', (event) => {
  const { recorder, status } = setUp();
  recorder.onEvent(failed(refused));
  recorder.onEvent({ type: 'suspected', value: ticket });
  expect(status().lastFailure).not.toBeNull();
  recorder.onEvent(event);
  expect(status().lastFailure).toBeNull();
});
