// The official Node SDK decrypts what we decrypt, to the same text: for the official vector and for a thousand others.
import { AESCipher } from '@larksuiteoapi/node-sdk';
import fc from 'fast-check';
import { readEvent } from '../../../src/open-platform/events';
import { Secret } from '../../../src/base/secret';
import { encrypt, signed } from '../../support/platform-events';
import { runs } from '../../support/runs';

const rules = (encryptKey: string) => ({
  appId: 'cli_a',
  encryptKeys: [new Secret(encryptKey)],
  nowMs: 0,
  maxAgeMs: Infinity,
});

test('the official vector', () => {
  const text = new AESCipher('test key').decrypt('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=');
  expect(text).toBe('hello world');
});

test('whatever the key and the text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), (key, challenge) => {
      const encrypted = encrypt(JSON.stringify({ type: 'url_verification', challenge }), key);
      const theirs = JSON.parse(new AESCipher(key).decrypt(encrypted)) as { challenge: string };
      const body = Buffer.from(JSON.stringify({ encrypt: encrypted }));
      const ours = readEvent({ body, headers: signed(body, key, 0) }, rules(key));
      expect(ours).toEqual({ kind: 'url-verification', challenge: theirs.challenge });
    }),
    { numRuns: runs(1_000) },
  );
});
