// The library as its README has it.
import { createSigner } from '../../dist/library/handler.js';

const { PLATFORM_URL, APP_ID, APP_SECRET, ALLOWED_ORIGINS } = process.env;

export const signer = createSigner({
  appId: APP_ID,
  appSecret: APP_SECRET,
  domain: PLATFORM_URL,
  allowedOrigins: ALLOWED_ORIGINS.split(','),
});
