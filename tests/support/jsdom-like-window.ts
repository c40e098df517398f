// A window as jsdom makes it, as far as the helper and the fake client look: without fetch, navigation and entries of performance.

export interface JsdomLikeWindow {
  location: { href: string; origin: string };
  navigator: object & { readonly userAgent: string };
  h5sdk?: unknown;
  tt?: unknown;
  fetch?: (...parameters: unknown[]) => Promise<unknown>;
  __larkStandIn?: unknown;
}

/** At `href`. Its timers are the machine's. */
export function createJsdomLikeWindow(href = 'http://localhost/orders?id=42#top'): JsdomLikeWindow {
  // As in jsdom, the user agent is a getter of the prototype.
  const userAgent = 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26.1.0';
  class Navigator {
    get userAgent(): string {
      return userAgent;
    }
  }
  return {
    location: { href, origin: new URL(href).origin },
    navigator: new Navigator(),
    ...{ performance: { now: () => 0 }, history: { pushState: () => {}, replaceState: () => {} }, Math },
    ...{ document: { readyState: 'complete' }, addEventListener: () => {} },
    ...{ setTimeout, clearTimeout },
  };
}
