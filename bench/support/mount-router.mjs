// The library as its README has it: a signer, and its router in an Express app.
import library from '../../dist/index.js';

const { PLATFORM_URL, APP_ID, APP_SECRET, ALLOWED_ORIGINS } = process.env;

/** `app` with the router mounted at its root. */
export function mountRouter(app) {
  const signer = library.createSigner({
    appId: APP_ID,
    appSecret: APP_SECRET,
    domain: PLATFORM_URL,
    allowedOrigins: ALLOWED_ORIGINS.split(','),
  });
  return app.use(library.jsapiRouter(signer));
}
