// Whose request it is: the last address of X-Forwarded-For that no proxy of ours has, with or without ports.
import express from 'express';
import { createClientAddress, type Trusts } from '../../../src/http/client-address';

/** The client of a connection from 127.0.0.1, as `TRUST_PROXY=trustProxy` has it. */
function clientOf(trustProxy: unknown, forwarded: string): string | undefined {
  const trusts = express().set('trust proxy', trustProxy).get('trust proxy fn') as Trusts;
  const clientAddress = createClientAddress({ trusts, onUnbelieved: () => undefined });
  const socket = { remoteAddress: '127.0.0.1' } as never;
  return clientAddress({ headers: { 'x-forwarded-for': forwarded }, socket });
}

const PROXIES = 'loopback, 10.0.0.0/8';

test.each([
  [1, '203.0.113.7', '203.0.113.7'],
  [1, 'forged, 203.0.113.7', '203.0.113.7'],
  [1, '203.0.113.7:56789', '203.0.113.7'],
  [1, '[2001:db8::7]:56789', '2001:db8::7'],
  [2, '203.0.113.7:1, 198.51.100.1:2', '203.0.113.7'],
  [3, '203.0.113.7', '203.0.113.7'],
  [1, '', '127.0.0.1'],
  [1, ' , ,', '127.0.0.1'],
  [1, '203.0.113.7, ,', '203.0.113.7'],
  [PROXIES, 'forged, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
  // With its port Express takes the proxy for a client, which all that it serves then share.
  [PROXIES, 'forged, 203.0.113.7:56789, 10.0.0.9:443', '203.0.113.7'],
  [PROXIES, '10.0.0.8, 10.0.0.9', '10.0.0.8'],
  [PROXIES, 'forged, unknown, 10.0.0.9', 'unknown'],
  ['203.0.113.0/24', 'forged', '127.0.0.1'],
])('behind TRUST_PROXY=%s, X-Forwarded-For: %s is sent by %s', (trustProxy, forwarded, client) => {
  expect(clientOf(trustProxy, forwarded)).toBe(client);
});

test('looks at no more than 20 entries, also of trusted addresses or of nothing', () => {
  const looked = jest.fn<boolean, [string]>(() => true);
  const clientAddress = createClientAddress({ trusts: looked, onUnbelieved: () => undefined });
  const socket = { remoteAddress: '127.0.0.1' } as never;
  const clientBehind = (forwarded: string): string =>
    clientAddress({ headers: { 'x-forwarded-for': forwarded }, socket });
  expect(clientBehind(`203.0.113.7${',::1'.repeat(11_750)}`)).toBe('::1');
  expect(looked).toHaveBeenCalledTimes(20);
  expect(clientBehind(`203.0.113.7${',::1'.repeat(19)}`)).toBe('203.0.113.7');
  expect(clientBehind(`203.0.113.7${','.repeat(47_000)}`)).toBe('127.0.0.1');
});

test.each([1, 2, 3, true, 'loopback', PROXIES])(
  'without ports it agrees with Express, behind TRUST_PROXY=%s',
  (trustProxy) => {
    const app = express().set('trust proxy', trustProxy);
    for (const forwarded of [
      '203.0.113.7',
      'x, 10.0.0.1',
      '198.51.100.1, 203.0.113.7, 10.0.0.1, 127.0.0.1',
      ',,',
    ])
      expect(clientOf(trustProxy, forwarded)).toBe(
        Object.create(app.request, {
          app: { value: app },
          headers: { value: { 'x-forwarded-for': forwarded } },
          socket: { value: { remoteAddress: '127.0.0.1' } },
        }).ip,
      );
  },
);

test.each([undefined, (_address: string, hop: number) => hop < 1])(
  'a connection without an address has one name, whatever is trusted',
  (trusts) => {
    const clientAddress = createClientAddress({ trusts, onUnbelieved: () => undefined });
    const socket = { remoteAddress: undefined } as never;
    expect(clientAddress({ headers: {}, socket })).toBe('unknown');
  },
);

test('a connection without an address is not a trusted proxy by its address', () => {
  const trusts = express().set('trust proxy', PROXIES).get('trust proxy fn') as Trusts;
  const clientAddress = createClientAddress({ trusts, onUnbelieved: () => undefined });
  const request = {
    headers: { 'x-forwarded-for': '203.0.113.7' },
    socket: { remoteAddress: undefined } as never,
  };
  expect(clientAddress(request)).toBe('unknown');
});
