// The objects that the H5 SDK and the web components put into the window. Types only.
import type { ClientFailure, JsApiName, JsApiParams, JsApiResult, JsApis } from './js-apis';

/** The callbacks of a JSAPI; `complete` comes after either. Source: standard-object-input. */
export interface JsApiCallbacks<Result> {
  success?(result: Result): void;
  fail?(failure: ClientFailure): void;
  complete?(outcome: { errMsg?: string }): void;
}

/** A function of `tt`. Its parameter can be left out where nothing in it is needed. */
export type JsApi<Params, Result> = (
  ...args: object extends Params
    ? [parameters?: Params & JsApiCallbacks<Result>]
    : [parameters: Params & JsApiCallbacks<Result>]
) => void;

/** The typed JSAPIs. */
export type JsApiFunctions = {
  [Name in keyof JsApis]: JsApi<JsApiParams<Name>, JsApiResult<Name>>;
};

/** `window.tt`. A page can add functions: `declare module 'lark-jsapi-signer/globals' { interface Tt { … } }`. */
// oxlint-disable-next-line typescript/no-empty-object-type -- an interface, so that pages can add to it
export interface Tt extends JsApiFunctions {}

/** The arguments of `h5sdk.config`. Source: https://open.feishu.cn/document/web-app/gadget-api/open-ability/authentication/h5sdkconfig. */
export interface H5SdkConfig {
  appId: string;
  /** In milliseconds, a number. */
  timestamp: number;
  nonceStr: string;
  signature: string;
  /** Plain names, as in `scanCode`. */
  jsApiList: readonly (JsApiName | (string & {}))[];
  onSuccess?(result: { session_key?: string }): void;
  onFail?(failure: ClientFailure): void;
}

/** `window.h5sdk`. Source: the same, and https://open.feishu.cn/document/client-docs/h5/development-guide/step-2:-call-jsapi(optional). */
export interface H5Sdk {
  /** Called once the SDK is initialised, which does not mean that the page is authorised. */
  ready(callback: () => void): void;
  /** To be registered before `config`. */
  error(callback: (failure: ClientFailure) => void): void;
  config(parameters: H5SdkConfig): void;
}

/** The arguments of `webComponent.config`. Source: https://open.feishu.cn/document/common-capabilities/web-components/component-sdk-authentication-process. */
export interface WebComponentConfig {
  /** Of the user whose ticket signed; left out with a ticket of the app. */
  openId?: string;
  signature: string;
  appId: string;
  /** In milliseconds, a number. */
  timestamp: number;
  nonceStr: string;
  /** The page's address without query and fragment. */
  url: string;
  /** The components, as in `user_profile` and `DocsComponent`. */
  jsApiList: readonly string[];
  /** As in `zh-CN`. */
  locale?: string;
  theme?: 'dark' | 'light';
}

/** `window.webComponent`. Source: the same, and https://open.feishu.cn/document/common-capabilities/web-components/. */
export interface WebComponents {
  config(parameters: WebComponentConfig): Promise<unknown>;
  update(changes: Partial<WebComponentConfig>): unknown;
  /** Called when `config` is refused, in the builds that have it. The message is JSON with the platform's code. */
  onAuthError?(callback: (failure: Error) => void): void;
  /** Called when a component fails. */
  onError?(callback: (failure: Error) => void): void;
  /** Puts the component `name` into the element `mount`. */
  render(name: string, properties: object, mount: object | null): { unmount(): void };
}
