// The simulated platform as a program: what it says at start must be enough to use it.
import { networkInterfaces } from 'node:os';
import { DEMO_APP_ID, DEMO_APP_SECRET } from '../../../src/sandbox/demo-apps';
import { runSandbox } from '../../../src/sandbox/run-sandbox';
import { FakeClock } from '../../support/fake-clock';
import { APP, TOKEN_PATH } from './start-sandbox';

async function run(options = {}) {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const running = await runSandbox({ port: 0, clock: new FakeClock(), log, ...options });
  return { ...running, text: lines.join('\n') };
}

// Containers are often built without IPv6.
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

describe('runSandbox', () => {
  it('listens and logs an address and credentials that work', async () => {
    const { sandbox, url, text } = await run();
    const logged = /LARK_DOMAIN=(\S+) LARK_APP_ID=(\S+) LARK_APP_SECRET=(\S+)/.exec(text);
    expect(logged?.slice(1)).toEqual([url, DEMO_APP_ID, DEMO_APP_SECRET]);
    const reply = await fetch(logged![1]! + TOKEN_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app_id: logged![2], app_secret: logged![3] }),
    });
    expect(await reply.json()).toMatchObject({ code: 0, expire: 7200 });
    await sandbox.close();
  });

  it('logs its control paths', async () => {
    const { sandbox, text } = await run();
    expect(text).toContain('POST /sandbox/verify');
    expect(text).toContain('GET /sandbox/assumptions');
    await sandbox.close();
  });

  (hasIpv6 ? it : it.skip)('runs other apps, on the IPv6 loopback address', async () => {
    const { sandbox, url, port, text } = await run({ apps: [APP], host: '::1' });
    expect(url).toBe(`http://[::1]:${port}`);
    expect(text).toContain('LARK_APP_ID=cli_a');
    expect(text).not.toContain(DEMO_APP_ID);
    expect((await fetch(`${url}/sandbox/counters`)).status).toBe(200);
    await sandbox.close();
  });
});
