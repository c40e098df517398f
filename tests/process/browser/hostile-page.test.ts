// What a page of another origin has the browser of its visitors send, unseen.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { BrowserWorld } from '../../support/browser/browser-world';
import { describeWith } from '../../support/needs-program';
import { waitUntil } from '../../support/wait-until';

describeWith('chromium', 'a page of another origin', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await BrowserWorld.start();
  });
  afterAll(() => world.close());

  test('gets no signature made by speculation rules', async () => {
    const signed = `${world.serviceUrl}/config?url=${encodeURIComponent(`${world.pages.origin}/`)}`;
    const rules = { prefetch: [{ source: 'list', urls: [signed], eagerness: 'immediate' }] };
    const hostile = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><script type="speculationrules">${JSON.stringify(rules)}</script>`);
    }).listen(0, '127.0.0.1');
    await once(hostile, 'listening');
    const replies: [purpose: unknown, status: number][] = [];
    world.service.server.on('request', ({ headers }, response) =>
      response.on('finish', () => replies.push([headers['sec-purpose'], response.statusCode])),
    );
    try {
      const page = await world.newPage();
      await page.goto(`http://localhost:${(hostile.address() as AddressInfo).port}/`);
      await waitUntil('the browser has asked ahead', () => replies.length > 0);
      expect(replies).toEqual([['prefetch', 403]]);
    } finally {
      hostile.close();
      hostile.closeAllConnections();
    }
  });
});
