// What the most expensive requests cost that anyone may send: no more than a few ordinary ones.
import { minCpuMs } from '../support/min-cpu-ms';
import { serveApp, type ServedApp } from '../support/serve-app';

let served: ServedApp;
afterEach(() => served.close());

/** As long as headers of 48 KiB let a query be. */
const QUERIES = ['%e4&', '%e4=%e4&', '+=', '&', '%75r&', 'a=b&', 'url=%61&'].map((piece) =>
  piece.repeat(Math.floor(47_000 / piece.length)),
);

test.each(['/errors', '/h5-sdk.js', '/readyz', '/config'])(
  'GET %s with any query costs under 10 ms',
  async (path) => {
    served = serveApp({ h5SdkUrls: ['https://sdk.example.com/h5.js'] });
    for (const query of QUERIES)
      // This process is the client too, which takes most of it.
      expect(await minCpuMs(() => served.agent.get(`${path}?${query}`))).toBeLessThan(10);
  },
);

test.each(['/errors/', '/h5-sdk.js'])(
  'the redirect of %s with any Accept header costs under 10 ms',
  async (path) => {
    served = serveApp({ h5SdkUrls: ['https://sdk.example.com/h5.js'] });
    const accept = 'a/b,'.repeat(10_000);
    expect(await minCpuMs(() => served.agent.get(path).redirects(0).set('Accept', accept))).toBeLessThan(10);
  },
);

test.each([
  ['a preflight', () => served.agent.options(`/config?${QUERIES[4]}`)],
  ['a refusal for the rate', () => served.agent.get(`/config?${QUERIES[4]}`)],
  ['a form', () => served.agent.post('/config').type('form').send('%75r&'.repeat(16_000))],
])('%s of any length costs under 10 ms', async (what, send) => {
  served = serveApp({ requestsPerMinute: what === 'a refusal for the rate' ? 1 : 0 });
  expect(await minCpuMs(send)).toBeLessThan(10);
});
