// The options and the result of `create`.
import type { JsApiName, JsApiParams, JsApiResult } from '../jsapis/js-apis';
import type { LarkJsapiError } from './lark-jsapi-error';

/** The options of `create`. Two calls with equal data share one instance; functions given last replace earlier ones. */
export interface LarkOptions {
  /** Address of the signer. Default: the folder `lark-jsapi.js` was loaded from. Needed in a bundle of your own. */
  endpoint?: string | undefined;
  /** The JSAPIs the page will call, by the platform's names. Default: the signer's JS_API_LIST. */
  jsApiList?: readonly string[] | undefined;
  /** Alias or id of the app, where the signer has several. */
  app?: string | undefined;
  /** The tenant, for store apps. */
  tenantKey?: string | undefined;
  /** `cli_…`: filled into requestAuthCode and requestAccess, and into replies that do not carry it. */
  appId?: string | undefined;
  /** Addresses of the H5 SDK, tried in order. Default: the signer's `/h5-sdk.js`. Not used when the page has the SDK. */
  sdkUrl?: string | readonly string[] | undefined;
  /** Which change asks for a new authorisation: of the whole URL (default), of the path alone, or none. Never the hash. */
  reconfigureOn?: 'url' | 'path' | 'never' | undefined;
  /** Chooses the URL to sign, given the page's (without fragment). Default: the page's. */
  signUrl?: ((pageUrl: string) => string) | undefined;
  /** Fetches the signature in place of the helper; resolves to any reply shape of the signer. Not retried; 30 s. */
  request?: ((pageUrl: string) => unknown) | undefined;
  /** Called once for every final failure. */
  onError?: ((error: LarkJsapiError) => void) | undefined;
}

/** The page that is authorised. */
export interface Authorised {
  /** `cli_…` */
  appId: string;
  /** The page's URL without its fragment. */
  url: string;
}

/** `idle` before the first use and after a change of URL; `failed` until the next use. */
export type LarkState = 'idle' | 'configuring' | 'authorised' | 'failed';

/** One page's access to the JSAPIs. */
export interface Lark {
  /** Authorises the page unless it is. Rejects with a LarkJsapiError; the next call tries again. */
  ready(): Promise<Authorised>;
  /**
   * Calls a JSAPI once the page is authorised and resolves to what its success callback gets.
   * requestAuthCode, requestAccess and closeWindow wait for the SDK alone: login works without the signer.
   * Rejects with a LarkJsapiError after `limitMs` (default 5 minutes, since a person may be asked).
   *
   * @example const { result } = await lark.call('scanCode', { scanType: ['qrCode'] });
   */
  call<Name extends JsApiName>(
    name: Prefixed<Name>,
    ...args: object extends CallParams<Name>
      ? [parameters?: CallParams<Name>, limitMs?: number]
      : [parameters: CallParams<Name>, limitMs?: number]
  ): Promise<JsApiResult<Name>>;
  /**
   * The same for a JSAPI that is not in the map `JsApis`: give the type of its result, or a name that is a `string`. A dotted name
   * (`biz.util.scan`) passes too; another literal without that type is taken for a misspelt one.
   *
   * @example const { data } = await lark.call<{ data: string }>('getStorageInfo');
   */
  call<T = unknown, Name extends string = string>(
    name: Name & Unlisted<Name>,
    parameters?: object,
    limitMs?: number,
  ): Promise<T>;
  /** The page's current state. */
  readonly state: LarkState;
}

/** `name` may begin with the object that has the function. */
type Prefixed<Name extends string> = Name | `tt.${Name}` | `h5sdk.${Name}`;

/** The helper fills in what a login needs to know of the app. */
type CallParams<Name extends JsApiName> = Name extends 'requestAccess' | 'requestAuthCode'
  ? Partial<JsApiParams<Name>>
  : JsApiParams<Name>;

/** `Name` where it may be a JSAPI that the map does not have. */
type Unlisted<Name extends string> = string extends Name
  ? Name
  : Name extends `tt.${infer Rest}` | `h5sdk.${infer Rest}`
    ? Dotted<Rest> extends never
      ? never
      : Name
    : Dotted<Name>;

/** `Name` if it has a folder, as in `biz.util.scan`. */
type Dotted<Name extends string> = Name extends `${string}.${string}` ? Name : never;
