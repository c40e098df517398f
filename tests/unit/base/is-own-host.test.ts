// Which values of `Host` name this server: addresses, localhost and what is configured, and nothing that a resolver decides.
import { isOwnHost } from '../../../src/base/is-own-host';

const NAMES = ['signer.internal', 'signer'];

test.each([
  undefined, // HTTP/1.0
  '127.0.0.1',
  '127.0.0.1:9464',
  '10.1.2.3:9464', // a published port: no address of this machine
  '[::1]',
  '[::1]:9464',
  '[fe80::1%25eth0]:9464',
  '[::ffff:10.1.2.3]',
  'localhost',
  'LOCALHOST:3000',
  'localhost.:3000',
  'signer.internal:9464',
  'Signer.Internal.',
  'signer:9464',
])('%p is this one', (host) => {
  expect(isOwnHost(host, NAMES)).toBe(true);
});

test.each([
  '',
  ':9464',
  'rebound.attacker.example',
  'rebound.attacker.example:9464',
  '127.0.0.1.attacker.example',
  'localhost.attacker.example',
  'sub.signer.internal',
  'sub.localhost',
  'signer.internal.attacker.example',
  'signer.internal..',
  '127.0.0.1:9464:1',
  '127.0.0.1:attacker',
  'user@127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '[localhost]',
  '[::1',
  '[::1]attacker.example',
  ' 127.0.0.1',
  '127.0.0.1, attacker.example',
])('%p is another', (host) => {
  expect(isOwnHost(host, NAMES)).toBe(false);
});

test('takes no time for what is very long', () => {
  const startedMs = performance.now();
  for (const host of ['a'.repeat(48_000), '['.repeat(48_000), `[${'0:'.repeat(24_000)}`, ':1'.repeat(24_000)])
    expect(isOwnHost(host, NAMES)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(100); // linear: some 2 ms
});
