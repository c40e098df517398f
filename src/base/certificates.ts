// Further CA certificates in addition to the default roots: for the platform, for proxies and for Redis.
import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in the text of a PEM file, one string each. Throws an `Error` when the text holds no certificate, or an unreadable one. */
export function parseCaCertificates(pem: string): string[] {
  const certificates = pem.match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    throw new Error('the file holds no PEM certificate: it must have -----BEGIN CERTIFICATE----- blocks');
  }
  certificates.forEach((certificate, index) => {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new Error(`certificate ${index + 1} of the file cannot be read: export it again as PEM`);
    }
  });
  return certificates;
}

/** The default roots and the certificates in `caPem`, as Node's `ca` option takes them: `ca` alone replaces the roots. */
export function trustedRoots(caPem: string): string[] {
  // From Node 22.15 on the defaults include NODE_EXTRA_CA_CERTS; before, only the bundled roots can be read.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return [...(getCACertificates?.('default') ?? tls.rootCertificates), caPem];
}
