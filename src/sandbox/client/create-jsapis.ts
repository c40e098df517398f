// JSAPIs with made-up results, on `tt` and under the dotted names of `h5sdk`. Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { Callback, Parameters } from './stand-in-window';

/** The result of a JSAPI, or what makes it of the parameters. */
export type JsapiAnswer = object | ((parameters: Parameters) => object | undefined);

/** What the JSAPIs ask before they answer, and how they do. */
export interface JsapiRules {
  /** By name: each becomes a function of `tt`. */
  answers: Readonly<Record<string, JsapiAnswer>>;
  /** The parameters that must be given, by name. */
  needs: Readonly<Record<string, readonly string[] | undefined>>;
  /** Whether the page may call the JSAPI of that name now. */
  allows: (name: string) => boolean;
  /** The failure that is wanted next of the JSAPI of that name. */
  refusal: (name: string) => { errCode: number; errMsg: string } | undefined;
  describe: (code: number, text: string) => object;
  /** Runs `callback` after the client's usual time. */
  later: (callback: () => void) => void;
}

export type Jsapi = (parameters?: Parameters) => void;

export function createJsapis({ answers, needs, allows, refusal, describe, later }: JsapiRules): {
  tt: Record<string, Jsapi>;
  dotted: Record<string, Jsapi>;
} {
  let clipboard = '';
  let logins = 0;
  // A code is good for one login; the number makes every one another.
  const login = (): object => ({ code: `stand-in-code-${++logins}` });

  const all: Record<string, JsapiAnswer> = {
    setClipboardData({ data }: Parameters) {
      clipboard = String(data);
      return {};
    },
    getClipboardData: () => ({ data: clipboard }),
    requestAuthCode: login,
    requestAccess: login,
    ...answers,
  };
  /** Documented: these need no config, so login does not depend on a signature. */
  const free = ['requestAuthCode', 'requestAccess', 'closeWindow'];
  const olderNames: Record<string, string> = {
    'biz.util.scan': 'scanCode',
    'device.geolocation.get': 'getLocation',
    'biz.util.chooseImage': 'chooseImage',
    'device.connection.getNetworkType': 'getNetworkType',
  };

  function jsapi(name: string, answerName: string, successName: string, failName: string): Jsapi {
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
        const wanted = refusal(name);
        if (wanted) {
          fail(wanted.errCode, `${name}:fail ${wanted.errMsg}`);
          return;
        }
        if (!free.includes(name) && !allows(name)) {
          fail(333445, `${name}:fail the JSAPI is not in jsApiList, or the page is not authorised`);
          return;
        }
        const missing = (needs[answerName] ?? []).find((needed) => (parameters[needed] ?? '') === '');
        if (missing !== undefined) {
          fail(104, `${name}:fail ${missing} is missing`);
          return;
        }
        const answer = all[answerName];
        const given =
          typeof answer === 'function' ? (answer as (given: Parameters) => object)(parameters) : answer;
        const success = { ...given, errMsg: `${name}:ok` };
        tell(successName, success);
        tellComplete(success);
      });
    };
  }

  const tt: Record<string, Jsapi> = {};
  for (const name of Object.keys(all)) tt[name] = jsapi(name, name, 'success', 'fail');
  const dotted: Record<string, Jsapi> = {};
  for (const [name, answerName] of Object.entries(olderNames)) {
    dotted[name] = jsapi(name, answerName, 'onSuccess', 'onFail');
  }
  return { tt, dotted };
}
