// A browser window for tests of the helper: history with a back stack, scripts, fetch and a client that checks signatures.
import type { LarkOptions } from '../../src/browser/options';
import type { H5Sdk, Page, Reply, RequestInit, ScriptElement } from '../../src/browser/page';
import { FakeClock, flushMicrotasks } from './fake-clock';

/** What h5sdk.config was called with. */
export type ConfigCall = Record<string, unknown> & {
  signature: string;
  onSuccess: (result?: unknown) => void;
  onFail: (failure: unknown) => void;
};

/** An answer of the fake signer: a status and a JSON body, `'offline'`, or `'hang'`. */
export type SignerAnswer =
  | 'offline'
  | 'hang'
  | { status?: number; retryAfter?: string; body?: unknown; notJson?: boolean };

/** A platform text as onFail hands it over. */
export function invalidSignature(url: string): { errorCode: number; errorMessage: string } {
  return {
    errorCode: 333441,
    errorMessage: `invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: ${url}, timestamp: %!s(int64=1234)`,
  };
}

class FakeScript implements ScriptElement {
  src = '';
  async = false;
  removed = false;
  readonly #listeners = new Map<string, () => void>();

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }

  remove(): void {
    this.removed = true;
  }

  fire(type: string): void {
    this.#listeners.get(type)?.();
  }
}

export class FakePage implements Page {
  readonly clock = new FakeClock();
  readonly location: { href: string; readonly origin: string };
  readonly navigator = { userAgent: 'Mozilla/5.0 Lark/7.1.0' };
  readonly Math = { random: () => 0.5 };
  readonly history: Page['history'] & { back(): void; forward(): void };
  readonly scripts: FakeScript[] = [];
  h5sdk?: H5Sdk;
  tt?: Record<string, unknown>;
  __larkStandIn?: object;
  performance: Page['performance'];

  /** Every request, and what the signer was asked to sign, in order. */
  readonly requests: { url: string; init: RequestInit }[] = [];
  readonly signedUrls: string[] = [];
  /** Every h5sdk.config, and every JSAPI call that reached the client. */
  readonly configs: ConfigCall[] = [];
  readonly calls: { name: string; parameters: Record<string, unknown> }[] = [];
  readonly sdkErrorCallbacks: ((failure: unknown) => void)[] = [];

  /** The signer: undefined signs. */
  signer: (url: string, attempt: number) => SignerAnswer | undefined = () => undefined;
  /** The client's check: undefined accepts, 'hang' never answers, anything else goes to onFail. */
  client: (signedUrl: string, attempt: number) => unknown = () => undefined;
  /** What becomes of an appended script. */
  script: (src: string) => 'sdk' | 'empty' | 'error' | 'hang' = () => 'sdk';
  /** When h5sdk.ready fires: milliseconds after it is called, or not at all. */
  readyMs: number | 'never' = 0;
  /** Milliseconds the signer and the client take. */
  signerMs = 10;
  clientMs = 10;

  readonly #listeners = new Map<string, ((event: { persisted?: boolean }) => void)[]>();
  readonly #signatures = new Map<string, string>();

  constructor(href = 'https://h5.example.com/a?x=1&y=2#top', parts: { sdk?: boolean } = {}) {
    const origin = new URL(href).origin;
    this.location = { href, origin };
    const entries = [href];
    let index = 0;
    const location = this.location;
    const go = (step: number): void => {
      index += step;
      location.href = entries[index]!;
      this.dispatch('popstate', {});
    };
    this.history = {
      pushState(...[, , url]) {
        entries.splice(++index, Infinity, (location.href = new URL(String(url), location.href).href));
        return 'pushed';
      },
      replaceState(...[, , url]) {
        entries[index] = location.href = new URL(String(url), location.href).href;
      },
      back: () => go(-1),
      forward: () => go(1),
    };
    if (parts.sdk ?? true) this.installSdk();
  }

  readonly document = {
    readyState: 'complete',
    ownScript: null as FakeScript | null,
    head: {
      appendChild: (script: ScriptElement): void => {
        if (!(script instanceof FakeScript)) throw new TypeError('not a script element');
        this.scripts.push(script);
        const outcome = this.script(script.src);
        if (outcome === 'hang') return;
        this.setTimeout(() => {
          if (outcome === 'sdk') this.installSdk();
          script.fire(outcome === 'error' ? 'error' : 'load');
        }, 5);
      },
    },
    createElement: (): ScriptElement => new FakeScript(),
    querySelector(): ScriptElement | null {
      return this.ownScript;
    },
  };

