// Serves scripts to pages of any origin: the browser helper, and the address of the platform's H5 SDK.
import { ServiceError } from '../../base/errors';
import {
  findAmong,
  findInAll,
  READ_METHODS,
  redirectReply,
  type FindRoute,
  type PlainRoute,
} from '../plain-route';
import { createFileCache, fileReply, type PublicFiles } from '../public-files';

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

const FOR_ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };

/** `/lark-jsapi.js` and `.mjs`, `/lark-jsapi-<version>.js` and `.mjs`; what has not been built is 404 `NOT_FOUND`. */
export function browserHelperRoutes({ publicFiles, version }: BrowserHelperParts): FindRoute {
  const routes = NAMES.flatMap((name): PlainRoute[] => {
    const readHelper = createFileCache(publicFiles, name);
    const routeAt = (path: string, cacheControl: string): PlainRoute => ({
      name: path,
      methods: READ_METHODS,
      serve: async (request) =>
        fileReply(request, await readHelper(), 'text/javascript', {
          ...FOR_ANY_ORIGIN,
          'Cache-Control': cacheControl,
        }),
    });
    return [
      routeAt(`/${name}`, PLAIN_CACHE),
      routeAt(`/${name.replace('.', `-${version}.`)}`, VERSIONED_CACHE),
    ];
  });
  const otherVersion: PlainRoute = {
    name: 'other',
    methods: READ_METHODS,
    serve() {
      throw new ServiceError(
        'NOT_FOUND',
        `This service holds version ${version} of the browser helper and no other.`,
      );
    },
  };
  return findInAll(findAmong(...routes), (path) =>
    /^\/lark-jsapi-[^/]*\.m?js$/.test(path) ? otherVersion : undefined,
  );
}

/**
 * `/h5-sdk.js?try=<n>`: a redirect to the n-th of `urls`, counted from 0, which `n` is when it is left out; 404 past the last. The
 * address is a setting of the service, not a constant in every page.
 */
export function h5SdkRoute({ urls }: { urls: readonly string[] }): PlainRoute {
  return {
    name: '/h5-sdk.js',
    methods: READ_METHODS,
    serve({ query }) {
      // Nothing is decoded: a query of 47 KB of escapes took `URLSearchParams` 0.1 s.
      const [, wanted = '0'] = /(?:^|&)try=([^&]*)/.exec(query) ?? [];
      const url = /^\d+$/.test(wanted) ? urls[Number(wanted)] : undefined;
      if (url === undefined) {
        throw new ServiceError(
          'NOT_FOUND',
          `There is no such H5 SDK address: "try" goes from 0 to ${urls.length - 1}.`,
        );
      }
      // Not kept: when an address turns out to be bad, changing the setting helps every page at once.
      return redirectReply(302, new URL(url).href, { ...FOR_ANY_ORIGIN, 'Cache-Control': 'no-store' });
    },
  };
}
