// Events of the platform: the official vectors, what is believed and what is refused.
import crypto, { createCipheriv, createHash } from 'node:crypto';
import { readEvent, type EventRules } from '../../../src/open-platform/events';
import { Secret } from '../../../src/base/secret';
import { appTicketEvent, encrypt, send, signatureOf, signed } from '../../support/platform-events';

const NOW = 1_767_225_600_000;
const APP = 'cli_store';
const encrypted: EventRules = {
  appId: APP,
  encryptKeys: [new Secret('key-1')],
  nowMs: NOW,
  maxAgeMs: 300_000,
};
const plain: EventRules = {
  appId: APP,
  verificationTokens: [new Secret('tok-1')],
  nowMs: NOW,
  maxAgeMs: 300_000,
};
const both: EventRules = { ...encrypted, ...plain };
const ticket = appTicketEvent({
  appId: APP,
  appTicket: 'ticket-1',
  ts: '1767225600.25',
  uuid: 'u1',
  token: 'tok-1',
});
const signing = { encryptKey: 'key-1', timestampMs: NOW };

describe('the official vectors', () => {
  const body = Buffer.from('{"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}');
  const headers = {
    'x-lark-request-timestamp': '1502199207',
    'x-lark-request-nonce': 'n0nce',
    'x-lark-signature': 'dbe325cc5242b4e949c3b3b09684d43e37243192792c9ce7f4b69218451b57f8',
  };
  const rules = { ...encrypted, encryptKeys: [new Secret('test key')], nowMs: 1_502_199_207_000 };

  it('the signature is right and the text decrypts to "hello world", which is no event', () => {
    // A wrong signature or a wrong key would be told apart.
    expect(readEvent({ body, headers }, rules)).toEqual({ kind: 'refused', fault: 'not an event' });
  });

  it('one character of the signature, the nonce or the body refuses it', () => {
    const wrong = { kind: 'refused', fault: 'wrong signature' };
    const signature = headers['x-lark-signature'].replace(/^d/, 'e');
    expect(readEvent({ body, headers: { ...headers, 'x-lark-signature': signature } }, rules)).toEqual(wrong);
    expect(readEvent({ body, headers: { ...headers, 'x-lark-request-nonce': 'n1nce' } }, rules)).toEqual(
      wrong,
    );
    expect(readEvent({ body: Buffer.from(`${String(body)} `), headers }, rules)).toEqual(wrong);
    const timestamps = ['1502199208', '', '1e9', '1502199207.0'];
    for (const timestamp of timestamps)
      expect(
        readEvent({ body, headers: { ...headers, 'x-lark-request-timestamp': timestamp } }, rules),
      ).toEqual(wrong);
  });
});

describe('an app ticket', () => {
  const accepted = {
    kind: 'app-ticket',
    uuid: 'u1',
    tsMs: 1_767_225_600_250,
    appTicket: new Secret('ticket-1'),
  };

  it('is read when encrypted and signed, when it holds the token, or both', () => {
    for (const [rules, sent] of [
      [encrypted, send(ticket, signing)],
      [plain, send(ticket)],
      [both, send(ticket, signing)],
    ] as const) {
      const read = readEvent(sent, rules);
      expect(read).toEqual(accepted);
      expect(read.kind === 'app-ticket' && read.appTicket.reveal()).toBe('ticket-1');
    }
  });

  it('is refused with another token, also when it is signed', () => {
    const other = { ...ticket, token: 'tok-2' };
    expect(readEvent(send(other), plain)).toEqual({ kind: 'refused', fault: 'wrong token' });
    expect(readEvent(send(other, signing), both)).toEqual({ kind: 'refused', fault: 'wrong token' });
  });

  it('is refused without a signature, or in clear, when there is an encrypt key', () => {
    const unsigned = { ...send(ticket, signing), headers: {} };
    expect(readEvent(unsigned, both)).toEqual({ kind: 'refused', fault: 'not signed' });
    const { body } = send(ticket);
    expect(readEvent({ body, headers: signed(body, 'key-1', NOW) }, both)).toEqual({
      kind: 'refused',
      fault: 'not decryptable',
    });
  });

  it('is stale outside of five minutes, before and after, and not within', () => {
    for (const [offsetMs, kind] of [
      [-300_000, 'app-ticket'],
      [300_000, 'app-ticket'],
      [-301_000, 'refused'],
      [301_000, 'refused'],
    ] as const) {
      const sent = send(ticket, { encryptKey: 'key-1', timestampMs: NOW + offsetMs });
      expect(readEvent(sent, encrypted).kind).toBe(kind);
    }
    const old = send(ticket, { encryptKey: 'key-1', timestampMs: 1_000 });
    expect(readEvent(old, encrypted)).toEqual({ kind: 'refused', fault: 'stale' });
    expect(readEvent(old, { ...encrypted, maxAgeMs: Infinity }).kind).toBe('app-ticket');
  });

  it('is refused when it is of another app, or is invalid', () => {
    const of = (event: object, top: object = {}) => readEvent(send({ ...ticket, event, ...top }), plain);
    expect(of({ ...ticket.event, app_id: 'cli_other' })).toEqual({ kind: 'refused', fault: 'wrong app' });
    for (const app_ticket of [undefined, '', 7, 'two words', 'line\nbreak'])
      expect(of({ ...ticket.event, app_ticket })).toEqual({ kind: 'refused', fault: 'not an event' });
    for (const ts of [undefined, '', 'soon', '-1', '1e9', {}])
      expect(of(ticket.event, { ts })).toEqual({ kind: 'refused', fault: 'not an event' });
  });

  it('has its time in seconds or in milliseconds', () => {
    const tsOf = (ts: unknown) => {
      const read = readEvent(send({ ...ticket, ts }), plain);
      return read.kind === 'app-ticket' && read.tsMs;
    };
    expect(tsOf('1502199207.7171419')).toBeCloseTo(1_502_199_207_717.14, 1);
    expect(tsOf('1502199207717')).toBe(1_502_199_207_717);
    expect(tsOf(1502199207)).toBe(1_502_199_207_000);
  });
});

