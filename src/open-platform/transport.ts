// The network path to the platform: a fetch with kept-alive connections, time limits, company proxies and further CA certificates.
import * as tls from 'node:tls';
import type * as undici from 'undici';
import { parseCaCertificates, trustedRoots } from '../base/certificates';

/** The fetch this client needs: undici's, whose replies can be read as they stream in. */
export type Fetch = typeof undici.fetch;

/** The company proxies, as in the environment variables of the same names; an absent or empty one means none. */
export interface ProxySettings {
  /** For https addresses; when only `httpProxy` is given, that one is used for both. */
  httpsProxy?: string | undefined;
  httpProxy?: string | undefined;
  /** Comma-separated hosts, domains or `*` that are reached without a proxy. */
  noProxy?: string | undefined;
}

/** How the platform is reached. */
export interface TransportOptions {
  /** PEM certificates to trust in addition to the default roots, for the platform and for a proxy on https. */
  caPem?: string | undefined;
  /** Used instead of the environment, which is not read here. */
  proxy?: ProxySettings;
  /** Milliseconds for the connection, the reply's head, and between two pieces of its body. Default 5,000. */
  timeoutMs?: number;
}

/** A network path to the platform, with its own connections. */
export interface Transport {
  fetch: Fetch;
  /** Ends every connection at once, open requests included. */
  close(): Promise<void>;
}

// The calls of many apps and tenants come in bursts, with half an hour between. Holding a connection longer than a burst
// would only meet gateways that have dropped it in silence.
const KEEP_ALIVE_MS = 10_000;

/** Makes the transport to the platform. Throws when a certificate cannot be read or a proxy's address is not a URL. */
export function createTransport(options: TransportOptions = {}): Transport {
  const { caPem, proxy = {}, timeoutMs = 5_000 } = options; // 5 s: the client's own deadline for a whole call
  const connect = { timeout: timeoutMs, ...(caPem && { secureContext: trusting(caPem) }) };

  function open() {
    // Its 110 files take some 70 ms: a process that finds its ticket in a store signs before it needs them.
    // oxlint-disable-next-line typescript/no-require-imports -- synchronously and late, which `import` cannot
    const { EnvHttpProxyAgent, fetch } = require('undici') as typeof undici;
    const dispatcher = new EnvHttpProxyAgent({
      // An empty string, not undefined: undici would read the environment.
      httpProxy: proxy.httpProxy ?? '',
      httpsProxy: proxy.httpsProxy ?? '',
      noProxy: proxy.noProxy ?? '',
      connect,
      proxyTls: connect,
      requestTls: connect,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
    return { fetch, dispatcher };
  }

  // At once where there is a proxy: creating it checks its address.
  let opened = proxy.httpProxy || proxy.httpsProxy ? open() : undefined;
  return {
    fetch(input, init) {
      const { fetch, dispatcher } = (opened ??= open());
      return fetch(input, { ...init, dispatcher });
    },
    close: async () => opened?.dispatcher.destroy(),
  };
}

/** `ca` alone would replace the default roots, so they are listed too; made once, because reading them takes milliseconds. */
function trusting(caPem: string): tls.SecureContext {
  // Parsed first: a secure context passes over what it cannot read, and the failure would show up as one of the platform's.
  const certificates = parseCaCertificates(caPem);
  return tls.createSecureContext({ ca: trustedRoots(certificates.join('\n')) });
}