  /** A script tag that the page itself has, still loading. */
  addOwnScript(): FakeScript {
    this.document.readyState = 'loading';
    return (this.document.ownScript = new FakeScript());
  }

  installSdk(): void {
    const api =
      (name: string, result: unknown, callback = 'success') =>
      (parameters: Record<string, (value: unknown) => void>): void => {
        this.calls.push({ name, parameters });
        parameters[callback]?.(result);
      };
    this.tt = {
      scanCode: api('scanCode', { result: 'scanned' }),
      requestAuthCode: api('requestAuthCode', { code: 'c0de' }),
      requestAccess: api('requestAccess', { code: 'acce55' }),
      closeWindow: api('closeWindow', {}),
    };
    this.h5sdk = {
      config: (parameters) => {
        this.#config(parameters as ConfigCall);
      },
      error: (callback) => this.sdkErrorCallbacks.push(callback),
      ready: (callback) => {
        if (this.readyMs !== 'never') this.setTimeout(callback, this.readyMs);
      },
      biz: { util: { scan: api('biz.util.scan', { text: 'older' }, 'onSuccess') } },
    };
  }

  /** Lets `ms` pass, and everything that follows from it. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await flushMicrotasks();
  }

  /** The result of `promise`, time passing as far as it takes (one hour at most). */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const wait = { isOver: false };
    const mark = (): void => {
      wait.isOver = true;
    };
    promise.then(mark, mark);
    await flushMicrotasks();
    const endMs = this.clock.monotonicMs() + 3_600_000;
    for (
      let next = this.clock.untilNextTimerMs;
      !wait.isOver && next !== undefined;
      next = this.clock.untilNextTimerMs
    ) {
      if (this.clock.monotonicMs() > endMs) break;
      await this.clock.advance(next);
      await flushMicrotasks();
    }
    if (!wait.isOver) throw new Error('the promise hangs');
    return promise;
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    return this.clock.setTimer(callback, delayMs);
  }

  clearTimeout(timer: unknown): void {
    (timer as { cancel(): void } | undefined)?.cancel();
  }

  addEventListener(type: string, listener: (event: { persisted?: boolean }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  dispatch(type: string, event: { persisted?: boolean }): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Reply> {
    this.requests.push({ url, init });
    if (url.includes('/report')) return this.#reply({ status: 204, notJson: true });
    const pageUrl =
      init.method === 'POST'
        ? (JSON.parse(init.body!) as { url: string }).url
        : new URL(url, this.location.href).searchParams.get('url')!;
    this.signedUrls.push(pageUrl);
    const answer = this.signer(pageUrl, this.signedUrls.length) ?? { body: this.sign(pageUrl) };
    await new Promise<void>((resolve) => {
      if (answer !== 'hang') this.setTimeout(resolve, this.signerMs);
    });
    if (answer === 'offline' || answer === 'hang') throw new TypeError('Failed to fetch');
    return this.#reply(answer);
  }

  /** The body of /config for `url`. */
  sign(url: string): Record<string, unknown> & { signature: string } {
    const signature = `signature-${this.#signatures.size + 1}`;
    this.#signatures.set(signature, url);
    return { appId: 'cli_1', timestamp: 1510045655000, nonceStr: 'n0nce', signature, url };
  }

  #reply({ status = 200, retryAfter, body, notJson }: Exclude<SignerAnswer, string>): Reply {
    const headers = { get: (name: string) => (name === 'Retry-After' ? (retryAfter ?? null) : null) };
    const json = (): Promise<unknown> =>
      notJson ? Promise.reject(new SyntaxError('not JSON')) : Promise.resolve(body);
    return { ok: status < 400, status, headers, json };
  }

  #config(call: ConfigCall): void {
    this.configs.push(call);
    const answer = this.client(this.#signatures.get(call.signature) ?? '', this.configs.length);
    if (answer === 'hang') return;
    this.setTimeout(() => {
      if (answer === undefined) call.onSuccess({});
      else call.onFail(answer);
    }, this.clientMs);
  }
}

/** Options that most tests share. */
export const SIGNER: LarkOptions = { endpoint: 'https://signer.example.com', jsApiList: ['scanCode'] };
