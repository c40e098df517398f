// node:http and the signature, and nothing else: no checks, no logs, no headers beyond type and length. The yardstick.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';
import { announce } from '../support/announce.mjs';
import { fetchTicket } from '../support/fetch-ticket.mjs';

const appId = process.env.APP_ID;
const { ticket } = await fetchTicket();

await announce(
  createServer((request, response) => {
    const url = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1)).get('url');
    const timestamp = Date.now();
    const nonceStr = randomBytes(16).toString('hex');
    const signature = createHash('sha1')
      .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
      .digest('hex');
    const body = JSON.stringify({ appId, timestamp, nonceStr, signature, url });
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
      .end(body);
  }),
);
