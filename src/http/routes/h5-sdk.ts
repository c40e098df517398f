// Sends pages on to the platform's H5 SDK: the address is a setting of the service, not a constant in every page.
import { Router } from 'express';
import { ServiceError } from '../../base/errors';
import { methodNotAllowed } from '../middleware/method-not-allowed';
import { splitTarget } from '../request-target';

/** `/h5-sdk.js?try=<n>`: a redirect to the n-th of `urls`, counted from 0, which `n` is when it is left out; 404 past the last. */
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
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' }).redirect(302, url);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
