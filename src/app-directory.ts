// The apps of this process, found by name.
import { ServiceError } from './errors';
import type { AppDirectory } from './http/signing-app';
import type { Signer } from './signer';

/** A directory of the one app that is configured. It is found by its app id, and when a request names none. */
export function createAppDirectory(signer: Signer): AppDirectory {
  return {
    find(name) {
      if (name === undefined || name === signer.appId) return signer;
      throw new ServiceError(
        'APP_UNKNOWN',
        'No app of that name is configured here. Leave the parameter "app" out, or give the app id of this service.',
      );
    },
    ready: () => signer.wasReady,
    all: () => [signer],
  };
}
