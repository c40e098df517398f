// Front ends written for other signers: they work after nothing but the service's address has changed.
import { checked, useBrowserWorlds, type PageWindow } from '../../support/browser/browser-world';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

describeWith('chromium', 'a front end that was written for another signer', () => {
  const startWorld = useBrowserWorlds();

  const COMPAT_ROUTES = '/api/get_sign_parameters=tutorial,/api/v1/lark/signature=envelope';

  test.each([
    ['official-sample', '/home?lang=zh#/top'],
    ['koa-tutorial', '/home?a=1&b=飞书#/top'],
    ['axios-like', '/home?a=1+2&b=%2B#/top'],
  ] as const)('%s configures and scans at %s', async (name, path) => {
    const world = await startWorld({ scripts: ['sdk', name], env: { COMPAT_ROUTES } });
    const page = await world.open(path);
    await page.waitForFunction(() => window.outcome?.scan);
    expect(await page.evaluate(() => window.outcome?.scan?.result)).toEqual(expect.any(String));
    expect(await checked(page)).toMatchObject([{ errCode: 0 }]);
    expect(world.complaints).toEqual([]);
  });

  test('that does not encode its URL gets an error when the URL holds an ampersand', async () => {
    const world = await startWorld({ scripts: ['sdk', 'official-sample'] });
    const page = await world.open('/home?a=1&b=2');
    await page.waitForFunction(() => window.outcome);
    expect(await page.evaluate(() => window.outcome)).toMatchObject({
      config: { errno: 1012 },
      refusal: { code: 'URL_NOT_ENCODED', msg: expect.stringContaining('encodeURIComponent') },
    });
  });
});
