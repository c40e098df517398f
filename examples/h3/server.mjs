import { H3, serve } from 'h3';
import { createFetchHandler, createSigner } from 'lark-jsapi-signer/handler';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});
const lark = createFetchHandler(signer, { basePath: '/lark' });

const app = new H3();
app.all('/lark/**', (event) => lark(event.req));
serve(app, { port: process.env.PORT ?? 3000 });
