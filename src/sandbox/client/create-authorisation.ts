// Has the page's real URL checked and remembers what was allowed, by entry of the history.
// Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { StandInModes } from './modes';
import type { HistoryEntry, Parameters, StandInWindow } from './stand-in-window';
import type { ConfigCall, VerifyResult } from '../config-call';

/** One answered `h5sdk.config`, or with its kind one of `webComponent.config`. */
export interface ConfigRecord extends VerifyResult {
  /** The URL that was checked. */
  url: string;
  kind?: 'component';
}

export interface Authorisation {
  /** The client's check of `h5sdk.config`; `known` are the names of its JSAPIs. Never rejects. */
  check: (parameters: Parameters, known: readonly string[]) => Promise<ConfigRecord>;
  /** Whether the page, where it is now, may call the JSAPI `name`. */
  allows: (name: string) => boolean;
}

export function createAuthorisation(
  window: StandInWindow,
  /** Whether the client accepts the arguments. Never rejects. */
  ask: (call: ConfigCall) => Promise<VerifyResult>,
  modes: StandInModes,
  /** The refusal that is wanted next, in place of that verdict. */
  refusal: () => VerifyResult | undefined,
): Authorisation {
  /** What was allowed, by the key of the history entry it was allowed for. */
  const grants = new Map<string, { url: string; names: readonly string[] }>();
  const { navigation } = window;
  const withoutFragment = (url: string): string => url.replace(/#[^]*/, '');
  // jsdom has no such entries, and no function for them.
  const [loaded] = window.performance?.getEntriesByType?.('navigation') ?? [];
  const landingUrl = withoutFragment(loaded ? loaded.name : window.location.href);

  /** The entries up to the current one, which comes last. */
  function backStack(): HistoryEntry[] {
    const current = navigation?.currentEntry;
    if (!navigation || !current) return [{ key: '', url: window.location.href, index: 0 }];
    return navigation.entries().slice(0, current.index + 1);
  }

  function isParentPath(parentUrl: string, childUrl: string): boolean {
    const [parent, child] = [new URL(parentUrl), new URL(childUrl)];
    const folder = parent.pathname.replace(/\/?$/, '/');
    return parent.origin === child.origin && child.pathname.startsWith(folder) && child.pathname !== folder;
  }

  /** The grant of this URL, whichever entry it is at, or of an authorised parent path in the back stack. */
  function currentGrant(): { names: readonly string[] } | undefined {
    const pageUrl = withoutFragment(window.location.href);
    const own = Array.from(grants.values()).find(({ url }) => url === pageUrl);
    if (own) return own;
    for (const entry of backStack().reverse()) {
      const grant = grants.get(entry.key);
      // `replaceState` may have put another page into the slot since.
      const stillThere = grant?.url === withoutFragment(String(entry.url));
      if (grant && stillThere && isParentPath(grant.url, pageUrl)) return grant;
    }
    return undefined;
  }

  // Leaving what was authorised for something that inherits nothing forgets all of it, the way back included.
  navigation?.addEventListener('currententrychange', () => {
    if (!currentGrant()) grants.clear();
  });

  const plainName = (listed: string): string => listed.replace(/^(tt|h5sdk)\./, '');

  /** The refusal of a list with a name that is not known, in the mode for it. */
  function refuseUnknown(jsApiList: unknown, known: readonly string[]): VerifyResult | undefined {
    if (modes.unknownNames === 'accept' || !Array.isArray(jsApiList)) return undefined;
    const unknown = jsApiList.map(String).find((name) => !known.includes(plainName(name)));
    return unknown === undefined
      ? undefined
      : { errCode: 104, errMsg: `config:fail there is no JSAPI ${unknown}` };
  }

  return {
    async check({ appId, timestamp, nonceStr, signature, jsApiList }, known) {
      const pageUrl = withoutFragment(window.location.href);
      const stack = backStack();
      const here = stack[stack.length - 1];
      // The URL that the page claims does not count.
      const url = modes.verify === 'landing' ? landingUrl : pageUrl;
      const verdict =
        refusal() ??
        refuseUnknown(jsApiList, known) ??
        (await ask({ appId, timestamp, nonceStr, signature, jsApiList, url }));
      await new Promise<void>((resolve) => window.setTimeout(resolve, modes.latency));
      if (verdict.errCode === 0 && here) {
        grants.set(here.key, { url: pageUrl, names: Array.isArray(jsApiList) ? jsApiList : [] });
      }
      return { ...verdict, url };
    },
    allows(name) {
      const grant = currentGrant();
      if (!grant) return false;
      const names = grant.names.map(plainName);
      return names.length === 0 || names.includes(name);
    },
  };
}
