// What operators see of a ticket.
import { Secret } from '../../../src/base/secret';
import { fingerprint } from '../../../src/base/fingerprint';

test('a fingerprint is the beginning of the SHA-256, as sha256sum shows it', () => {
  // printf abc | sha256sum: the first vector of FIPS 180-2.
  expect(fingerprint(new Secret('abc'))).toBe('ba7816bf');
});
