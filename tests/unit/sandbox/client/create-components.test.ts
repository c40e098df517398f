// `webComponent` of the stand-in, as browsers get it: what it has checked, how it refuses, and what it renders.
import { readClientFailure } from '../../../../src/client-failures/read-client-failure';
import type { Parameters } from '../../../../src/sandbox/client/stand-in-window';
import { StandInPage } from '../../../support/stand-in-page';

const URL_OF_PAGE = 'https://h5.cn/docs';
const SIGNED = { appId: 'cli_a', timestamp: 1, nonceStr: 'n', signature: 's', url: URL_OF_PAGE };
const GIVEN = { ...SIGNED, jsApiList: ['DocsComponent', 'user_profile'] };

let page: StandInPage;
beforeEach(() => {
  page = new StandInPage({ url: `${URL_OF_PAGE}?code=1#part` });
});

/** The outcome of `webComponent.config`: `accepted`, or the code of its refusal. */
async function config(parameters: Parameters): Promise<unknown> {
  const outcome = page.webComponent.config(parameters).then(
    () => 'accepted',
    (failure: unknown) => readClientFailure(failure).code,
  );
  await page.pass();
  return outcome;
}

it('has the page’s own URL checked without its query, with the kind and the user', async () => {
  expect(await config({ ...GIVEN, openId: 'ou_1', locale: 'zh-CN' })).toBe('accepted');
  const body = { ...GIVEN, openId: 'ou_1', kind: 'component' };
  expect(page.sent).toEqual([{ address: 'http://platform/sandbox/verify', body }]);
  expect(page.handle.configs).toMatchObject([{ errCode: 0, url: URL_OF_PAGE, kind: 'component' }]);
});

it.each([
  [`${URL_OF_PAGE}?code=1`, 333441],
  ['https://elsewhere.cn/docs', 333441],
  [undefined, 1012],
])('refuses the url %s without asking the platform', async (url, code) => {
  expect(await config({ ...GIVEN, url })).toBe(code);
  expect(page.sent).toEqual([]);
});

it('tells onAuthError and the caller of a refusal, in the form that was observed', async () => {
  page.verdict = { errCode: 20442, errMsg: 'jsapi-ticket not exist' };
  const told: string[] = [];
  page.webComponent.onAuthError((failure) => told.push(failure.message));
  expect(await config(GIVEN)).toBe(20442);
  expect(told).toEqual(['{"msg":{"code":20442,"msg":"jsapi-ticket not exist"}}']);
});

it('refuses with the codes that are asked for, as h5sdk.config does', async () => {
  page.handle.modes.refuse.push(9, 333450);
  expect(await config(GIVEN)).toBe(9);
  expect(await config(GIVEN)).toBe(333450);
  expect(await config(GIVEN)).toBe('accepted');
});

it('authorises no JSAPI, and h5sdk.config no component', async () => {
  await page.config({ ...GIVEN, jsApiList: [] });
  const mount = { textContent: '' };
  page.webComponent.render('DocsComponent', {}, mount);
  expect(mount.textContent).toBe('');
  page = new StandInPage({ url: URL_OF_PAGE });
  await config(GIVEN);
  expect(await page.call('scanCode')).toMatchObject({ errno: 2601002 });
});

it('renders what is listed, whichever spelling, until it is unmounted, and tells onError of the rest', async () => {
  const failures: unknown[] = [];
  page.webComponent.onError((failure) => failures.push(readClientFailure(failure).code));
  await config(GIVEN);
  const mount = { textContent: '' };
  const { unmount } = page.webComponent.render('UserProfile', { openId: 'ou_2' }, mount);
  expect(mount.textContent).toBe('The web component UserProfile');
  unmount();
  expect(mount.textContent).toBe('');
  page.webComponent.render('Selector', {}, mount).unmount();
  page.webComponent.render('DocsComponent', {}, null).unmount();
  await page.pass();
  expect(mount.textContent).toBe('');
  expect(failures).toEqual([333445]);
});
