// Every code of the client has a finding, in whatever form it comes; and a finding never contradicts what the client's words say.
import { CLIENT_CODES } from '../../../src/client-failures/client-codes';
import { explain } from '../../../src/explain/explain';
import { FINDING_OF_PLATFORM_CODE, FINDINGS } from '../../../src/explain/findings';
import { readPasted } from '../../../src/explain/read-pasted';
import { signature } from '../../../src/signing/signature';
import { heldTicket } from '../../support/held-ticket';

/** It says only that something differs. */
const INVALID_SIGNATURE = 333441;
const codes = Object.keys(CLIENT_CODES)
  .map(Number)
  .filter((code) => code !== INVALID_SIGNATURE);

test('every code of the client has a finding, and no other code has', () => {
  expect(Object.keys(FINDING_OF_PLATFORM_CODE).map(Number)).toEqual(codes);
});

const nowMs = 1_767_225_605_000;
const context = { tickets: [heldTicket('current', 'cli_a', 'the-ticket-of-the-app')], nowMs };
const signed = { url: 'https://h5.example.com/a?x=1', nonceStr: 'abcdef', timestamp: nowMs - 5_000 };
const reply = { ...signed, signature: signature({ ...signed, ticket: 'the-ticket-of-the-app' }) };

describe.each(codes)('%d on a signature that is right', (code) => {
  // The age of the signature says whether it is old.
  const expected = code === 333444 ? 'CLOCK_OFF' : FINDING_OF_PLATFORM_CODE[code];
  test.each([
    JSON.stringify({ errno: code, errString: 'config fail' }),
    `{errCode: ${code}, errMsg: 'fail'}`,
    `{'error_code': '${code}', 'message': 'fail'}`,
    JSON.stringify({ errno: code < 2_601_000 ? 2601002 : code, errString: `fail (error code: ${code})` }),
    JSON.stringify({ error: { data: { code } } }),
    `config fail, errorCode: ${code}`,
  ])('in %s', (failure) => {
    const { verdict, findings } = explain(readPasted(`${JSON.stringify(reply)}\n${failure}`).facts, context);
    expect(verdict).toBe('explained');
    expect(findings).toMatchObject([{ code: expected, strength: 'shown' }]);
  });
});

test('every finding says its cause and what to do, in sentences of both languages', () => {
  for (const { cause, cure } of Object.values(FINDINGS)) {
    for (const { en, zh } of [cause, cure]) {
      expect(en).toMatch(/^[A-Z"].*[.…]$/s);
      expect(zh).toMatch(/[。…]$/);
    }
  }
});
