// A call that needs a token, and one more try with a new token when the platform refuses the one that was kept.
import type { Secret } from '../base/secret';
import { PlatformError } from './platform-error';

/** Where a token is kept while it lives. */
export interface TokenCache {
  get(): Secret | Promise<Secret>;
  /** Drops `token` if it is the one that is kept. */
  invalidate(token: Secret): void;
}

/** The result of `call` with the kept token, or with the next one. */
export async function withToken<T>(tokens: TokenCache, call: (token: Secret) => Promise<T>): Promise<T> {
  const token = await tokens.get();
  try {
    return await call(token);
  } catch (error) {
    if (!(error instanceof PlatformError && error.kind === 'token')) throw error;
    tokens.invalidate(token);
    return call(await tokens.get());
  }
}
