// LARK_CA_FILE: further root certificates, checked at the start, not at the first call.
import { X509Certificate } from 'node:crypto';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in the text of a PEM file, one string each. Throws an `Error` when there is none, or one is unreadable. */
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
