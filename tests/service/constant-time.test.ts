// The operator's token, an event's signature and its token: a comparison in constant time, of digests of one length, decides alone.
import crypto from 'node:crypto';
import type { Request, Response } from 'express';
import { requireOperator } from '../../src/http/middleware/require-operator';
import { readEvent, type EventRules } from '../../src/open-platform/events';
import { Secret } from '../../src/base/secret';
import { appTicketEvent, send } from '../support/platform-events';

const compare = jest.spyOn(crypto, 'timingSafeEqual');
afterEach(() => compare.mockReset());

/** The lengths of what was compared: a length that differs would be told apart early. */
const lengths = () => compare.mock.calls.flat().map(({ byteLength }) => byteLength);
/** SHA-256. */
const DIGEST_BYTES = 32;

describe('the operator’s token', () => {
  const admit = requireOperator({
    secrets: [new Secret('the-old-token-of-16'), new Secret('the-new-token-of-16')],
  });
  const isAdmitted = (token: string): boolean => {
    const next = jest.fn();
    const response = { set: jest.fn() } as unknown as Response;
    try {
      void admit({ headers: { authorization: `Bearer ${token}` } } as unknown as Request, response, next);
    } catch {
      // Refused.
    }
    return next.mock.calls.length > 0;
  };

  it.each([true, false])('is right exactly if the comparison says %s', (verdict) => {
    compare.mockReturnValue(verdict);
    for (const token of ['the-old-token-of-16', 'the-old-token-of-17', 'x'])
      expect(isAdmitted(token)).toBe(verdict);
  });

  it('is compared with every known one, whichever is right and however long it is', () => {
    for (const token of ['the-old-token-of-16', 'the-new-token-of-16', 'x'.repeat(1_000), 'x']) {
      compare.mockClear();
      isAdmitted(token);
      expect(lengths()).toEqual([DIGEST_BYTES, DIGEST_BYTES, DIGEST_BYTES, DIGEST_BYTES]);
    }
  });
});

describe.each(['signature', 'token'] as const)('an event’s %s', (what) => {
  const nowMs = 1_767_225_600_000;
  const encryptKey = 'the-encrypt-key';
  const isSigned = what === 'signature';
  const rules: EventRules = {
    ...{ appId: 'cli_store', nowMs, maxAgeMs: 300_000 },
    ...(isSigned
      ? { encryptKeys: [new Secret(encryptKey)] }
      : { verificationTokens: [new Secret('the-verification-token')] }),
  };
  const event = (token: string) =>
    appTicketEvent({ appId: 'cli_store', appTicket: 'ticket', ts: '1767225600', uuid: 'u', token });
  const right = send(event('the-verification-token'), isSigned ? { encryptKey, timestampMs: nowMs } : {});
  const wrong = isSigned
    ? { ...right, headers: { ...right.headers, 'x-lark-signature': 'short' } }
    : send(event('short'));

  it.each([true, false])('is right exactly if the comparison says %s', (verdict) => {
    for (const sent of [right, wrong]) {
      compare.mockReset().mockReturnValue(verdict);
      expect(readEvent(sent, rules).kind === 'refused').toBe(!verdict);
      expect(new Set(lengths())).toEqual(new Set([DIGEST_BYTES]));
    }
  });
});
