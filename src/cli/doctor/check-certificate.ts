// The certificate at the other end: its issuer, its expiry, and whether it is accepted.
import { isIP } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Clock } from '../../base/clock';
import { trustedRoots } from '../../base/certificates';
import type { Finding } from './finding';
import { openTunnel, type TunnelOptions } from './open-tunnel';
import { codeOf, step } from './step';

/** Two weeks: time for an operator to renew a certificate. */
const SOON_MS = 14 * 24 * 3_600_000;

/** A finding on the certificate of `url`, reached as `target` says. Never rejects. */
export async function checkCertificate(
  url: URL,
  target: Omit<TunnelOptions, 'signal'>,
  clock: Clock,
): Promise<Finding> {
  const about = { check: 'tls', subject: url.host } as const;
  try {
    const { certificate, refusal } = await step(clock, 'the TLS handshake', (signal) =>
      handshake({ ...target, signal }),
    );
    const issuer = nameOf(certificate.issuer);
    const endsAtMs = Date.parse(certificate.valid_to);
    const end = `until ${new Date(endsAtMs).toISOString().slice(0, 10)}`;
    if (refusal !== undefined) {
      return {
        ...about,
        verdict: 'wrong',
        finding: `the certificate for ${nameOf(certificate.subject)}, issued by ${issuer}, ${end}, is not accepted (${refusal}).`,
        advice: adviseOn(refusal, issuer),
      };
    }
    const isSoon = endsAtMs - clock.wallMs() < SOON_MS;
    return {
      ...about,
      verdict: isSoon ? 'note' : 'good',
      finding: `the certificate, issued by ${issuer}, is accepted, ${end}.`,
      advice: isSoon ? 'Have it renewed; without it no call gets through.' : undefined,
    };
  } catch (error) {
    const finding = `the TLS handshake fails (${codeOf(error)}).`;
    const advice = 'Check that the port of LARK_DOMAIN speaks TLS, and that no firewall cuts the connection.';
    return { ...about, verdict: 'wrong', finding, advice };
  }
}

function adviseOn(refusal: string, issuer: string): string {
  if (refusal === 'CERT_HAS_EXPIRED' || refusal === 'CERT_NOT_YET_VALID')
    return 'Have the certificate renewed, or set the clock of this machine.';
  if (refusal === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Check LARK_DOMAIN: this certificate is for other names. If a firewall put it there, have this host excepted.';
  return `A proxy on the network path issued it, or the platform is private: if ${issuer} is your company's, write its root certificate (PEM) into a file and name that in LARK_CA_FILE.`;
}

/** The certificate at the other end, and why it is not accepted. Only the TLS handshake is made; nothing is sent. */
async function handshake(
  options: TunnelOptions,
): Promise<{ certificate: PeerCertificate; refusal: string | undefined }> {
  const socket = await openTunnel(options);
  const { host, caPem } = options;
  return new Promise((resolve, reject) => {
    const secure: TLSSocket = connectTls(
      {
        socket,
        // The name of a host goes into the handshake, an address must not.
        ...(isIP(host) === 0 ? { servername: host } : { host }),
        ...(caPem !== undefined && { ca: trustedRoots(caPem) }),
        rejectUnauthorized: false,
      },
      () => {
        const certificate = secure.getPeerCertificate();
        const { authorized, authorizationError } = secure as {
          authorized: boolean;
          authorizationError: unknown;
        };
        secure.destroy();
        resolve({ certificate, refusal: authorized ? undefined : textOf(authorizationError) });
      },
    );
    secure.once('error', reject);
  });
}

/** Who a certificate names: organisation and common name, on one line. */
function nameOf({ O, CN }: PeerCertificate['issuer']): string {
  const names = [O, CN].flat().filter(Boolean).join(', ');
  // The other end wrote it: no control characters, and no more than a line holds.
  return names.replace(/\p{C}/gu, ' ').slice(0, 120) || 'an unnamed party';
}

function textOf(error: unknown): string {
  return typeof error === 'string' ? error : codeOf(error);
}
