import Koa from 'koa';
import { createNodeHandler, createSigner } from 'lark-jsapi-signer/handler';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});
const lark = createNodeHandler(signer, { basePath: '/lark' });

const app = new Koa();
app.use((ctx, next) => {
  ctx.respond = !ctx.path.startsWith('/lark/');
  return ctx.respond ? next() : lark(ctx.req, ctx.res);
});
app.listen(process.env.PORT ?? 3000);
