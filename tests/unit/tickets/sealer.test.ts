// Envelopes open for those who know the secret, or the one before it, under the name they were sealed for, and only whole.
import { Secret } from '../../../src/base/secret';
import { Sealer } from '../../../src/tickets/sealer';

const NAME = 'https://open.feishu.cn cli_a';
const TEXT = '{"ticket":"0560604568baf296731aa37f0c8ebe3e049c19d7"} 飞书';
const sealer = new Sealer(new Secret('the app secret'));

test.each([TEXT, '', 'x'.repeat(64 * 1024)])('a text comes back from its envelope (%#)', (text) => {
  expect(sealer.open(NAME, sealer.seal(NAME, text))).toBe(text);
});

test('every process with the same secret can open it', () => {
  expect(new Sealer(new Secret('the app secret')).open(NAME, sealer.seal(NAME, TEXT))).toBe(TEXT);
});

test('an envelope that an earlier version has sealed opens: a fleet is not upgraded at once', () => {
  // HKDF-SHA-256 without salt, AES-256-GCM, the nonce 00 01 … 0b; sealed by node:crypto and none of our code.
  const envelope = 'v1.AAECAwQFBgcICQoLO5l6C3GqYmqBn_uLD6EbyJs2lY0NUBQ6X9Sul_A031ChG8IykiQbvg';
  expect(sealer.open(NAME, envelope)).toBe('{"ticket":"0560"} 飞书');
});

test('an envelope shows nothing of the text or the secret, and never looks the same twice', () => {
  const envelopes = Array.from({ length: 100 }, () => sealer.seal(NAME, TEXT));
  expect(new Set(envelopes).size).toBe(100);
  for (const envelope of envelopes) {
    expect(envelope).toMatch(/^v1\.[\w-]+$/);
    const bytes = Buffer.from(envelope.slice(3), 'base64url').toString('latin1');
    for (const shown of [envelope, bytes]) expect(shown).not.toMatch(/0560604568|ticket|secret/);
  }
});

test('another secret does not open it', () => {
  expect(new Sealer(new Secret('another secret')).open(NAME, sealer.seal(NAME, TEXT))).toBeUndefined();
});

test('another name does not open it: an envelope cannot be moved from one app to another', () => {
  expect(sealer.open('https://open.feishu.cn cli_b', sealer.seal(NAME, TEXT))).toBeUndefined();
});

test('a change of any bit shows', () => {
  const bytes = Buffer.from(sealer.seal(NAME, TEXT).slice('v1.'.length), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    expect(sealer.open(NAME, `v1.${forged.toString('base64url')}`)).toBeUndefined();
  }
});

test('a torn envelope does not open, wherever it is torn', () => {
  const envelope = sealer.seal(NAME, TEXT);
  for (let length = 0; length < envelope.length; length += 1) {
    expect(sealer.open(NAME, envelope.slice(0, length))).toBeUndefined();
  }
});

test.each(['', 'text', 'v1.', 'v1.????', 'v2.' + sealer.seal(NAME, TEXT).slice(3), '{"ticket":"x"}'])(
  // Not %p: an envelope never looks the same twice, and a test keeps its name.
  'what is no envelope does not open (%#)',
  (foreign) => {
    expect(sealer.open(NAME, foreign)).toBeUndefined();
  },
);

test('seals with the current secret and opens what it sealed', () => {
  const sealer = new Sealer(new Secret('one'));
  expect(sealer.open(NAME, sealer.seal(NAME, 'text'))).toBe('text');
  expect(new Sealer(new Secret('one')).open(NAME, sealer.seal(NAME, 'text'))).toBe('text');
  expect(sealer.open(NAME, new Sealer(new Secret('another')).seal(NAME, 'text'))).toBeUndefined();
});

test('after a change opens what was sealed under the secret before, not under the one before that', () => {
  const sealer = new Sealer(new Secret('one'));
  const underOne = sealer.seal(NAME, 'text');
  sealer.change(new Secret('two'));
  expect(sealer.open(NAME, underOne)).toBe('text');
  expect(new Sealer(new Secret('two')).open(NAME, sealer.seal(NAME, 'new'))).toBe('new');
  expect(sealer.open(NAME, sealer.seal(NAME, 'new'))).toBe('new');
  sealer.change(new Secret('three'));
  expect(sealer.open(NAME, underOne)).toBeUndefined();
});
