// Reports when the page's URL may have changed without a load: history routers, the back button, the page cache.
import type { Page } from './page';

/** `restored` is true when the page came back out of the back-forward cache. */
export type NavigationListener = (restored: boolean) => void;

/** Kept on the window, so that several instances, and several copies of this script, wrap history once. */
interface Followed {
  __larkJsapiNavigation1?: Set<NavigationListener>;
}

/**
 * Calls `listener` after every pushState, replaceState and popstate. The page's own functions, patched by others or
 * not, run first, with their `this`, arguments and result; what they throw passes through.
 */
export function followNavigation(page: Page, listener: NavigationListener): void {
  const followed = page as Page & Followed;
  const kept = followed.__larkJsapiNavigation1;
  // Not an element with that id.
  (kept instanceof Set ? kept : (followed.__larkJsapiNavigation1 = wrapHistory(page))).add(listener);
}

function wrapHistory(page: Page): Set<NavigationListener> {
  const listeners = new Set<NavigationListener>();
  const tell = (restored = false): void => {
    listeners.forEach((listener) => {
      listener(restored);
    });
  };
  const { history } = page;
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function changeState(...parameters) {
      const result = original.apply(this, parameters);
      tell();
      return result;
    };
  }
  page.addEventListener('popstate', () => {
    tell();
  });
  page.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) tell(true);
  });
  return listeners;
}
