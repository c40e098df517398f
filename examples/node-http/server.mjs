import { createServer } from 'node:http';
import { createNodeHandler, createSigner } from 'lark-jsapi-signer/handler';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});

createServer(createNodeHandler(signer, { basePath: '/lark' })).listen(process.env.PORT ?? 3000);