describe('a url_verification', () => {
  const asked = { type: 'url_verification', challenge: 'abc', token: 'tok-1' };

  it('needs its token and no signature', () => {
    const answer = { kind: 'url-verification', challenge: 'abc' };
    expect(readEvent(send(asked), plain)).toEqual(answer);
    const unsigned = { ...send(asked, signing), headers: {} };
    expect(readEvent(unsigned, both)).toEqual(answer);
    expect(readEvent(unsigned, encrypted)).toEqual(answer);
    expect(readEvent(send({ ...asked, token: 'x' }), plain).kind).toBe('refused');
    expect(readEvent({ ...send({ ...asked, token: 'x' }, signing), headers: {} }, both).kind).toBe('refused');
  });

  it('is refused in clear when there is an encrypt key, with a wrong signature, and without a challenge', () => {
    expect(readEvent(send(asked), both).kind).toBe('refused');
    const sent = send(asked, signing);
    const headers = { ...sent.headers, 'x-lark-signature': '0'.repeat(64) };
    expect(readEvent({ ...sent, headers }, both)).toEqual({ kind: 'refused', fault: 'wrong signature' });
    expect(readEvent(send({ ...asked, challenge: 1 }), plain).kind).toBe('refused');
  });
});

describe('what is not signed, though there is an encrypt key', () => {
  /** Blocks of AES whose padding is as it is given: none is added. */
  const sealed = (text: string): Buffer => {
    const key = createHash('sha256').update('key-1').digest();
    const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 1)).setAutoPadding(false);
    const bytes = Buffer.concat([Buffer.alloc(16, 1), cipher.update(text, 'latin1'), cipher.final()]);
    return Buffer.from(JSON.stringify({ encrypt: bytes.toString('base64') }));
  };
  const padded = (text: string, end: string): Buffer =>
    sealed(text + '\0'.repeat(15 - (text.length % 16)) + end);
  const read = (body: Buffer, rules = both) => readEvent({ body, headers: {} }, rules);
  const verification = { type: 'url_verification', challenge: 'abc', token: 'tok-1' };
  const asked = (more: object = {}) => JSON.stringify({ ...verification, ...more });
  const decipher = jest.spyOn(crypto, 'createDecipheriv');
  beforeEach(() => decipher.mockClear());

  it('is judged alike whether its padding is right or wrong', () => {
    const right = '\x01';
    const wrong = '\x11';
    for (const end of [right, wrong]) {
      expect(read(padded(JSON.stringify(ticket), end))).toEqual({ kind: 'refused', fault: 'not signed' });
      expect(read(padded('x', end))).toEqual({ kind: 'refused', fault: 'not signed' });
      expect(read(padded('url_verification', end))).toEqual({ kind: 'refused', fault: 'not signed' });
      expect(read(padded(asked(), end))).toEqual({ kind: 'url-verification', challenge: 'abc' });
      expect(read(padded(asked({ token: 'x' }), end))).toEqual({ kind: 'refused', fault: 'wrong token' });
    }
  });

  it('is decrypted only when it can be a url_verification, and what is signed wrongly never', () => {
    read(send({ ...verification, more: 'x'.repeat(1_024) }, signing).body);
    const { body } = send(ticket, signing);
    const forged = { ...signed(body, 'key-1', NOW), 'x-lark-signature': '0'.repeat(64) };
    readEvent({ body, headers: forged }, both);
    readEvent({ body, headers: signed(body, 'key-1', NOW - 301_000) }, both);
    readEvent({ body, headers: {} }, { ...both, isLimited: true });
    expect(decipher).not.toHaveBeenCalled();
    read(send(verification, signing).body);
    expect(decipher).toHaveBeenCalledTimes(1);
  });

  it('sends no challenge back that holds anything but what challenges are made of', () => {
    for (const challenge of ['a b', '"token":"tok-1"', 'a<b', '', 'x'.repeat(257)])
      expect(read(padded(asked({ challenge }), '\x01'))).toEqual({ kind: 'refused', fault: 'not signed' });
    for (const challenge of ['ajls384kdjx98XX', '2b0d8c5e-2c1b-4d44-9e2a-0f1d7d1c9e77', 'YWJj+/=='])
      expect(read(padded(asked({ challenge }), '\x01'))).toEqual({ kind: 'url-verification', challenge });
  });
});

