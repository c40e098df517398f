import type { Timed } from '../../../src/base/clock';
import { createCallCeiling } from '../../../src/limits/call-ceiling';
import { PlatformError } from '../../../src/open-platform/platform-error';
import { createTicketSource } from '../../../src/open-platform/ticket-source';
import { Secret } from '../../../src/base/secret';
import { FakeClock } from '../../support/fake-clock';

/** A platform that refuses the first `refusedTokens` tokens, and a cache that fetches `t-1`, `t-2`, … */
function setup({ refusedTokens = 0, callsPerHour = 60, code = 99991663 } = {}) {
  const clock = new FakeClock();
  const calls: string[] = [];
  let fetched = 0;
  let kept: Secret | undefined;
  const token = {
    get: () => kept ?? Promise.resolve((kept = new Secret(`t-${++fetched}`))),
    invalidate: (refused: Secret) => {
      if (kept === refused) kept = undefined;
    },
  };
  const client = {
    jsapiTicket(used: Secret): Promise<Timed<Secret>> {
      calls.push(used.reveal());
      if (fetched <= refusedTokens)
        return Promise.reject(new PlatformError({ endpoint: 'jsapi_ticket', code }));
      const sentAt = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
      return Promise.resolve({ value: new Secret('ticket'), lifeMs: 7_200_000, sentAt });
    },
  };
  const source = createTicketSource({ client, token, ceiling: createCallCeiling({ callsPerHour, clock }) });
  return { source, calls, clock, signal: new AbortController().signal, tokensFetched: () => fetched };
}

describe('the source of an app’s tickets', () => {
  it('takes the token that is kept, as long as the platform does', async () => {
    const { source, calls, signal } = setup();
    await source.load(signal);
    const { value, lifeMs } = await source.load(signal);
    expect(value.reveal()).toBe('ticket');
    expect(lifeMs).toBe(7_200_000);
    expect(calls).toEqual(['t-1', 't-1']);
  });

  it('drops a refused token and tries once more with a new one', async () => {
    const { source, calls, signal } = setup({ refusedTokens: 1 });
    await source.load(signal);
    await source.load(signal);
    expect(calls).toEqual(['t-1', 't-2', 't-2']);
  });

  it('tries once more only', async () => {
    const { source, calls, signal } = setup({ refusedTokens: 9 });
    await expect(source.load(signal)).rejects.toMatchObject({ kind: 'token', code: 99991663 });
    expect(calls).toEqual(['t-1', 't-2']);
  });

  it.each([99991401, 99991400, 10500])('does not try again on another refusal: %i', async (code) => {
    const { source, calls, signal, tokensFetched } = setup({ refusedTokens: 9, code });
    await expect(source.load(signal)).rejects.toMatchObject({ code });
    expect(calls).toHaveLength(1);
    expect(tokensFetched()).toBe(1);
  });

  it('makes no call above the ceiling and says when it may', async () => {
    const { source, calls, clock, signal } = setup({ callsPerHour: 1 });
    await source.load(signal);
    const refusal = await source.load(signal).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PlatformError);
    expect(refusal).toMatchObject({ reason: 'ceiling', retryAfterMs: 3_600_001 });
    expect(calls).toHaveLength(1);
    await clock.advance(3_600_001);
    await source.load(signal);
    expect(calls).toHaveLength(2);
  });

  it('counts the second try against the ceiling as well', async () => {
    const { source, calls, signal } = setup({ refusedTokens: 1, callsPerHour: 1 });
    await expect(source.load(signal)).rejects.toMatchObject({ reason: 'ceiling' });
    expect(calls).toEqual(['t-1']);
  });

  it('spends no call on a load that was given up while it waited for its token', async () => {
    const { source, calls, signal } = setup({ callsPerHour: 1 });
    const controller = new AbortController();
    const givenUp = source.load(controller.signal);
    controller.abort();
    await expect(givenUp).rejects.toMatchObject({ reason: 'aborted' });
    expect(calls).toHaveLength(0);
    await source.load(signal);
    expect(calls).toHaveLength(1);
  });

  it('asks the ceiling before it fetches a token, and keeps the call while it does', async () => {
    const { source, calls, signal, tokensFetched } = setup({ callsPerHour: 1 });
    const first = source.load(signal);
    await expect(source.load(signal)).rejects.toMatchObject({ reason: 'ceiling' });
    expect(tokensFetched()).toBe(1);
    await first;
    expect(calls).toHaveLength(1);
  });

  it('passes on what the token cache fails with', async () => {
    const failure = new Error('no token');
    const source = createTicketSource({
      client: { jsapiTicket: () => Promise.reject(new Error('not to be called')) },
      ceiling: createCallCeiling({ callsPerHour: 1, clock: new FakeClock() }),
      token: { get: () => Promise.reject(failure), invalidate: () => undefined },
    });
    await expect(source.load(new AbortController().signal)).rejects.toBe(failure);
  });
});
