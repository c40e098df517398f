import express from 'express';
import { createSigner, jsapiRouter } from 'lark-jsapi-signer';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});

const app = express();
app.use('/lark', jsapiRouter(signer));
app.listen(process.env.PORT ?? 3000);
