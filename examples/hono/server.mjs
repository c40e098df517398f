import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createFetchHandler, createSigner } from 'lark-jsapi-signer/handler';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});
const lark = createFetchHandler(signer, { basePath: '/lark' });

const app = new Hono();
app.all('/lark/*', (c) => lark(c.req.raw));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
