// A static server of pages, on another origin than the service: what a company's front end is served by.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { readPublicFile } from '../../../src/base/package-files';

const FRONT_ENDS = join(__dirname, 'front-ends');

export interface PageServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Scripts that every page loads, in order, by address. */
  scripts: string[];
  /** Origins that every page's Content-Security-Policy allows for scripts and connections. */
  allowed: string[];
  close(): Promise<void>;
}

/** Serves the same page at every path; `/scripts/<name>.js` is the browser helper or one of `tests/support/browser/front-ends`. */
export async function startPageServer(host = '127.0.0.1'): Promise<PageServer> {
  const helper = await readPublicFile('lark-jsapi.js');
  const server = createServer((request, response) => {
    const path = String(request.url).split('?', 1)[0] ?? '/';
    if (path.startsWith('/scripts/')) {
      const name = basename(path);
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.end(name === 'lark-jsapi.js' ? helper : readFileSync(join(FRONT_ENDS, name)));
      return;
    }
    const sources = ["'self'", ...pages.allowed].join(' ');
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src ${sources}; connect-src ${sources}`,
    );
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    const tags = pages.scripts.map((address) => `<script src="${address}"></script>`);
    response.end(`<!doctype html><html lang="en"><title>A page</title><main></main>${tags.join('')}</html>`);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const pages: PageServer = {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    scripts: [],
    allowed: [],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return pages;
}
