// The state of one page: authorised for which URL, one task in flight, and the calls that wait for it.
import { CLIENT_CODES } from '../client-failures/client-codes';
import { callApi, findApi, plainName } from './call-api';
import { createAuthorise } from './create-authorise';
import { followNavigation } from './follow-navigation';
import { LarkJsapiError } from './lark-jsapi-error';
import { CALL_LIMIT_MS, MAX_ROUNDS, NAVIGATION_SETTLES_MS, OUTSIDE_LIMIT_MS } from './limits';
import { loadSdk } from './load-sdk';
import type { Authorised, Lark, LarkOptions } from './options';
import { isInLark, type Page, pageUrl } from './page';

/** They need no authorisation, so a signer that is down does not stop a login. */
const LOGIN_APIS = /^(?:tt\.)?(?:requestAuthCode|requestAccess|closeWindow)$/;
/** What the two want the app id to be called. */
function loginDefaults(name: string, appId: string): object {
  if (name.endsWith('Code')) return { appId };
  return name.endsWith('Access') ? { appID: appId, scopeList: [] } : {};
}
/** The service knows up to as many addresses as it has H5_SDK_URL entries; three is more than usual. */
const SDK_TRIES = [0, 1, 2];

/** The instance behind `create`; `landingUrl` is the page's URL when the script was loaded. */
export function createLark(page: Page, landingUrl: string, options: LarkOptions): Lark {
  const authorise = createAuthorise(page, options, landingUrl);
  const reported = new WeakSet<LarkJsapiError>();
  let loading: Promise<void> | undefined;
  let task: Promise<Authorised> | undefined;
  let current: { key: string; page: Authorised; names: string[]; standIn: unknown } | undefined;
  let hasFailed = false;
  let isFollowing = false;

  /** What must change for the page to need another authorisation. */
  function currentKey(): string {
    const { reconfigureOn = 'url' } = options;
    if (reconfigureOn === 'never') return '';
    return reconfigureOn === 'path' ? pageUrl(page).replace(/\?[^]*/, '') : pageUrl(page);
  }

  /** A fake client that a test puts into the place of the one before knows nothing of its authorisation. */
  const isAuthorised = (): boolean => current?.key === currentKey() && current.standIn === page.__larkStandIn;

  function sdk(): Promise<void> {
    const { endpoint } = options;
    const ofService = endpoint === undefined ? [] : SDK_TRIES.map((n) => `${endpoint}/h5-sdk.js?try=${n}`);
    const { sdkUrl = ofService } = options;
    const urls = ([] as string[]).concat(sdkUrl);
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
      // The client may be gone by the next time, as in tests.
      task = loading = undefined;
    }
  }

  /** Authorises the current URL; when it changed meanwhile, the new URL, whatever the outcome for the old one. */
  async function authoriseCurrent(): Promise<Authorised> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const key = currentKey();
      const url = pageUrl(page);
      const isStale = (): boolean => currentKey() !== key;
      try {
        const config = await authorise(url, isStale);
        if (config && !isStale()) {
          const names = ([] as unknown[]).concat(config.jsApiList).map((name) => plainName(String(name)));
          current = { key, page: { appId: String(config.appId), url }, names, standIn: page.__larkStandIn };
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

  /** Whether the client accepted `name`; an empty list stands for all names. */
  function isListed(name: string): boolean {
    const names = current ? current.names : [];
    return !names.length || names.includes(plainName(name));
  }

  async function call<T>(name: string, parameters: object = {}, limitMs = CALL_LIMIT_MS): Promise<T> {
    try {
      const isLogin = LOGIN_APIS.test(name);
      if (!isLogin) await ready();
      else if (!findApi(page, name)) await sdk();
      const before = current;
      const { appId = before?.page.appId } = options;
      const all = Object.assign({}, isLogin && appId && loginDefaults(name, appId), parameters);
      const ask = (): Promise<unknown> =>
        callApi(page, name, all, isLogin && !isInLark(page) ? OUTSIDE_LIMIT_MS : limitMs);
      return (await ask().catch(async (error: unknown) => {
        const { attempt } = CLIENT_CODES[Number((error as LarkJsapiError).code)] ?? {};
        if (isLogin ? attempt !== 'sign' : attempt !== 'authorise' || !isListed(name)) throw error;
        if (!isLogin) {
          if (current === before) current = undefined;
          await ready();
        }
        return ask();
      })) as T;
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
