// A window without a browser that the stand-in's script runs in: a history with its entries, and a platform's verdicts.
import { runInNewContext } from 'node:vm';
import type { Components } from '../../src/sandbox/client/create-components';
import type { StandInHandle } from '../../src/sandbox/client/install-stand-in';
import { parseModes } from '../../src/sandbox/client/modes';
import { renderStandInScript } from '../../src/sandbox/client/stand-in-script';
import type { Callback, Parameters } from '../../src/sandbox/client/stand-in-window';
import { flushMicrotasks } from './fake-clock';

type Jsapis = Record<string, (parameters?: Parameters) => void>;

interface H5Sdk {
  ready(callback: () => void): void;
  error(callback: Callback): void;
  config(parameters: Parameters): void;
  biz: { util: Jsapis };
}

export class StandInPage {
  /** What the platform answers to the next checks. */
  verdict = { errCode: 0, errMsg: 'ok' };
  isPlatformDown = false;
  /** Every call to the platform: its address and its body. */
  readonly sent: { address: string; body: Parameters }[] = [];
  readonly #entries: { key: string; url: string; index: number }[];
  #current = 0;
  #keys = 0;
  readonly #listeners: (() => void)[] = [];
  readonly #timers: { callback: () => void; delayMs: number }[] = [];
  readonly #window: { h5sdk?: H5Sdk; tt?: Jsapis; webComponent?: Components; __larkStandIn?: StandInHandle };

  /** Runs the script, by default ours, on a page that was loaded from `landingUrl` and has gone on to `url` since. */
  constructor(
    options: {
      query?: string;
      script?: string;
      landingUrl?: string;
      url?: string;
      hasNavigation?: boolean;
    } = {},
  ) {
    const { query = '', landingUrl = 'https://h5.cn/list', hasNavigation = true } = options;
    const { script = renderStandInScript('http://platform', parseModes(query)), url = landingUrl } = options;
    this.#entries = [this.#entry(url, 0)];
    const entries = this.#entries;
    const currentEntry = (): object => entries[this.#current]!;
    const window = {
      location: {
        get href(): string {
          return (currentEntry() as { url: string }).url;
        },
      },
      performance: { getEntriesByType: () => [{ name: landingUrl }] },
      ...(hasNavigation && {
        navigation: {
          get currentEntry() {
            return currentEntry();
          },
          entries: () => [...entries],
          addEventListener: (_type: string, listener: () => void) => this.#listeners.push(listener),
        },
      }),
      fetch: (address: string, { body }: { body: string }) => {
        this.sent.push({ address, body: JSON.parse(body) as Parameters });
        if (this.isPlatformDown) return Promise.reject(new TypeError('Failed to fetch'));
        return Promise.resolve({ json: () => Promise.resolve(this.verdict) });
      },
      setTimeout: (callback: () => void, delayMs: number) => this.#timers.push({ callback, delayMs }),
    };
    this.#window = window as object;
    runInNewContext(script, { window, URL, Map, Promise, Error });
  }

  get h5sdk(): H5Sdk {
    return this.#window.h5sdk!;
  }

  get tt(): Jsapis {
    return this.#window.tt!;
  }

  get webComponent(): Components {
    return this.#window.webComponent!;
  }

  get handle(): StandInHandle {
    return this.#window.__larkStandIn!;
  }

  push(url: string): void {
    this.#entries.splice(this.#current + 1);
    this.#entries.push(this.#entry(url, this.#current + 1));
    this.go(1);
  }

  replace(url: string): void {
    this.#entries[this.#current]!.url = url;
    this.go(0);
  }

  go(steps: number): void {
    this.#current += steps;
    for (const listener of this.#listeners) listener();
  }

  /** Lets everything happen that is due within `ms`. */
  async pass(ms = 0): Promise<void> {
    for (let due: (() => void)[] = [() => {}]; due.length > 0;) {
      for (const callback of due) callback();
      await flushMicrotasks();
      due = this.#timers.filter(({ delayMs }) => delayMs <= ms).map(({ callback }) => callback);
      this.#timers.splice(0, this.#timers.length, ...this.#timers.filter(({ delayMs }) => delayMs > ms));
    }
  }

  /** `h5sdk.config`, to its end: what onSuccess or onFail got. */
  async config(parameters: Parameters = {}): Promise<Parameters> {
    const got: Parameters[] = [];
    const keep = (given: Parameters): void => void got.push({ ...given });
    this.h5sdk.config({ ...parameters, onSuccess: keep, onFail: keep });
    await this.pass();
    return got[0] ?? {};
  }

  /** A function of `tt`, to its end: what success or fail got. */
  async call(name: string, parameters: Parameters = {}): Promise<Parameters> {
    const got: Parameters[] = [];
    const keep = (given: Parameters): void => void got.push({ ...given });
    this.tt[name]?.({ ...parameters, success: keep, fail: keep });
    await this.pass();
    return got[0] ?? {};
  }

  #entry(url: string, index: number): { key: string; url: string; index: number } {
    return { key: `key-${++this.#keys}`, url, index };
  }
}
