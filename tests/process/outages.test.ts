// Pages that stay open while the ticket dies or the service is away: they recover without a reload.
import { checked, useBrowserWorlds, type PageWindow } from '../support/browser/browser-world';
import { describeWith } from '../support/needs-program';

declare const window: PageWindow;

describeWith('chromium', 'an open page', () => {
  const startWorld = useBrowserWorlds();

  test('heals when the platform has revoked the ticket, through its report', async () => {
    const world = await startWorld({ scripts: ['lark-jsapi', 'history-app'] });
    const { appId, sandbox } = world;
    const page = await world.open('/app');
    await page.evaluate(() => window.app.scan());
    sandbox.revokeTickets(appId);
    await page.evaluate(() => window.app.go('/other'));
    await page.evaluate(() => window.app.scan());
    expect((await checked(page)).map(({ errCode }) => errCode)).toEqual([0, 333442, 0]);
    expect(await page.evaluate(() => window.app.failures)).toEqual([]);
    // The report brought one new ticket, and no more.
    expect(sandbox.issuedTickets(appId)).toHaveLength(2);
    expect(world.complaints).toEqual([]);
  });

  test('logs in while the service is away, shows what to do, and works when it is back', async () => {
    const world = await startWorld({ scripts: ['sdk', 'lark-jsapi'] });
    await world.stopService();
    const page = await world.open('/app');
    const login = await world.call(page, 'requestAccess', { appID: world.appId, scopeList: [] });
    expect(login.code).toEqual(expect.stringContaining('code'));
    const askedMs = performance.now();
    const scan = await world.call(page, 'scanCode');
    expect(scan).toMatchObject({
      problem: 'SIGNER_UNREACHABLE',
      advice: expect.stringContaining('Check the endpoint'),
    });
    // Three attempts with pauses of at most 1.5 s in all; a refused connection costs nothing besides.
    expect(performance.now() - askedMs).toBeLessThan(5_000);
    await world.startService();
    expect((await world.call(page, 'scanCode')).result).toEqual(expect.any(String));
  });
});
