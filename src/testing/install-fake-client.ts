// Entry of lark-jsapi-signer/testing: puts a fake client into the window of a test, and takes it out again.
import { CLIENT_MEANINGS } from '../client-failures/client-codes';
import type { JsApiName, JsApiParams, JsApis } from '../jsapis/js-apis';
import { askPlatform } from '../sandbox/client/ask-platform';
import { createAuthorisation } from '../sandbox/client/create-authorisation';
import { createComponents } from '../sandbox/client/create-components';
import { createJsapis, type JsapiAnswer } from '../sandbox/client/create-jsapis';
import { describeFailure } from '../sandbox/client/describe-failure';
import { installStandIn } from '../sandbox/client/install-stand-in';
import { MADE_UP_ANSWERS, NEEDED_PARAMETERS } from '../sandbox/client/made-up-answers';
import type { StandInModes } from '../sandbox/client/modes';
import type { StandInWindow } from '../sandbox/client/stand-in-window';
import { findWrongArgument, type ConfigCall, type VerifyResult } from '../sandbox/config-call';
import { createFakeSigner, findWrongKind, type Fetch } from './fake-signer';

/** A result, or a function (a spy, for instance) that makes it of the parameters; `undefined` counts as an empty result. */
export type FakeAnswer<Params, Result> = Result | ((parameters: Params) => Result | undefined);

/** By JSAPI. Those of the map are typed; any other name adds a JSAPI. */
export type FakeAnswers = {
  [Name in JsApiName]?: FakeAnswer<JsApiParams<Name>, JsApis[Name]['result']>;
} & Readonly<Record<string, unknown>>;

/** How the fake client behaves where versions of the real one differ; the defaults are those of the stand-in. */
export type FakeClientModes = Omit<StandInModes, 'refuse' | 'fail'>;

/** The options of `installFakeClient`. */
export interface FakeClientOptions {
  /** What JSAPIs answer, over the made-up answers. */
  answers?: FakeAnswers | undefined;
  /**
   * Codes to fail with, for `config`, `webComponent.config` and by JSAPI: a number for every call, a list for the next calls, one each. Any code, in the form
   * that `modes.failure` names.
   */
  refuse?: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** `navigator.userAgent`. Default: one of the Feishu client. */
  userAgent?: string | undefined;
  /** Address of a simulated platform that checks each config. Default: only the form of its arguments is checked. */
  verify?: string | undefined;
  /** Address of the signer that the page asks; it is answered here, with signatures for a client without `verify`. Default: none. */
  signer?: string | undefined;
  /** Default: those of the stand-in. */
  modes?: Partial<FakeClientModes> | undefined;
  /** The window to put it into. Default: the global one. */
  window?: object | undefined;
}

/** What is replaced, besides the objects of the client. The last are the helper's instances, which belong to the client they met. */
const REPLACED = ['h5sdk', 'tt', 'webComponent', '__larkStandIn', '__larkJsapiInstances1'];
const FEISHU = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Lark/7.50.0 LarkLocale/zh_CN Feishu';
/** As `parseModes('')`, without zod. */
const DEFAULT_MODES: FakeClientModes = {
  verify: 'current',
  ready: 'fire',
  latency: 0,
  beforeReady: 'answer',
  unknownNames: 'accept',
  failure: 'errString',
};

type FakedWindow = StandInWindow & { readonly navigator: object };

/**
 * Puts `h5sdk`, `tt` and `webComponent` of a fake client into the window, with the user agent of the client, and returns the function that undoes it.
 * The helper and pages without it work with them as inside the client. `window.__larkStandIn` holds its modes and every checked config.
 *
 * @example const undo = installFakeClient({ answers: { scanCode: { result: 'A-1' } }, signer: 'https://signer.example.com' });
 */
export function installFakeClient(options: FakeClientOptions = {}): () => void {
  const { answers = {}, refuse = {}, userAgent = FEISHU, verify, signer, modes } = options;
  const window = (options.window ?? globalThis) as FakedWindow;
  const undo: (() => void)[] = [];
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
    undo.unshift(() => {
      if (before) Object.defineProperty(owner, name, before);
      else Reflect.deleteProperty(owner, name);
    });
  };

  for (const name of REPLACED) replace(window, name, undefined);
  replace(window.navigator, 'userAgent', userAgent);
  if (signer !== undefined) {
    const { fetch } = window as { fetch?: Fetch };
    replace(window, 'fetch', createFakeSigner(signer, fetch?.bind(window)));
  }

  const left = new Map(
    Object.entries(refuse).map(([name, codes]) => [name, typeof codes === 'number' ? codes : [...codes]]),
  );
  installStandIn(
    window,
    { ...DEFAULT_MODES, ...modes, refuse: [], fail: [] },
    {
      createAuthorisation,
      createComponents,
      createJsapis,
      describeFailure,
      meanings: CLIENT_MEANINGS,
      answers: { ...MADE_UP_ANSWERS, ...(answers as Record<string, JsapiAnswer>) },
      needs: NEEDED_PARAMETERS,
      ask: (call) =>
        verify === undefined ? Promise.resolve(checkForm(call)) : askPlatform(window, verify, call),
      wanted(name) {
        const codes = left.get(name);
        return typeof codes === 'object' ? codes.shift() : codes;
      },
    },
  );
  return function undoFakeClient() {
    for (const restore of undo.splice(0)) restore();
  };
}

function checkForm(call: ConfigCall): VerifyResult {
  const fault = findWrongArgument(call);
  if (fault !== undefined) return { errCode: 1012, errMsg: fault };
  const errCode = findWrongKind(call);
  return errCode === undefined
    ? { errCode: 0, errMsg: 'ok' }
    : { errCode, errMsg: CLIENT_MEANINGS[errCode] ?? '' };
}
