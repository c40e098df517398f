// TLS towards Redis: what is trusted, and the client certificate where the server wants one.
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { trustedRoots } from '../../../base/certificates';
import type { RedisAddress } from './parse-redis-url';

/** Resolves with the context for `address`; rejects when a file of the client certificate cannot be used. */
export type TlsContexts = (address: Pick<RedisAddress, 'certificate'>) => Promise<SecureContext>;

/**
 * Contexts that trust the default roots and `caPem`. The files of a client certificate are read for every connection, so that a
 * renewed one is used. The last context is kept: to parse some 150 roots takes 0.1 s of the main thread.
 */
export function createTlsContexts(caPem: string | undefined): TlsContexts {
  let last: { cert: string; key: string; context: SecureContext } | undefined;
  return async ({ certificate }) => {
    const cert = certificate ? await readPem('cert', certificate.certFile) : '';
    const key = certificate ? await readPem('key', certificate.keyFile) : '';
    if (last?.cert !== cert || last.key !== key) {
      const context = createSecureContext({
        ...(caPem !== undefined && { ca: trustedRoots(caPem) }),
        ...(certificate && { cert, key }),
      });
      last = { cert, key, context };
    }
    return last.context;
  };
}

async function readPem(parameter: 'cert' | 'key', path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(
      `the file of ?${parameter}= cannot be read (${code}): check its path, and that this user may read it`,
      { cause: error },
    );
  }
}
