// Reports over HTTP: always 204, whatever is sent; what is a report reaches the app that it names.
import { serveApp, type ServedApp } from '../../../support/serve-app';

const REPORT = {
  appId: 'cli_one',
  url: 'https://h5.example.com/a?code=s3cret',
  timestamp: 1_767_225_600_000,
  nonceStr: '0'.repeat(32),
  signature: 'a'.repeat(40),
  errorCode: 333442,
};
let served: ServedApp;
beforeEach(() => {
  served = serveApp();
});
afterEach(() => served.close());

it('hands a report to its app', async () => {
  await served.agent.post('/report').send(REPORT).expect(204, '');
  await served.agent
    .post('/report?app=cli_one')
    .send({ ...REPORT, tenantKey: 'tenant-1' })
    .expect(204);
  expect(served.signing.reports).toEqual([REPORT, { ...REPORT, tenantKey: 'tenant-1' }]);
});

it('reads JSON of any content type: a page that is closed sends a beacon as text', async () => {
  await served.agent.post('/report').type('text/plain').send(JSON.stringify(REPORT)).expect(204);
  expect(served.signing.reports).toHaveLength(1);
});

it.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['no object', '[1]'],
  ['null', 'null'],
  ['too little', JSON.stringify({ ...REPORT, nonceStr: undefined })],
  ['a time as text', JSON.stringify({ ...REPORT, timestamp: String(REPORT.timestamp) })],
  ['too much', JSON.stringify({ ...REPORT, more: 'x'.repeat(8 * 1024) })],
])('answers 204 to %s, and hands it to no app', async (_what, text) => {
  await served.agent.post('/report').type('json').send(text).expect(204, '');
  expect(served.signing.reports).toEqual([]);
});

it.each(['?app=cli_unknown', '?app=cli_one&app=cli_two'])(
  'answers 204 to %s, which names no app',
  async (query) => {
    await served.agent.post(`/report${query}`).send(REPORT).expect(204);
    expect(served.signing.reports).toEqual([]);
  },
);

it('lets a page of a listed origin send JSON', async () => {
  const origin = 'https://h5.example.com';
  await served.agent
    .options('/report')
    .set({
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    })
    .expect(204)
    .expect('Access-Control-Allow-Origin', origin)
    .expect('Access-Control-Allow-Methods', /POST/)
    .expect('Access-Control-Allow-Headers', 'content-type');
  await served.agent
    .post('/report')
    .set('Origin', origin)
    .send(REPORT)
    .expect('Access-Control-Allow-Origin', origin);
});

it('takes POST only', async () => {
  await served.agent.get('/report').expect(405).expect('Allow', 'POST, OPTIONS');
});
