// What addresses are counted as one client, also when a proxy hands on a port, another spelling, or what is no address.
import { clientNetwork, withoutPort } from '../../../src/limits/client-network';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:56789', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['[::ffff:192.0.2.1]:56789', '192.0.2.1'],
  ['::FFFF:C000:0201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['[2001:db8:1:2:3:4:5:6]:56789', '2001:db8:1:2'],
  ['2001:DB8:0001:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0DB8:0::1', '2001:db8:0:0'],
  ['[2001:db8::1]:56789', '2001:db8:0:0'],
  ['2001:db8::1:2:3', '2001:db8:0:0'],
  ['2001:db8:0:1::', '2001:db8:0:1'],
  ['1::2:3:4:5:6:7', '1:0:2:3'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
  ['::1', '0:0:0:0'],
  ['[::1]:80', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s is counted under %s', (address, key) => {
  expect(clientNetwork(address)).toBe(key);
});

test.each([
  'unknown',
  '_hidden-17',
  '',
  '300.0.2.1',
  '192.0.2.01',
  '192.0.2',
  '::1:2:3:4:5:6:7:8:9',
  '[::1',
  'x'.repeat(10_000),
])('%s is no address, and counted with all others that are none', (text) => {
  expect(clientNetwork(text)).toBe('unknown');
});

test.each([
  [' 192.0.2.1 ', '192.0.2.1'],
  ['192.0.2.1:80', '192.0.2.1'],
  ['[2001:db8::1]:80', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['unknown', 'unknown'],
])('%j without its port is %s', (text, address) => {
  expect(withoutPort(text)).toBe(address);
});
