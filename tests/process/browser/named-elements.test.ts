// Elements and frames in what users wrote, whose id or name is that of something the helper reads of the window or the document.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readPublicFile } from '../../../src/base/package-files';
import { newClient, useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';

/** What a page of the test leaves on its window, inside functions that run in the page. */
interface TestWindow {
  outcome?: string;
}
declare const window: TestWindow;

/** An SDK whose client accepts every signature, as the signer's `/h5-sdk.js`. */
const SDK = `window.h5sdk = { error() {}, config({ onSuccess }) { onSuccess({}); } };
  window.tt = { requestAuthCode({ success }) { success({ code: 'c0de' }); } };`;

const USE = `LarkJsapi.create().ready()
  .then(() => LarkJsapi.create().call('requestAuthCode'))
  .then(({ code }) => { window.outcome = code; }, (error) => { window.outcome = String(error.message); });`;

const CONFIG = {
  appId: 'cli_1',
  timestamp: 1_510_045_655_000,
  nonceStr: 'n0nce',
  signature: 's',
  jsApiList: [],
};

describeWith('chromium', 'a page with elements of hostile names', () => {
  const chromium = useChromium();
  let helper: Buffer;
  let signer: string;
  let attacker: string;
  let html = '';
  const asked: string[] = [];
  const servers: Server[] = [];

  async function serve(answer: (path: string) => { type: string; body: string | Buffer }): Promise<string> {
    const server = createServer((request, response) => {
      const { type, body } = answer(String(request.url));
      response.setHeader('Content-Type', type);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end(body);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    helper = (await readPublicFile('lark-jsapi.js'))!;
    signer = await serve((path) => {
      if (path.startsWith('/config')) return { type: 'application/json', body: JSON.stringify(CONFIG) };
      return { type: 'text/javascript', body: path.startsWith('/h5-sdk.js') ? SDK : helper };
    });
    attacker = await serve((path) => {
      asked.push(path);
      return { type: 'text/html', body: '' };
    });
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    ['<img name="currentScript" src="ATTACKER/lark-jsapi.js">'],
    ['<form name="currentScript"><input name="src"><input name="tagName"></form>'],
    ['<iframe name="currentScript" src="about:blank"></iframe>'],
    ['<a id="h5sdk"></a>'],
    ['<form id="h5sdk"><input name="config"><input name="error"></form>'],
    ['<iframe name="h5sdk" src="ATTACKER/frame"></iframe>'],
    ['<a id="tt"></a><a id="tt"></a>'],
    ['<iframe name="tt" src="ATTACKER/frame"></iframe>'],
    ['<a id="__larkJsapiInstances1"></a><a id="__larkJsapiNavigation1"></a>'],
    ['<a id="LarkJsapi"></a>'],
  ])('%s leaves the page authorised by its own signer', async (written) => {
    asked.length = 0;
    html = written.replace('ATTACKER', attacker);
    const pages = await serve(() => ({
      type: 'text/html',
      body: `<!doctype html><title>A page</title>${html}<script src="${signer}/lark-jsapi.js"></script><script>${USE}</script>`,
    }));
    const context = await newClient(chromium.browser);
    const page = await context.newPage();
    await page.goto(`${pages}/?code=0auth`);
    await page.waitForFunction(() => window.outcome !== undefined);
    expect(await page.evaluate(() => window.outcome)).toBe('c0de');
    // What the elements themselves load is all that he gets.
    expect(asked.filter((path) => !['/frame', '/lark-jsapi.js'].includes(path))).toEqual([]);
  });

  it('takes an element for the client neither where there is none', async () => {
    const pages = await serve(() => ({
      type: 'text/html',
      body: `<!doctype html><title>A page</title><a id="h5sdk"></a><a id="tt"></a><script src="${signer}/lark-jsapi.js"></script><script>${USE}</script>`,
    }));
    const context = await chromium.browser.newContext();
    const page = await context.newPage();
    await page.goto(pages);
    await page.waitForFunction(() => window.outcome !== undefined);
    expect(await page.evaluate(() => window.outcome)).toContain('JSAPIs are not available');
  });
});