describe('while one key replaces the other', () => {
  const two: EventRules = {
    ...encrypted,
    encryptKeys: [new Secret('key-1'), new Secret('key-2')],
    verificationTokens: [new Secret('tok-1'), new Secret('tok-2')],
  };
  const kindOf = (token: string, key: string, isSigned = true): string => {
    const content = isSigned ? { ...ticket, token } : { type: 'url_verification', challenge: 'abc', token };
    const sent = send(content, { encryptKey: key, timestampMs: NOW });
    const event = readEvent({ body: sent.body, headers: isSigned ? sent.headers : {} }, two);
    return event.kind === 'refused' ? event.fault : event.kind;
  };

  it.each(['key-1', 'key-2'])('events under %s are believed, signed ones and challenges', (key) => {
    expect(kindOf('tok-1', key)).toBe('app-ticket');
    expect(kindOf('tok-2', key)).toBe('app-ticket');
    expect(kindOf('tok-2', key, false)).toBe('url-verification');
  });

  it('events under a third one, or signed with one key and encrypted with the other, are not', () => {
    expect(kindOf('tok-1', 'key-3')).toBe('wrong signature');
    expect(kindOf('tok-1', 'key-3', false)).toBe('not signed');
    expect(kindOf('tok-3', 'key-2')).toBe('wrong token');
    const { body } = send(ticket, { encryptKey: 'key-1' });
    expect(readEvent({ body, headers: signed(body, 'key-2', NOW) }, two)).toEqual({
      kind: 'refused',
      fault: 'not decryptable',
    });
  });
});

it('reads nothing costly of a sender that is limited', () => {
  const large = send({ ...ticket, more: 'x'.repeat(4_096) });
  expect(readEvent(large, { ...plain, isLimited: true })).toEqual({ kind: 'unread' });
  expect(readEvent(large, plain).kind).toBe('app-ticket');
  expect(readEvent(send(ticket), { ...plain, isLimited: true }).kind).toBe('app-ticket');
  expect(readEvent(send(ticket, signing), { ...both, isLimited: true }).kind).toBe('app-ticket');
});

describe('other events', () => {
  it('are recognised by their type, in both versions', () => {
    const v1 = { ...ticket, event: { type: 'message' } };
    expect(readEvent(send(v1), plain)).toEqual({ kind: 'other', uuid: 'u1', type: 'message' });
    const header = { event_id: 'e2', token: 'tok-1', event_type: 'im.message.receive_v1', app_id: APP };
    const v2 = { schema: '2.0', header, event: {} };
    expect(readEvent(send(v2), plain)).toEqual({ kind: 'other', uuid: 'e2', type: 'im.message.receive_v1' });
    expect(readEvent(send({ token: 'tok-1' }), plain)).toEqual({
      kind: 'other',
      uuid: undefined,
      type: 'unknown',
    });
  });

  it('need the token of version 2 as well', () => {
    const v2 = { header: { token: 'tok-2', event_type: 'x' } };
    expect(readEvent(send(v2), plain)).toEqual({ kind: 'refused', fault: 'wrong token' });
  });
});

it('believes nothing when there is nothing to judge by', () => {
  const rules = { appId: APP, nowMs: NOW, maxAgeMs: 300_000 };
  expect(readEvent(send({ ...ticket, token: undefined }), rules).kind).toBe('refused');
});

it('reads no field of a prototype', () => {
  const json = '{"__proto__":{"token":"tok-1","type":"url_verification","challenge":"c"}}';
  expect(readEvent({ body: Buffer.from(json), headers: {} }, plain)).toEqual({
    kind: 'refused',
    fault: 'wrong token',
  });
});

it('answers the same kind of refusal for wrong padding, wrong base64 and wrong JSON', () => {
  for (const body of [
    `{"encrypt":"${encrypt('x', 'another key')}"}`,
    '{"encrypt":"AAAA"}',
    '{"encrypt":7}',
    '[]',
    'null',
    '',
    '\xff',
    '['.repeat(60_000),
  ]) {
    const bytes = Buffer.from(body, 'latin1');
    expect(readEvent({ body: bytes, headers: signed(bytes, 'key-1', NOW) }, encrypted).kind).toBe('refused');
    expect(readEvent({ body: bytes, headers: {} }, plain).kind).toBe('refused');
  }
});

it('hashes the raw bytes, not their text', () => {
  const body = Buffer.concat([Buffer.from('{"encrypt":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const nonce = 'n';
  const headers = {
    'x-lark-request-timestamp': '1767225600',
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signatureOf(body, '1767225600', nonce, 'key-1'),
  };
  expect(readEvent({ body, headers }, encrypted)).toEqual({ kind: 'refused', fault: 'not decryptable' });
});
