// What the stand-in for the client uses of a browser window, as plain structures: a small fake will do.

/** One entry of the page's history, as the Navigation API gives it. */
export interface HistoryEntry {
  /** Names the slot in the history; `replaceState` keeps it. */
  readonly key: string;
  readonly url: string | null;
  readonly index: number;
}

/** A callback that a page hands over. */
export type Callback = (result: object) => unknown;

/** The arguments of `h5sdk.config` and of the JSAPIs: what a page wrote, unchecked. */
export type Parameters = Record<string, unknown>;

export interface StandInWindow {
  readonly location: { readonly href: string };
  readonly performance?: {
    getEntriesByType?(type: 'navigation'): readonly { readonly name: string }[];
  };
  /** The Navigation API: Chromium 102, Firefox 147, Safari 26.2. Without it nothing is inherited from the back stack. */
  readonly navigation?: {
    readonly currentEntry: HistoryEntry | null;
    entries(): HistoryEntry[];
    addEventListener(type: 'currententrychange', listener: () => void): void;
  };
  fetch(url: string, init: { method: string; body: string }): Promise<{ json(): Promise<unknown> }>;
  setTimeout(callback: () => void, delayMs: number): unknown;
  h5sdk?: object;
  tt?: object;
  webComponent?: object;
  __larkStandIn?: object;
}
