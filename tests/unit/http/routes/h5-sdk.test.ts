// The way to the platform's H5 SDK: a redirect to the configured addresses, one after the other.
import { serveApp, type ServedApp } from '../../../support/serve-app';

const URLS = ['https://first.example.com/sdk.js?v=1', 'http://127.0.0.1:4400/sdk.js'];
let served: ServedApp;
beforeEach(() => {
  served = serveApp({ h5SdkUrls: URLS });
});
afterEach(() => served.close());

it.each([
  ['', URLS[0]],
  ['?try=0', URLS[0]],
  ['?try=1', URLS[1]],
  ['?v=2&try=1', URLS[1]],
])('/h5-sdk.js%s leads to %s', async (query, url) => {
  await served.agent
    .get(`/h5-sdk.js${query}`)
    .expect(302)
    .expect('Location', url!)
    .expect('Cache-Control', 'no-store')
    .expect('Access-Control-Allow-Origin', '*');
});

it.each(['2', '-1', 'x', '', '0x0', '1e0', '99999999999999999999'])('there is no try=%s', async (wanted) => {
  const { body } = await served.agent.get(`/h5-sdk.js?try=${wanted}`).expect(404);
  expect(body).toMatchObject({
    code: 'NOT_FOUND',
    detail: expect.stringContaining('from 0 to 1') as unknown,
  });
});

it('takes GET and HEAD only', async () => {
  await served.agent.post('/h5-sdk.js').expect(405).expect('Allow', 'GET, HEAD');
});
