// A platform's client and its clock together: which time is signed with after two replies.
import { fetch } from 'undici';
import { createPlatform } from '../../../src/open-platform/platform';
import { FakeClock } from '../../support/fake-clock';
import { ScriptedServer } from '../../support/scripted-server';

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.close());

const YEAR_2026 = Date.UTC(2026, 5, 1);

test.each([
  ['1970, as this machine’s does', '2026', 0, YEAR_2026, YEAR_2026],
  ['2026', '1970', YEAR_2026, 0, YEAR_2026],
  ['2026', '9999', YEAR_2026, Date.UTC(9999, 11, 31), YEAR_2026],
])('our clock says %s, the platform’s %s', async (_ours, _theirs, ourMs, theirMs, expectedMs) => {
  const platform = createPlatform({
    baseUrl: server.url,
    fetch,
    clock: new FakeClock(ourMs),
    clockCorrection: true,
  });
  for (let replies = 0; replies < 2; replies += 1) {
    server.answer({ headers: { Date: new Date(theirMs).toUTCString() }, json: { code: 99991661 } });
    await platform.client.probe();
  }
  expect(Math.abs(platform.time.nowMs() - expectedMs)).toBeLessThan(1_000);
  platform.close();
});
