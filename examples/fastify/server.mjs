import Fastify from 'fastify';
import { createNodeHandler, createSigner } from 'lark-jsapi-signer/handler';

const signer = createSigner({
  appId: process.env.LARK_APP_ID,
  appSecret: process.env.LARK_APP_SECRET,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});
const lark = createNodeHandler(signer, { basePath: '/lark' });

const app = Fastify();
app.addHook('onRequest', (request, reply, done) => lark(request.raw, reply.raw, done));
await app.listen({ port: Number(process.env.PORT ?? 3000) });
