// What the helper uses of a browser window, as plain structures: tests pass a small fake, nothing here needs DOM types.

/** A function of `tt` or `h5sdk`: takes one object that holds the callbacks. */
export type ClientApi = (parameters: object) => unknown;

/** The platform's script, as far as the helper calls it. Further names are JSAPIs or folders of them. */
export interface H5Sdk {
  config(parameters: object): unknown;
  error(callback: (failure: unknown) => void): unknown;
  /** Older builds may not have it. */
  ready(callback: () => void): unknown;
  [name: string]: unknown;
}

/** A `<script>` element. */
export interface ScriptElement {
  src: string;
  async: boolean;
  addEventListener(type: string, listener: () => void): void;
  remove(): void;
}

/** What is read of a `Response`. */
export interface Reply {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}

/** What is sent with `fetch`. */
export interface RequestInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  cache?: 'no-store';
  keepalive?: boolean;
}

/** `history.pushState` and `history.replaceState`. */
export type ChangeState = (this: unknown, ...parameters: unknown[]) => unknown;

/** The window. `Math` is here because chance, like time and the network, comes from outside. */
export interface Page {
  readonly location: { readonly href: string; readonly origin: string };
  readonly navigator: { readonly userAgent: string };
  /** jsdom's has no entries. */
  readonly performance?:
    | { getEntriesByType?(type: string): readonly { readonly name: string }[] }
    | undefined;
  readonly history: { pushState: ChangeState; replaceState: ChangeState };
  readonly document: {
    readonly readyState: string;
    readonly head: { appendChild(element: ScriptElement): unknown };
    createElement(name: 'script'): ScriptElement;
    querySelector(selector: string): ScriptElement | null;
  };
  readonly Math: { random(): number };
  fetch(url: string, init?: RequestInit): Promise<Reply>;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
  addEventListener(type: string, listener: (event: { persisted?: boolean }) => void): void;
  /** Read it with `sdkOf`. */
  h5sdk?: H5Sdk;
  /** The simulated client's handle. */
  readonly __larkStandIn?: unknown;
  tt?: Record<string, unknown>;
}

/** `h5sdk`, once it is the SDK's: an element or frame with that id or name is there as well, in what users wrote. */
export function sdkOf(page: Page): H5Sdk | undefined {
  return typeof memberOf(page.h5sdk, 'config') === 'function' ? page.h5sdk : undefined;
}

/** Whether the page is inside the Feishu or Lark client, by its user agent, or next to the simulated one; false on a server. The SDK alone says nothing: any browser loads it. */
export function isInLark(page: Page | undefined): boolean {
  return !!page && (/Lark|Feishu/i.test(page.navigator.userAgent) || !!page.__larkStandIn);
}

/** `owner[name]`; undefined where that cannot be read, as of a frame of another origin. */
export function memberOf(owner: unknown, name: string): unknown {
  try {
    return (owner as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** The page's URL as it is signed: all of `location.href` before the fragment, untouched. */
export function pageUrl(page: Page): string {
  return withoutFragment(page.location.href);
}

/** Whether `url` is of the page's origin. The character after it closes the host: https://h.cn must not pass for https://h.cn.evil.com. */
export function isOwnUrl(page: Page, url: string): boolean {
  const { origin } = page.location;
  return url.startsWith(origin) && /^[/?]?$/.test(url.charAt(origin.length));
}

/** The URL that the document was loaded with, whatever history navigations followed; the current one where the browser does not say. */
export function loadedUrl(page: Page): string {
  const { performance } = page;
  const [entry] = performance?.getEntriesByType ? performance.getEntriesByType('navigation') : [];
  const url = entry ? withoutFragment(entry.name) : '';
  return isOwnUrl(page, url) ? url : pageUrl(page);
}

/** `url` up to its first `#`. */
export function withoutFragment(url: string): string {
  return url.replace(/#[^]*/, '');
}
