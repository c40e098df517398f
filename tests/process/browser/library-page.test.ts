// The library's first minute: README's lines in an Express app, the plain script in a page of it, and nothing else.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createSigner, jsapiRouter, type Signer } from '../../../src';
import { systemClock } from '../../../src/base/clock';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox';
import { checked, type PageWindow } from '../../support/browser/browser-world';
import { newClient, useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';

declare const window: PageWindow;

const APP = { appId: 'cli_library0000001', appSecret: 'the-secret-of-the-library-app' };

describeWith('chromium', 'a page of an app with the router', () => {
  const chromium = useChromium();
  let sandbox: Sandbox;
  let signer: Signer;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    sandbox = createSandbox({ clock: systemClock });
    const { url: platformUrl } = await sandbox.listen();
    const app = express();
    // README's three lines; the domain and the SDK are those of the simulated platform.
    signer = createSigner({
      ...APP,
      allowedOrigins: ['http://127.0.0.1:*'],
      domain: platformUrl,
      h5SdkUrls: [`${platformUrl}/sandbox/h5-sdk.js`],
    });
    app.use('/lark', jsapiRouter(signer));
    app.get('/', (_request, response) => {
      response.send('<!doctype html><title>A page</title><script src="/lark/lark-jsapi.js"></script>');
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    sandbox.addApp({ ...APP, trustedDomains: [origin] });
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await signer.close();
    await sandbox.close();
  });

  it('is authorised by the plain script alone', async () => {
    const context = await newClient(chromium.browser);
    const page = await context.newPage();
    await page.goto(`${origin}/?from=workbench`);
    const called = await page.evaluate(async () => {
      try {
        return await window.LarkJsapi.create({ jsApiList: ['scanCode'] }).call('scanCode');
      } catch (error) {
        return { message: String(error) };
      }
    });
    expect(called).toEqual({ result: 'https://example.com/scanned', errMsg: 'scanCode:ok' });
    expect(await checked(page)).toEqual([{ url: `${origin}/?from=workbench`, errCode: 0 }]);
  });
});
