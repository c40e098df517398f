// What the start log says of the configuration.
import type { Config } from './config';
import { parseCaCertificates } from '../base/certificates';
import { describeTicketStore } from './parse-ticket-store';
import { describeApps } from './apps-file/read-apps';

/**
 * The configuration for the start log: plain values, no secret, a proxy without its password, certificates by their number,
 * and the apps of a file by theirs.
 */
export function describeConfig(config: Config): Record<string, unknown> {
  const { httpsProxy, httpProxy, noProxy } = config.proxy;
  return {
    ...config,
    ...describeApps(config),
    adminTokens: config.adminTokens.length,
    ticketStore: describeTicketStore(config.ticketStore),
    caPem: undefined,
    caCertificates: config.caPem === undefined ? 0 : parseCaCertificates(config.caPem).length,
    proxy: { httpsProxy: withoutPassword(httpsProxy), httpProxy: withoutPassword(httpProxy), noProxy },
    warnings: undefined,
  };
}

function withoutPassword(proxyUrl: string | undefined): string | undefined {
  return proxyUrl && new URL(proxyUrl).origin;
}
