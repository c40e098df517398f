// What a page may write, and what it may not: compiled against the sources, and against the package as others get it.
import { authoriseComponents, create, type JsApiResult } from 'lark-jsapi-signer/browser';
import type { ClientFailure, JsApis } from 'lark-jsapi-signer/globals';

const lark = create({ endpoint: 'https://signer.example.com' });
const someName: string = location.hash.slice(1);

export async function calls(): Promise<void> {
  // The parameters and the result of a JSAPI come from its name.
  const { result, errMsg } = await lark.call('scanCode', { scanType: ['qrCode'], barCodeInput: true });
  result satisfies string;
  errMsg satisfies string;
  (await lark.call('tt.scanCode')).result satisfies string;
  (await lark.call('getLocation', { accuracy: 'high' }, 10_000)).latitude satisfies number;
  const types: readonly ('qrCode' | 'barCode')[] = ['qrCode'];
  await lark.call('scanCode', { scanType: types });
  // @ts-expect-error a misspelt value
  await lark.call('scanCode', { scanType: ['qrcode'] });
  // @ts-expect-error a misspelt parameter
  await lark.call('scanCode', { scanTypes: ['qrCode'] });
  // @ts-expect-error a misspelt field of the result
  (await lark.call('scanCode')).text;
  // @ts-expect-error the limit is a number
  await lark.call('scanCode', {}, '10s');

  // What a JSAPI needs has to be given; what the helper fills in, not.
  await lark.call('setClipboardData', { data: 'text' });
  // @ts-expect-error no data
  await lark.call('setClipboardData');
  // @ts-expect-error no data
  await lark.call('setClipboardData', {});
  (await lark.call('requestAccess')).code satisfies string;
  await lark.call('requestAccess', { appID: 'cli_1', scopeList: [] });
  await lark.call('requestAuthCode', { appId: 'cli_1' });
  // @ts-expect-error requestAccess calls it appID
  await lark.call('requestAccess', { appId: 'cli_1' });

  // A name that is not in the map: with the type of its result, or as a string.
  (await lark.call<{ steps: number }>(someName)).steps satisfies number;
  (await lark.call<{ steps: number }>('vibrateShort', { any: 'parameter' }, 1_000)).steps satisfies number;
  (await lark.call<{ text: string }>('scanCode' as string)).text satisfies string;
  (await lark.call(someName)) satisfies unknown;
  await lark.call('biz.util.scan', {});
  await lark.call('h5sdk.biz.util.scan');
  // @ts-expect-error a misspelt literal
  await lark.call('scanCod');
  // @ts-expect-error a misspelt literal
  await lark.call('tt.scancode');
  // @ts-expect-error web apps do not have it
  await lark.call('getStorage', { key: 'a' });
}

export function globals(): void {
  // Outside the client the objects are missing.
  window.h5sdk?.ready(() => {
    tt.scanCode({
      scanType: ['barCode'],
      success: ({ result }) => result satisfies string,
      fail: ({ errno, errString }) => [
        errno satisfies number | undefined,
        errString satisfies string | undefined,
      ],
      complete: () => undefined,
    });
    tt.closeWindow();
  });
  // @ts-expect-error it may be missing
  window.h5sdk.ready(() => undefined);
  // @ts-expect-error it may be missing
  window.tt.scanCode({});
  const read = (failure: ClientFailure): number | undefined => failure.errno ?? failure.errCode;
  h5sdk.error((failure) => read(failure));
  const signed = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's' };
  h5sdk.config({ ...signed, jsApiList: ['scanCode', 'a name of yours'], onSuccess: () => 1, onFail: read });
  // @ts-expect-error the timestamp is a number
  h5sdk.config({ ...signed, timestamp: '1', jsApiList: [] });
  // @ts-expect-error no list
  h5sdk.config(signed);
  // @ts-expect-error a misspelt JSAPI
  tt.scanCod({});
  // @ts-expect-error a misspelt callback
  tt.scanCode({ sucess: () => undefined });
  // @ts-expect-error a misspelt callback where nothing else is taken
  tt.hideToast({ sucess: () => undefined });
  // @ts-expect-error no title
  tt.showToast({});
  // @ts-expect-error no title
  tt.showToast();
  const { url, ...component } = { ...signed, url: 'https://h5.example.com/' };
  void window.webComponent?.config({ ...component, url, jsApiList: ['user_profile'], locale: 'zh-CN' });
  // @ts-expect-error no address
  void window.webComponent?.config({ ...component, jsApiList: [] });
  window.webComponent
    ?.render('UserProfile', { openId: 'ou_1' }, document.querySelector('#profile'))
    .unmount();
}

export async function components(): Promise<void> {
  const jsApiList = ['DocsComponent'];
  (await authoriseComponents({ endpoint: '/lark', jsApiList })).url satisfies string;
  await authoriseComponents({ request: (url) => fetch(url), openId: 'ou_1', jsApiList, theme: 'dark' });
  // @ts-expect-error neither says who signs
  await authoriseComponents({ jsApiList });
  // @ts-expect-error the service signs as the app, which has no openId
  await authoriseComponents({ endpoint: '/lark', openId: 'ou_1', jsApiList });
  // @ts-expect-error no components
  await authoriseComponents({ endpoint: '/lark' });
}

// Every name has both.
export type Params = { [Name in keyof JsApis]: JsApis[Name]['params'] };
export const scanned: JsApiResult<'scanCode'> = { result: 'text', errMsg: 'scanCode:ok' };
