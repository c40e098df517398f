// `webComponent` as the platform's script brings it: config with the page's real URL checked, and places for components.
// Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { ConfigCall, VerifyResult } from '../config-call';
import type { ConfigRecord } from './create-authorisation';
import type { Parameters, StandInWindow } from './stand-in-window';

/** What `webComponent` asks before it answers. */
export interface ComponentsRules {
  /** Whether the platform accepts the arguments. Never rejects. */
  ask: (call: ConfigCall) => Promise<VerifyResult>;
  /** The refusal that is wanted next, in place of that verdict. */
  refusal: () => VerifyResult | undefined;
  /** Resolves after the client's usual time. */
  pause: () => Promise<void>;
  record: (record: ConfigRecord) => void;
}

/** The element that a component is put into. */
export interface Mount {
  textContent: string | null;
}

export type Components = ReturnType<typeof createComponents>;

export function createComponents(window: StandInWindow, { ask, refusal, pause, record }: ComponentsRules) {
  type OnError = (failure: Error) => unknown;
  const authErrorCallbacks: OnError[] = [];
  const errorCallbacks: OnError[] = [];
  /** The components that the page may render, for as long as it is loaded. */
  let granted: readonly string[] = [];

  /** Observed: an Error whose message is JSON, with the platform's code inside. */
  const failureOf = ({ errCode, errMsg }: VerifyResult): Error =>
    new Error(JSON.stringify({ msg: { code: errCode, msg: errMsg } }));
  // `render` says UserProfile of what `jsApiList` calls user_profile.
  const plainName = (name: unknown): string => String(name).replace(/_/g, '').toLowerCase();

  /** The refusal of a `url` that the page would have signed for another page, or with its query. */
  function refuseUrl(given: unknown, pageUrl: string): VerifyResult | undefined {
    if (given === pageUrl) return undefined;
    const said = `url is not ${pageUrl}, the address of the page without query and fragment`;
    return { errCode: typeof given === 'string' ? 333441 : 1012, errMsg: said };
  }

  return {
    async config(parameters: Parameters = {}): Promise<object> {
      const { appId, timestamp, nonceStr, signature, jsApiList, openId, url } = parameters;
      const pageUrl = window.location.href.replace(/[?#][^]*/, '');
      const verdict =
        refusal() ??
        refuseUrl(url, pageUrl) ??
        (await ask({
          ...{ appId, timestamp, nonceStr, signature, jsApiList, openId },
          ...{ url: pageUrl, kind: 'component' },
        }));
      await pause();
      record({ ...verdict, url: pageUrl, kind: 'component' });
      if (verdict.errCode === 0) {
        granted = Array.isArray(jsApiList) ? jsApiList.map(plainName) : [];
        return {};
      }
      const failure = failureOf(verdict);
      // Each by a timer of its own, so that a callback that throws does not silence the next.
      for (const tell of authErrorCallbacks) window.setTimeout(() => tell(failure), 0);
      throw failure;
    },
    update: (): void => undefined,
    /** Writes the component's name into `mount`. */
    render(name: string, _properties?: object, mount?: Mount | null): { unmount: () => void } {
      if (!granted.includes(plainName(name))) {
        const failure = failureOf({ errCode: 333445, errMsg: `${name} is not in an accepted jsApiList` });
        for (const tell of errorCallbacks) window.setTimeout(() => tell(failure), 0);
        return { unmount: () => undefined };
      }
      const show = (text: string): void => {
        if (mount) mount.textContent = text;
      };
      show(`The web component ${name}`);
      return { unmount: () => show('') };
    },
    onAuthError: (callback: OnError): void => void authErrorCallbacks.push(callback),
    onError: (callback: OnError): void => void errorCallbacks.push(callback),
  };
}
