// A page with web components in a browser that is not the client: the helper, the service, an own back end, and the platform that checks.
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { BrowserWorld, checked } from '../../support/browser/browser-world';
import { describeWith } from '../../support/needs-program';

/** The helper as a bundler of a front end has it. */
const BUNDLE = buildSync({
  stdin: { contents: "export * from './module';", resolveDir: join(__dirname, '../../../src/browser') },
  ...{ bundle: true, write: false, format: 'iife', globalName: 'bundled', target: 'es2017' },
  define: { 'import.meta.url': 'undefined' },
}).outputFiles[0]!.text;

interface Failed {
  code?: number;
  problem?: string;
}
declare const bundled: {
  authoriseComponents(options: object): Promise<{ appId: string; url: string }>;
  create(options: object): { ready(): Promise<unknown> };
};
declare const window: {
  webComponent: { render(name: string, properties: object, mount: unknown): { unmount(): void } };
};
declare const document: { querySelector(selector: string): { textContent: string } };

/** Who is signed in, as the own back end has it of its session. */
const USER = 'ou_signed_in';

describeWith('chromium', 'web components', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await BrowserWorld.start({ scripts: ['sdk'] });
    // The own back end, under the origin of its pages.
    await world.context.route(`${world.pages.origin}/api/component-signature?*`, async (route) => {
      const url = new URL(route.request().url()).searchParams.get('url')!;
      const userAccessToken = world.sandbox.userToken(world.appId, USER);
      const signed = await world.service.apps.find(undefined).signForUser(url, userAccessToken);
      await route.fulfill({ json: { ...signed, openId: USER } });
    });
  });
  afterAll(() => world.close());

  let page: Page;
  beforeEach(async () => {
    page = await world.open('/docs/1?code=one-time&x=a%20b#part');
    await page.evaluate(BUNDLE);
  });
  afterEach(async () => {
    await page.close();
    expect(world.complaints.splice(0)).toEqual([]);
  });

  /** `authoriseComponents` in the page: what it resolves to, or code and problem of its error. */
  const authorised = (options: object): Promise<object> =>
    page.evaluate(
      (given) =>
        bundled.authoriseComponents(given).catch((error: unknown) => {
          const { code, problem } = error as Failed;
          return { code, problem };
        }),
      options,
    );
  /** The same with a `request` that asks `path`, and then `change`s the reply. */
  const authorisedBy = (path: string, change: object = {}): Promise<object> =>
    page.evaluate(
      async ([path, change]) => {
        const request = async (url: string): Promise<object> => {
          const reply = await fetch(path + encodeURIComponent(url));
          return { ...((await reply.json()) as object), ...change };
        };
        return bundled
          .authoriseComponents({ request, jsApiList: ['user_profile'] })
          .catch((error: unknown) => ({ code: (error as Failed).code }));
      },
      [path, change] as const,
    );
  const rendered = (name: string): Promise<string> =>
    page.evaluate((name) => {
      const mount = document.querySelector('main');
      window.webComponent.render(name, {}, mount);
      return mount.textContent;
    }, name);

  it('are authorised as the app, on a page whose URL has a query, and rendered', async () => {
    const url = `${world.pages.origin}/docs/1`;
    const { serviceUrl: endpoint, appId } = world;
    expect(await authorised({ endpoint, jsApiList: ['DocsComponent'] })).toEqual({ appId, url });
    expect(world.asked.splice(0)).toEqual([url]);
    expect(await checked(page)).toEqual([{ url, errCode: 0 }]);
    expect(await rendered('DocsComponent')).toBe('The web component DocsComponent');
  });

  it('are authorised as the signed-in user by the own back end', async () => {
    expect(await authorisedBy('/api/component-signature?url=')).toMatchObject({ appId: world.appId });
    expect(await rendered('UserProfile')).toBe('The web component UserProfile');
  });

  it('refuse a signature for pages, and one of the app where a user is named, with 20442', async () => {
    const config = `${world.serviceUrl}/config?`;
    expect(await authorisedBy(`${config}url=`)).toEqual({ code: 20442 });
    expect(await authorisedBy(`${config}kind=component&url=`, { openId: USER })).toEqual({ code: 20442 });
    expect(await authorisedBy(`${config}kind=component&url=`)).toMatchObject({ appId: world.appId });
  });

  it('refuse another user’s openId, and a signature of the URL with its query', async () => {
    expect(await authorisedBy('/api/component-signature?url=', { openId: 'ou_other' })).toEqual({
      code: 333450,
    });
    const signed = await page.evaluate(
      async (config) => (await (await fetch(config)).json()) as object,
      `${world.serviceUrl}/config?url=${encodeURIComponent(`${world.pages.origin}/docs/1?code=one-time&x=a%20b`)}`,
    );
    // As a page without the helper may do it.
    const code = await page.evaluate(
      (given) =>
        (window.webComponent as unknown as { config(given: object): Promise<unknown> }).config(given).then(
          () => 0,
          (error: unknown) => (JSON.parse((error as Error).message) as { msg: { code: number } }).msg.code,
        ),
      { ...signed, jsApiList: ['DocsComponent'] },
    );
    expect(code).toBe(333441);
  });

  it('leave the page’s own authorisation for JSAPIs alone', async () => {
    const { serviceUrl: endpoint } = world;
    expect(await authorised({ endpoint, jsApiList: ['DocsComponent'] })).toHaveProperty('url');
    await page.evaluate((endpoint) => bundled.create({ endpoint }).ready(), endpoint);
    expect((await checked(page)).map(({ errCode }) => errCode)).toEqual([0, 0]);
  });
});
