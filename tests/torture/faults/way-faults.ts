// Faults on the network path to the platform: its name, its certificate, the proxy before it.
import dns from 'node:dns';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../support/loopback-certificate';
import {
  startConnectProxy,
  startTlsForwarder,
  type ConnectProxy,
  type TlsForwarder,
} from '../../support/ways-to-platform';
import { EXPIRED, OF_ANOTHER_HOST, OF_AN_UNKNOWN_AUTHORITY } from './bad-certificates';
import { outage } from './expectations';
import type { FaultCase, Infliction } from './fault-case';

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  addresses: { address: string; family: number }[],
) => void;

/** A name server in the place of the machine's: it knows `platform.test` while it is well. */
function nameServer(ill: (done: LookupDone) => void): () => Infliction {
  return () => {
    const real = dns.lookup;
    let isIll = false;
    let port = 0;
    const answer = (name: string, ...rest: unknown[]): void => {
      const done = rest.at(-1) as LookupDone;
      // Addresses come here too, for what listens.
      if (name !== 'platform.test') (real as (...all: unknown[]) => void)(name, ...rest);
      else if (isIll) ill(done);
      else done(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    dns.lookup = answer as unknown as typeof dns.lookup;
    return {
      world: {
        way(platformUrl) {
          port = Number(new URL(platformUrl).port);
          return Promise.resolve({ LARK_DOMAIN: `http://platform.test:${port}`, LARK_ALLOW_HTTP: 'true' });
        },
      },
      async begin({ sandbox }) {
        isIll = true;
        // A connection that is open needs no name any more.
        await sandbox.close();
        await sandbox.listen({ port });
      },
      end: () => void (isIll = false),
      dispose: () => void (dns.lookup = real),
    };
  };
}

/** A platform on https that shows another certificate. */
function certificate(bad: { key: string; cert: string }): () => Infliction {
  return () => {
    let forwarder: TlsForwarder | undefined;
    const good = { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE };
    return {
      world: {
        // Those that are expired and of another host would be believed otherwise.
        readFile: () => [LOOPBACK_CERTIFICATE, EXPIRED.cert, OF_ANOTHER_HOST.cert].join('\n'),
        async way(platformUrl) {
          forwarder = await startTlsForwarder(platformUrl);
          return { LARK_DOMAIN: forwarder.url, LARK_CA_FILE: '/company-ca.pem' };
        },
        alsoSettle: handshakes,
      },
      begin: () => forwarder?.present(bad),
      end: () => forwarder?.present(good),
      dispose: () => forwarder?.close(),
    };
  };
}

const PROXY_PASSWORD = 'the-password-of-the-proxy';

/** A company proxy between the service and the platform. */
function proxy(manner: 'silent' | number): () => Infliction {
  return () => {
    let between: ConnectProxy | undefined;
    return {
      world: {
        async way() {
          between = await startConnectProxy();
          const url = new URL(between.url);
          url.username = 'service';
          url.password = PROXY_PASSWORD;
          return { HTTP_PROXY: url.href };
        },
        alsoSettle: handshakes,
      },
      begin: () => between?.behave(manner),
      end: () => between?.behave('well'),
      secrets: [PROXY_PASSWORD],
      dispose: () => between?.close(),
    };
  };
}

/** Several exchanges one after the other, each through a process of its own kind: a few milliseconds are a hundred of them. */
async function handshakes(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 4));
}

const way = (
  name: string,
  area: string,
  what: string,
  inflict: FaultCase['inflict'],
  expected: FaultCase['expected'],
): FaultCase => ({ name, area, what, blocks: true, inflict, expected });

export const wayFaults: readonly FaultCase[] = [
  way(
    'dns-no-name',
    'name server',
    'no such name',
    nameServer((done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])),
    outage({ reason: 'dns', summary: 'ENOTFOUND' }),
  ),
  way(
    'dns-no-answer',
    'name server',
    'no answer',
    nameServer(() => undefined),
    outage({ reason: 'timeout', advice: 'name server' }),
  ),
  way(
    'tls-expired',
    'TLS',
    'an expired certificate',
    certificate(EXPIRED),
    outage({ reason: 'tls', summary: 'CERT_HAS_EXPIRED' }),
  ),
  way(
    'tls-wrong-host',
    'TLS',
    'a certificate of another host',
    certificate(OF_ANOTHER_HOST),
    outage({ reason: 'tls', summary: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
  ),
  way(
    'tls-unknown-ca',
    'TLS',
    'a certificate of an unknown authority',
    certificate(OF_AN_UNKNOWN_AUTHORITY),
    outage({ reason: 'tls', summary: 'DEPTH_ZERO_SELF_SIGNED_CERT', advice: 'LARK_CA_FILE' }),
  ),
  way(
    'proxy-403',
    'proxy',
    'refuses the tunnel with 403',
    proxy(403),
    outage({ reason: 'connection', summary: 'the proxy answers HTTP 403' }),
  ),
  way(
    'proxy-407',
    'proxy',
    'wants other credentials',
    proxy(407),
    outage({ reason: 'connection', summary: 'the proxy answers HTTP 407' }),
  ),
  way(
    'proxy-silent',
    'proxy',
    'silent after CONNECT',
    proxy('silent'),
    outage({ reason: 'timeout', advice: 'HTTPS_PROXY' }),
  ),
];
