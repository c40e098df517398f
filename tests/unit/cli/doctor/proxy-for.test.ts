// The doctor's rules of proxies are the transport's: each case is put to both.
import { proxyFor } from '../../../../src/cli/doctor/proxy-for';
import { createTransport, type ProxySettings } from '../../../../src/open-platform/transport';
import { startConnectProxy, startForwarder, type Way } from '../../../support/ways-to-platform';

let server: Way;
let proxy: Way;
beforeEach(async () => {
  server = await startForwarder('http://127.0.0.1:9', '/never');
  proxy = await startConnectProxy();
});
afterEach(async () => {
  await Promise.all([server.close(), proxy.close()]);
});

test.each<[string, (proxyUrl: string, port: number) => ProxySettings]>([
  ['no proxy', () => ({})],
  ['an empty one', () => ({ httpProxy: '', httpsProxy: '' })],
  ['a proxy for http', (httpProxy) => ({ httpProxy })],
  ['a proxy for https alone', (httpsProxy) => ({ httpsProxy })],
  ['everything without', (httpProxy) => ({ httpProxy, noProxy: '*' })],
  ['the host without', (httpProxy) => ({ httpProxy, noProxy: 'example.com, localhost' })],
  ['the host in capitals', (httpProxy) => ({ httpProxy, noProxy: 'LOCALHOST' })],
  ['the host after a dot', (httpProxy) => ({ httpProxy, noProxy: '.localhost' })],
  ['the host after a star', (httpProxy) => ({ httpProxy, noProxy: '*.localhost' })],
  ['the end of the host', (httpProxy) => ({ httpProxy, noProxy: 'host' })],
  ['the port without', (httpProxy, port) => ({ httpProxy, noProxy: `localhost:${port}` })],
  ['another port without', (httpProxy) => ({ httpProxy, noProxy: 'localhost:1' })],
  ['another host without', (httpProxy) => ({ httpProxy, noProxy: 'example.com' })],
])('%s', async (_name, settingsOf) => {
  const settings = settingsOf(proxy.url, server.port);
  const url = new URL(`http://localhost:${server.port}/`);
  const transport = createTransport({ proxy: settings });
  await (await transport.fetch(url)).text();
  await transport.close();
  const usedProxy = proxy.seen.length > 0;
  expect(proxyFor(url, settings)).toBe(usedProxy ? proxy.url : undefined);
});

test('https goes through the proxy of http when it has none of its own', () => {
  const url = new URL('https://open.feishu.cn');
  expect(proxyFor(url, { httpProxy: 'http://a:1' })).toBe('http://a:1');
  expect(proxyFor(url, { httpProxy: 'http://a:1', httpsProxy: 'http://b:2' })).toBe('http://b:2');
});
