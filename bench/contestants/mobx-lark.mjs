// mobx-lark behind Express, pointed at the simulated platform by its `host`. It brings the ticket; the signature is the team's own.
import express from 'express';
import larkModule from 'mobx-lark';
import { createServer } from 'node:http';
import { announce } from '../support/announce.mjs';
import { sign } from '../support/sign.mjs';

// Its HTTP client needs this of Node 22; used when the ticket is fetched, never for a request.
Array.fromAsync ??= async (values) => {
  const list = [];
  for await (const value of values) list.push(value);
  return list;
};

const { APP_ID, APP_SECRET, PLATFORM_URL } = process.env;
const lark = new larkModule.LarkApp({ id: APP_ID, secret: APP_SECRET, host: `${PLATFORM_URL}/open-apis/` });

const app = express();
app.get('/config', async (req, res) => {
  res.json(sign(APP_ID, await lark.getJSTicket(), req.query.url));
});

await announce(createServer(app));
