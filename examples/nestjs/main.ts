import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createNodeHandler, createSigner } from 'lark-jsapi-signer/handler';

@Module({})
class AppModule {}

const signer = createSigner({
  appId: process.env.LARK_APP_ID!,
  appSecret: process.env.LARK_APP_SECRET!,
  domain: process.env.LARK_DOMAIN,
  allowedOrigins: ['https://h5.example.com'],
});

const app = await NestFactory.create(AppModule);
app.use(createNodeHandler(signer, { basePath: '/lark' }));
await app.listen(process.env.PORT ?? 3000);
