// Certificates of one's own beside the default roots: for the platform, for proxies and for Redis.
import * as tls from 'node:tls';

/** The default roots and the certificates in `caPem`, as Node's `ca` option takes them: `ca` alone replaces the roots. */
export function trustedRoots(caPem: string): string[] {
  // From Node 22.15 on the defaults include NODE_EXTRA_CA_CERTS; before, only the bundled roots can be read.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return [...(getCACertificates?.('default') ?? tls.rootCertificates), caPem];
}
