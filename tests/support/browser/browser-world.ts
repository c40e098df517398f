// Pages, service, simulated platform and browser on one machine, in real time: what a person in the client meets.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { systemClock, type Clock } from '../../../src/base/clock';
import { loadConfig } from '../../../src/config/config';
import type { StandInHandle } from '../../../src/sandbox/client/install-stand-in';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox';
import { createService, type Service } from '../../../src/service';
import { waitUntil } from '../wait-until';
import { launchChromium, newClient, useChromium } from './chromium';
import { startPageServer, type PageServer } from './page-server';

const APP = { appId: 'cli_browser0000001', appSecret: 'the-secret-of-the-browser-app' };

/** Run in every page before its own scripts. */
const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  console.error('violates ' + violatedDirective + ': ' + blockedURI);
});`;

/** What tests use of the window, inside functions that run in the page. */
export interface PageWindow {
  readonly LarkJsapi: {
    create(options: object): {
      ready(): Promise<{ appId: string; url: string }>;
      call(name: string, parameters?: object, limitMs?: number): Promise<Called>;
      readonly state: string;
    };
  };
  readonly __larkStandIn?: StandInHandle;
  readonly location: { readonly href: string };
  readonly isSecureContext: boolean;
  /** Of `history-app.js`. */
  readonly app: HistoryApp;
  /** Of the front ends that are not ours: the outcome of their `h5sdk.config`, then of their first JSAPI. */
  readonly outcome?: { config: object; scan?: { result?: string } };
  readonly history: {
    pushState(state: unknown, unused: string, url: string): void;
    back(): void;
    forward(): void;
  };
  fetch: typeof fetch;
}

export interface HistoryApp {
  go(path: string): void;
  scan(): Promise<{ from: string; result: string }>;
  readonly failures: object[];
}

/** What a call gives, or the parts of its LarkJsapiError. */
export interface Called {
  result?: string;
  code?: unknown;
  problem?: string;
  advice?: string;
  message?: string;
}

export interface BrowserWorldOptions {
  /** Where everything listens. Default 127.0.0.1. */
  host?: string;
  /** Query of the stand-in's script: its modes. */
  standIn?: string;
  env?: Record<string, string>;
  /** How far the service's wall clock is ahead of the platform's and the browser's, in ms. */
  clockErrorMs?: number;
  browser?: Browser;
  /** What pages load, in order: the stand-in in place of the SDK, the helper, files of `tests/support/browser/front-ends`. Default: the helper. */
  scripts?: readonly (
    | 'sdk'
    | 'lark-jsapi'
    | 'history-app'
    | 'official-sample'
    | 'koa-tutorial'
    | 'axios-like'
  )[];
}

export class BrowserWorld {
  static async start(options: BrowserWorldOptions = {}): Promise<BrowserWorld> {
    const { host = '127.0.0.1' } = options;
    const browser = options.browser ?? (await launchChromium());
    const pages = await startPageServer(host);
    const sandbox = createSandbox({
      clock: systemClock,
      apps: [{ ...APP, trustedDomains: [pages.origin] }],
    });
    const { url: platformUrl } = await sandbox.listen({ host });
    const world = new BrowserWorld(options, browser, pages, sandbox, platformUrl, await newClient(browser));
    await world.startService();
    pages.allowed = [world.serviceUrl, platformUrl];
    // The front ends read the service's address from their own: it is all that changes in a migration.
    const query = `?signer=${encodeURIComponent(world.serviceUrl)}`;
    pages.scripts = (options.scripts ?? ['lark-jsapi']).map((name) =>
      name === 'sdk' ? world.standInUrl : `/scripts/${name}.js${query}`,
    );
    return world;
  }

  readonly appId = APP.appId;
  serviceUrl = '';
  /** Whatever pages complained of: errors, violations of the Content-Security-Policy, failed loads. */
  readonly complaints: string[] = [];
  /** The page URLs that the service was asked to sign over GET, in order. */
  readonly asked: string[] = [];
  readonly #options: BrowserWorldOptions;
  #service: Service | undefined;

  private constructor(
    options: BrowserWorldOptions,
    readonly browser: Browser,
    readonly pages: PageServer,
    readonly sandbox: Sandbox,
    readonly platformUrl: string,
    readonly context: BrowserContext,
  ) {
    this.#options = options;
  }

  get standInUrl(): string {
    return `${this.platformUrl}/sandbox/h5-sdk.js?${this.#options.standIn ?? ''}`;
  }

  get service(): Service {
    if (!this.#service) throw new Error('the service is stopped');
    return this.#service;
  }

  /** Starts the service, at its old address when it had one, and waits until it can sign. */
  async startService(): Promise<void> {
    const { host = '127.0.0.1', env, clockErrorMs = 0 } = this.#options;
    const config = loadConfig(
      {
        LARK_APP_ID: APP.appId,
        LARK_APP_SECRET: APP.appSecret,
        LARK_DOMAIN: this.platformUrl,
        LARK_ALLOW_HTTP: 'true',
        ALLOWED_ORIGINS: this.pages.origin,
        H5_SDK_URL: this.standInUrl,
        HOST: host,
        PORT: this.serviceUrl ? new URL(this.serviceUrl).port : '0',
        SHUTDOWN_GRACE_MS: '200',
        ...env,
      },
      () => {
        throw new Error('no file is read here');
      },
    );
    const clock: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + clockErrorMs };
    const service = createService(config, { clock, logDestination: { write: () => undefined } });
    service.server.on('request', ({ method, url = '' }: { method?: string; url?: string }) => {
      const { pathname, searchParams } = new URL(url, 'http://service');
      if (method === 'GET' && pathname === '/config') this.asked.push(String(searchParams.get('url')));
    });
    const { port } = await service.start();
    this.#service = service;
    this.serviceUrl = `http://${host}:${port}`;
    await waitUntil('the service can sign', async () => (await fetch(`${this.serviceUrl}/readyz`)).ok);
  }

  async stopService(): Promise<void> {
    await this.#service?.close();
    this.#service = undefined;
  }

  /** Opens the page at `path` of the pages' origin; its complaints are collected. */
  async open(path: string): Promise<Page> {
    const page = await this.newPage();
    await page.goto(this.pages.origin + path);
    return page;
  }

  /** A page that has loaded nothing yet. */
  async newPage(): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    await page.addInitScript({ content: REPORT_VIOLATIONS });
    return page;
  }

  /** Has the helper authorise the page; resolves to the page that is authorised. */
  ready(page: Page): Promise<{ appId: string; url: string }> {
    return page.evaluate((endpoint) => window.LarkJsapi.create({ endpoint }).ready(), this.serviceUrl);
  }

  /** Calls a JSAPI through the helper; a failure comes back as its parts. */
  call(page: Page, name: string, parameters: object = {}): Promise<Called> {
    const given = { endpoint: this.serviceUrl, name, parameters };
    return page.evaluate(async ({ endpoint, name, parameters }) => {
      try {
        return await window.LarkJsapi.create({ endpoint }).call(name, parameters);
      } catch (error) {
        const { code, problem, advice, message } = error as Called;
        return { code, problem, advice, message } as Called;
      }
    }, given);
  }

  /** Until the page is authorised for the URL it is at now, by the helper's own doing. */
  async authorised(page: Page): Promise<void> {
    await page.waitForFunction(
      (endpoint) => window.LarkJsapi.create({ endpoint }).state === 'authorised',
      this.serviceUrl,
    );
  }

  async close(): Promise<void> {
    await this.context.close();
    if (!this.#options.browser) await this.browser.close();
    await this.stopService();
    await this.sandbox.close();
    await this.pages.close();
  }
}

/** In a `describe`: what starts a world in the one Chromium of its tests. It is closed after the test. */
export function useBrowserWorlds(
  chromium = useChromium(),
): (options?: BrowserWorldOptions) => Promise<BrowserWorld> {
  let world: BrowserWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });
  return async (options) => (world = await BrowserWorld.start({ ...options, browser: chromium.browser }));
}

/** The stand-in's handle, in the page itself. */
declare const window: PageWindow;

/** What the stand-in was asked to check on this page so far, and the outcome. */
export function checked(page: Page): Promise<{ url: string; errCode: number }[]> {
  return page.evaluate(() =>
    (window.__larkStandIn?.configs ?? []).map(({ url, errCode }) => ({ url, errCode })),
  );
}
