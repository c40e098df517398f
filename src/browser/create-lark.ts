// The state of one page: authorised for which URL, one task in flight, and the calls that wait for it.
import { callApi, findApi } from './call-api';
import { createAuthorise } from './create-authorise';
import { followNavigation } from './follow-navigation';
import { LarkJsapiError } from './lark-jsapi-error';
import { loadSdk } from './load-sdk';
import type { Authorised, Lark, LarkOptions } from './options';
import { type Page, pageUrl } from './page';

/** A router's push and redirect come together; a person does not act on the new page sooner. */
const NAVIGATION_SETTLES_MS = 100;
/** A page whose URL changed during each of this many authorisations will change it again. */
const MAX_ROUNDS = 5;
/** A person may be looking for a code to scan. */
const CALL_LIMIT_MS = 300_000;
/** They need no authorisation, so a signer that is down does not stop a login. */
const LOGIN_APIS = /^(?:tt\.)?(requestAuthCode|requestAccess|closeWindow)$/;
/** What the two want the app id to be called. */
const LOGIN_DEFAULTS: Readonly<Record<string, (appId: string) => object>> = {
  requestAuthCode: (appId) => ({ appId }),
  requestAccess: (appID) => ({ appID, scopeList: [] }),
};
/** The service knows up to as many addresses as it has H5_SDK_URL entries; three is more than usual. */
const SDK_TRIES = [0, 1, 2];

/** The instance behind `create`; `landingUrl` is the page's URL when the script was loaded. */
export function createLark(page: Page, landingUrl: string, options: LarkOptions): Lark {
  const authorise = createAuthorise(page, options, landingUrl);
  const reported = new WeakSet<LarkJsapiError>();
  let loading: Promise<void> | undefined;
  let task: Promise<Authorised> | undefined;
  let current: { key: string; page: Authorised } | undefined;
  let hasFailed = false;
  let isFollowing = false;

  /** What must change for the page to need another authorisation. */
  function currentKey(): string {
    const { reconfigureOn = 'url' } = options;
    if (reconfigureOn === 'never') return '';
    return reconfigureOn === 'path' ? pageUrl(page).replace(/\?[^]*/, '') : pageUrl(page);
  }

  const isAuthorised = (): boolean => current?.key === currentKey();

  function sdk(): Promise<void> {
    const { sdkUrl, endpoint } = options;
    const ofService = endpoint === undefined ? [] : SDK_TRIES.map((n) => `${endpoint}/h5-sdk.js?try=${n}`);
    const urls = typeof sdkUrl === 'string' ? [sdkUrl] : (sdkUrl ?? ofService);
    return (loading ??= loadSdk(page, urls).catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  }

  function follow(): void {
    if (isFollowing) return;
    isFollowing = true;
    let timer: unknown;
    let lastKey = currentKey();
    followNavigation(page, (restored) => {
      if (currentKey() === lastKey && !restored) return; // a hash route, or an ignored change
      lastKey = currentKey();
      // Other pages were shown since: that the client still counts this one as authorised is not documented.
      if (restored) current = undefined;
      page.clearTimeout(timer);
      timer = page.setTimeout(() => {
        void ready().catch(() => undefined); // onError has been called
      }, NAVIGATION_SETTLES_MS);
    });
  }

  async function run(): Promise<Authorised> {
    try {
      await sdk();
      follow();
      return await authoriseCurrent();
    } catch (error) {
      hasFailed = true;
      return fail(error);
    } finally {
      task = undefined;
    }
  }

  /** Authorises the current URL; when it changed meanwhile, the new URL, whatever the outcome for the old one. */
  async function authoriseCurrent(): Promise<Authorised> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const key = currentKey();
      const url = pageUrl(page);
      const isStale = (): boolean => currentKey() !== key;
      try {
        const appId = await authorise(url, isStale);
        if (appId !== undefined && !isStale()) {
          current = { key, page: { appId, url } };
          return current.page;
        }
      } catch (error) {
        if (!isStale()) throw error;
      }
    }
    throw new LarkJsapiError('The page was not authorised', { problem: 'URL_UNSTABLE' });
  }

  /** Calls onError once per error, and throws. An exception of the handler is not caught here. */
  function fail(thrown: unknown): never {
    const error =
      thrown instanceof LarkJsapiError
        ? thrown
        : new LarkJsapiError('Something went wrong in the page', { detail: String(thrown), cause: thrown });
    if (options.onError && !reported.has(error)) {
      reported.add(error);
      void Promise.resolve(error).then(options.onError);
    }
    throw error;
  }

  function ready(): Promise<Authorised> {
    if (current && isAuthorised()) return Promise.resolve(current.page);
    if (!task) {
      current = undefined;
      hasFailed = false;
      task = run();
    }
    return task;
  }

  async function call<T>(name: string, parameters: object = {}, limitMs = CALL_LIMIT_MS): Promise<T> {
    try {
      const login = LOGIN_APIS.exec(name)?.[1];
      if (!login) await ready();
      else if (!findApi(page, name)) await sdk();
      const appId = options.appId ?? current?.page.appId;
      const defaults = login && appId ? LOGIN_DEFAULTS[login]?.(appId) : {};
      return (await callApi(page, name, Object.assign({}, defaults, parameters), limitMs)) as T;
    } catch (error) {
      return fail(error);
    }
  }

  return {
    ready,
    call,
    get state() {
      if (task) return 'configuring';
      if (isAuthorised()) return 'authorised';
      return hasFailed ? 'failed' : 'idle';
    },
  };
}
