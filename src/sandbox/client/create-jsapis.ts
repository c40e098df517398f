// A few JSAPIs with made-up results, on `tt` and under the dotted names of `h5sdk`. Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { Callback, Parameters } from './stand-in-window';

/** What the JSAPIs ask before they answer, and how they do. */
export interface JsapiRules {
  /** Whether the page may call the JSAPI of that name now. */
  allows: (name: string) => boolean;
  /** The failure that is wanted next. */
  refusal: () => { errCode: number; errMsg: string } | undefined;
  describe: (code: number, text: string) => object;
  /** Runs `callback` after the client's usual time. */
  later: (callback: () => void) => void;
}

export type Jsapi = (parameters?: Parameters) => void;

export function createJsapis({ allows, refusal, describe, later }: JsapiRules): {
  tt: Record<string, Jsapi>;
  dotted: Record<string, Jsapi>;
} {
  let clipboard = '';
  let logins = 0;
  const login = (appId: unknown): object | undefined =>
    // A code is good for one login; the number makes every one another.
    typeof appId === 'string' && appId !== '' ? { code: `stand-in-code-${++logins}` } : undefined;

  /** The result of each JSAPI, or undefined when an argument is missing. */
  const results: Record<string, (parameters: Parameters) => object | undefined> = {
    scanCode: () => ({ result: 'https://example.com/scanned' }),
    getLocation: () => ({ latitude: 39.9087, longitude: 116.3975, accuracy: 30 }),
    chooseImage: () => ({ tempFilePaths: ['stand-in://image-1'] }),
    setClipboardData({ data }) {
      if (typeof data !== 'string') return undefined;
      clipboard = data;
      return {};
    },
    getClipboardData: () => ({ data: clipboard }),
    getNetworkType: () => ({ networkType: 'wifi' }),
    getSystemInfo: () => ({ platform: 'stand-in', SDKVersion: '0.0.0' }),
    requestAuthCode: ({ appId }) => login(appId),
    requestAccess: ({ appID }) => login(appID),
    closeWindow: () => ({}),
  };
  /** Documented: these need no config, so login does not depend on a signature. */
  const free = ['requestAuthCode', 'requestAccess', 'closeWindow'];
  const olderNames: Record<string, string> = {
    'biz.util.scan': 'scanCode',
    'device.geolocation.get': 'getLocation',
    'biz.util.chooseImage': 'chooseImage',
    'device.connection.getNetworkType': 'getNetworkType',
  };

  function jsapi(name: string, result: string, successName: string, failName: string): Jsapi {
    return function callJsapi(parameters = {}) {
      const tell = (callbackName: string, given: object): void => {
        const callback = parameters[callbackName];
        if (typeof callback === 'function') (callback as Callback)(given);
      };
      const tellComplete = (given: object): void => {
        // The older functions know no third callback.
        if (failName === 'fail') tell('complete', given);
      };
      const fail = (code: number, text: string): void => {
        tell(failName, describe(code, text));
        tellComplete(describe(code, text));
      };
      later(() => {
        const wanted = refusal();
        if (wanted) {
          fail(wanted.errCode, `${name}:fail ${wanted.errMsg}`);
          return;
        }
        if (!free.includes(name) && !allows(name)) {
          fail(333445, `${name}:fail the JSAPI is not in jsApiList, or the page is not authorised`);
          return;
        }
        const given = results[result]?.(parameters);
        if (!given) {
          fail(104, `${name}:fail an argument is missing or invalid`);
          return;
        }
        const success = { ...given, errMsg: `${name}:ok` };
        tell(successName, success);
        tellComplete(success);
      });
    };
  }

  const tt: Record<string, Jsapi> = {};
  for (const name of Object.keys(results)) tt[name] = jsapi(name, name, 'success', 'fail');
  const dotted: Record<string, Jsapi> = {};
  for (const [name, result] of Object.entries(olderNames)) {
    dotted[name] = jsapi(name, result, 'onSuccess', 'onFail');
  }
  return { tt, dotted };
}
