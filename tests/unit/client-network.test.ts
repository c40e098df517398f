// What addresses are counted as one client, also when a proxy hands on what is no address.
import { clientNetwork } from '../../src/client-network';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::1:2:3', '2001:db8:0:0'],
  ['2001:db8:0:1::', '2001:db8:0:1'],
  ['1::2:3:4:5:6:7', '1:0:2:3'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['1:2:3:4:5:6:7:8::9', '1:2:3:4'],
  ['::1:2:3:4:5:6:7:8:9', '1:2:3:4'],
  ['x'.repeat(10_000), 'x'.repeat(45)],
])('%s is counted under %s', (address, key) => {
  expect(clientNetwork(address)).toBe(key);
});
