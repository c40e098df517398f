import { createFetchHandler, createSigner } from 'lark-jsapi-signer/handler';

let lark;
function handler(request) {
  // Made with the first request: `next build` reads this file too, without the secret.
  lark ??= createFetchHandler(
    createSigner({
      appId: process.env.LARK_APP_ID,
      appSecret: process.env.LARK_APP_SECRET,
      domain: process.env.LARK_DOMAIN,
      allowedOrigins: ['https://h5.example.com'],
    }),
    { basePath: '/lark' },
  );
  return lark(request);
}
export { handler as GET, handler as HEAD, handler as POST, handler as OPTIONS };
