// Serves scripts to pages of any origin: the browser helper, and the address of the platform's H5 SDK.
import { Router, type Response } from 'express';
import { ServiceError } from '../../base/errors';
import { methodNotAllowed } from '../middleware/failures';
import { redirect } from '../redirect';
import { createFileCache, sendPublicFile, type PublicFiles } from '../public-files';
import { splitTarget } from '../request-target';

export interface BrowserHelperParts {
  /** With the built `lark-jsapi.js` and `lark-jsapi.mjs` among them. */
  readonly publicFiles: PublicFiles;
  /** This package's version, which the immutable names carry. */
  readonly version: string;
}

const NAMES = ['lark-jsapi.js', 'lark-jsapi.mjs'] as const;

/** Five minutes: a new release is with every page soon, and a visit costs one request. */
const PLAIN_CACHE = 'public, max-age=300';
/** A year, the longest that means anything: the bytes under a version never change. */
const VERSIONED_CACHE = 'public, max-age=31536000, immutable';

/** `/lark-jsapi.js` and `.mjs`, `/lark-jsapi-<version>.js` and `.mjs`; what has not been built is 404 `NOT_FOUND`. */
export function browserHelperRouter({ publicFiles, version }: BrowserHelperParts): Router {
  const router = Router();
  for (const name of NAMES) {
    const versionedName = name.replace('.', `-${version}.`);
    const readHelper = createFileCache(publicFiles, name);
    const serve = async (response: Response, cacheControl: string): Promise<void> => {
      const file = await readHelper();
      response.set('Access-Control-Allow-Origin', '*');
      sendPublicFile(response, file, 'text/javascript', cacheControl);
    };
    router
      .route(`/${name}`)
      .get(function serveHelper(_request, response) {
        return serve(response, PLAIN_CACHE);
      })
      .all(methodNotAllowed('GET, HEAD'));
    router
      .route(`/${versionedName}`)
      .get(function serveVersionedHelper(_request, response) {
        return serve(response, VERSIONED_CACHE);
      })
      .all(methodNotAllowed('GET, HEAD'));
  }
  router.get(/^\/lark-jsapi-[^/]*\.m?js$/, function refuseOtherVersion() {
    throw new ServiceError(
      'NOT_FOUND',
      `This service holds version ${version} of the browser helper and no other.`,
    );
  });
  return router;
}

/**
 * `/h5-sdk.js?try=<n>`: a redirect to the n-th of `urls`, counted from 0, which `n` is when it is left out; 404 past the last. The
 * address is a setting of the service, not a constant in every page.
 */
export function h5SdkRouter({ urls }: { urls: readonly string[] }): Router {
  const router = Router();
  router
    .route('/h5-sdk.js')
    .get(function redirectToSdk(request, response) {
      // Nothing is decoded: a query of 47 KB of escapes took `URLSearchParams` 0.1 s.
      const [, wanted = '0'] = /(?:^|&)try=([^&]*)/.exec(splitTarget(request.originalUrl).query) ?? [];
      const url = /^\d+$/.test(wanted) ? urls[Number(wanted)] : undefined;
      if (url === undefined) {
        throw new ServiceError(
          'NOT_FOUND',
          `There is no such H5 SDK address: "try" goes from 0 to ${urls.length - 1}.`,
        );
      }
      // Not kept: when an address turns out to be bad, changing the setting helps every page at once.
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' });
      redirect(response, 302, url);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
