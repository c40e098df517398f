// co-wechat-api behind Express, pointed at the simulated platform by its `prefix`. It signs in seconds, as WeChat wants it.
import WechatApi from 'co-wechat-api';
import express from 'express';
import { createServer } from 'node:http';
import { announce } from '../support/announce.mjs';

const { APP_ID, APP_SECRET, WECHAT_URL } = process.env;
const api = new WechatApi(APP_ID, APP_SECRET);
api.prefix = `${WECHAT_URL}/cgi-bin/`;

const app = express();
app.get('/config', async (req, res) => {
  res.json(await api.getJsConfig({ debug: false, jsApiList: [], url: req.query.url }));
});

await announce(createServer(app));
