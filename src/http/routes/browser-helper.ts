// Serves the browser helper to pages of any origin: under its plain name, and for ever under the name with its version.
import { Router, type Response } from 'express';
import { ServiceError } from '../../base/errors';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { etagOf, type PublicFiles } from '../public-files';

export interface BrowserHelperParts {
  /** With the built `lark-jsapi.js` and `lark-jsapi.mjs` among them. */
  readonly publicFiles: PublicFiles;
  /** This package's version, which the immutable names carry. */
  readonly version: string;
}

interface Script {
  readonly body: Buffer;
  readonly etag: string;
}

const NAMES = ['lark-jsapi.js', 'lark-jsapi.mjs'] as const;

/** Five minutes: a new release is with every page soon, and a visit costs one request. */
const PLAIN_CACHE = 'public, max-age=300';
/** A year, the longest that means anything: the bytes under a version never change. */
const VERSIONED_CACHE = 'public, max-age=31536000, immutable';

/**
 * `/lark-jsapi.js` and `.mjs`, `/lark-jsapi-<version>.js` and `.mjs`. Read at their first use, so that a service runs without
 * having built them; what is missing is 404 `NOT_FOUND`.
 */
export function browserHelperRouter({ publicFiles, version }: BrowserHelperParts): Router {
  const router = Router();
  for (const name of NAMES) {
    const versionedName = name.replace('.', `-${version}.`);
    let reading: Promise<Script> | undefined;
    const serve = async (response: Response, cacheControl: string): Promise<void> => {
      reading ??= readScript(publicFiles, name).catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
      const { body, etag } = await reading;
      response
        .set({
          'Access-Control-Allow-Origin': '*',
          'Cache-Control': cacheControl,
          'Content-Type': 'text/javascript; charset=utf-8',
          ETag: etag,
        })
        .send(body);
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

async function readScript(publicFiles: PublicFiles, name: string): Promise<Script> {
  const body = await publicFiles(name);
  if (body === undefined)
    throw new ServiceError('NOT_FOUND', 'The browser helper has not been built: run "npm run build".');
  return { body, etag: etagOf(body) };
}
