// docs/web-components.md and the code say the same; its back end and its page run as they are written there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express, type RequestHandler } from 'express';
import request from 'supertest';
import * as library from '../../src';
import { systemClock } from '../../src/base/clock';
import { CLIENT_CODES } from '../../src/client-failures/client-codes';
import { createDemoApp } from '../../src/sandbox/demo-apps';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';

const guide = readFileSync(join(__dirname, '../../docs/web-components.md'), 'utf8');
const fence = (language: string, part: string): string =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].find(
    ([, found, code]) => found === language && code!.includes(part),
  )![2]!;

/** What `code` of the document returns, with `given` as its globals. */
function run(code: string, given: object): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code of the document
  const made = new Function(...Object.keys(given), code) as (...values: unknown[]) => unknown;
  return made(...Object.values(given));
}

const PAGE = 'https://erp.example.com/docs/1';
const APP = { appId: 'cli_documented00001', appSecret: 'the-secret-of-the-documented-app' };

describe('the back end', () => {
  let sandbox: Sandbox;
  let signer: library.Signer;
  let app: Express;
  /** What the login put into the session. */
  let session: { openId?: string; userAccessToken?: string };

  beforeEach(async () => {
    session = {};
    sandbox = createSandbox({ clock: systemClock, apps: [{ ...APP, trustedDomains: ['erp.example.com'] }] });
    const { url: domain } = await sandbox.listen();
    const given = {
      express,
      session: (): RequestHandler => (received, _, next) => {
        Object.assign(received, { session });
        next();
      },
      ...library,
      createSigner: (options: library.SignerOptions) =>
        (signer = library.createSigner({ ...options, domain })),
      process: { env: { LARK_APP_ID: APP.appId, LARK_APP_SECRET: APP.appSecret, SESSION_SECRET: 'secret' } },
    };
    const code = fence('js', 'signForUser')
      .replace(/^import .*$/gm, '')
      .replace('app.listen(3000);', 'return app;');
    app = run(code, given) as Express;
  });
  afterEach(async () => {
    await signer.close();
    await sandbox.close();
  });

  const ask = (url = PAGE) => request(app).get('/api/component-signature').query({ url });

  it('signs for the signed-in user, whom the reply names', async () => {
    session = { openId: 'ou_1', userAccessToken: sandbox.userToken(APP.appId, 'ou_1') };
    const { body, headers } = await ask(`${PAGE}?x=1#y`);
    expect(body).toMatchObject({ appId: APP.appId, url: PAGE, openId: 'ou_1' });
    expect(headers['cache-control']).toBe('no-store');
    const verdict = sandbox.verify({ ...(body as object), url: PAGE, kind: 'component' });
    expect(verdict).toMatchObject({ errCode: 0 });
  });

  it('refuses who is signed out or has an old token, and pages of others, as the service does', async () => {
    expect((await ask()).body).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    session = { openId: 'ou_1', userAccessToken: 'u-expired' };
    expect((await ask()).body).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    session.userAccessToken = sandbox.userToken(APP.appId, 'ou_1');
    expect((await ask('https://evil.example.com/')).body).toMatchObject({ code: 'URL_NOT_ALLOWED' });
    expect((await ask('')).status).toBe(400);
  });
});

test('the page without the helper asks for a component and hands over what was signed', async () => {
  const [, script = ''] = /<script>\n(.*)<\/script>/s.exec(fence('html', 'kind=component')) ?? [];
  const signed = { appId: 'cli_1', timestamp: 1, nonceStr: 'n', signature: 's', url: PAGE };
  const asked: string[] = [];
  const configs: object[] = [];
  let reply: object = { ok: true, json: () => Promise.resolve(signed) };
  const given = {
    location: { href: `${PAGE}?code=1&x#top` },
    fetch: (address: string) => (asked.push(address), Promise.resolve(reply)),
    webComponent: { config: (parameters: object) => configs.push(parameters) },
  };
  type Authorise = (names: string[]) => Promise<void>;
  const authorise = run(`${script}; return authoriseComponents;`, given) as Authorise;
  await authorise(['DocsComponent']);
  expect(asked).toEqual([`/lark/config?kind=component&url=${encodeURIComponent(PAGE)}`]);
  expect(configs).toEqual([{ ...signed, jsApiList: ['DocsComponent'] }]);
  reply = { ok: false, json: () => Promise.resolve({ code: 'URL_NOT_ALLOWED', detail: 'why' }) };
  await expect(authorise([])).rejects.toHaveProperty('message', 'URL_NOT_ALLOWED: why');
});

test('the table of failures has codes of the client, and a second signature where the helper asks for one', () => {
  const [, section = ''] = /^## When it fails$(.*?)^## /ms.exec(guide) ?? [];
  const told = [...section.matchAll(/^\| ([\d, ]+?) *\|[^|]+\| ([^|]+?) *\|$/gm)].flatMap(([, codes, does]) =>
    codes!.split(', ').map((code) => [Number(code), does!.includes('signed once more')] as const),
  );
  expect(told.length).toBeGreaterThan(5);
  for (const [code, isRepeated] of told) {
    const { attempt } = CLIENT_CODES[code]!;
    expect([code, isRepeated]).toEqual([code, attempt === 'sign' || attempt === 'report']);
  }
});

test('every option is in the table, and the app of its lines is the one of the simulated platform', () => {
  const source = readFileSync(join(__dirname, '../../src/browser/authorise-components.ts'), 'utf8');
  const [interfaces = ''] = /^interface SharedOptions.*?(?=^\/\*\* What is used)/ms.exec(source) ?? [];
  const options = new Set([...interfaces.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name));
  const [, table = ''] = /^(\| option .*?)\n\n/ms.exec(guide) ?? [];
  expect(new Set([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name))).toEqual(options);
  expect(fence('sh', '/sandbox/users')).toContain(`"appId":"${createDemoApp().appId}"`);
});
