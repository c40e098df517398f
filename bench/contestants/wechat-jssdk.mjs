// wechat-jssdk behind Express, pointed at the simulated platform by its two addresses. It signs in seconds, as WeChat wants it.
import express from 'express';
import { createServer } from 'node:http';
import wechatJssdk from 'wechat-jssdk';
import { announce } from '../support/announce.mjs';

const { APP_ID, APP_SECRET, WECHAT_URL } = process.env;
const jssdk = new wechatJssdk.JSSDK({
  appId: APP_ID,
  appSecret: APP_SECRET,
  accessTokenUrl: `${WECHAT_URL}/cgi-bin/token`,
  ticketUrl: `${WECHAT_URL}/cgi-bin/ticket/getticket`,
  // In memory: its default writes every signature to a file.
  store: new wechatJssdk.Store(),
});

const app = express();
app.get('/config', async (req, res) => {
  // `true` signs anew. By default it repeats one signature per URL, which the Lark client refuses as used before.
  res.json(await jssdk.getSignature(req.query.url, true));
});

await announce(createServer(app));
