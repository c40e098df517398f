// The composition root: joins configuration, platform, signer, HTTP app and server into one thing to start and close.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { createApp } from './app';
import { createAppDirectory } from './app-directory';
import { systemClock, type Clock } from './clock';
import { describeConfig, type Config } from './config';
import { closeGracefully, createHttpServer } from './http/server';
import { createLogger, type Logger } from './observability/logger';
import { createSignerLog } from './observability/signer-log';
import { createPlatform } from './open-platform/platform';
import { createTransport, type Transport } from './open-platform/transport';
import { createSigner, type Signer } from './signer';
import { createTicketStore } from './tickets/create-ticket-store';
import type { RandomSource } from './tickets/renewal-policy';

/** What a test, or somebody who embeds the service, may put in place of the real world. */
export interface ServiceOverrides {
  clock?: Clock;
  /** Numbers in [0, 1), for jitter. Default `Math.random`. */
  random?: RandomSource;
  /** Default: undici with the configured proxies and CA certificates. Closed with the service. */
  transport?: Transport;
  /** Where log lines go. Default: standard output. */
  logDestination?: DestinationStream;
  /** Opens the operator's endpoints to everybody who reaches the port: for the demo and development. */
  openOperator?: boolean;
}

/** A whole service. */
export interface Service {
  readonly server: Server;
  readonly logger: Logger;
  readonly signer: Signer;
  /** Starts fetching the ticket and listens at once; rejects when the address cannot be had. */
  start(): Promise<{ host: string; port: number }>;
  /** Stops accepting, lets open requests end, and lets go of everything. Safe to call twice. */
  close(): Promise<void>;
}

/** The folder of this package: `src/` and `dist/` are both one level below it. */
const PACKAGE_ROOT = join(__dirname, '..');

/** Builds a service from its configuration. Nothing runs until `start()`. */
export function createService(config: Config, overrides: ServiceOverrides = {}): Service {
  const { clock = systemClock, random = Math.random, logDestination = process.stdout } = overrides;
  const logger = createLogger({ level: config.logLevel, destination: logDestination, clock });
  const signerLog = createSignerLog(logger);
  const transport = overrides.transport ?? createTransport({ caPem: config.caPem, proxy: config.proxy });
  const platform = createPlatform({
    baseUrl: config.platformBaseUrl,
    fetch: transport.fetch,
    clock,
    clockCorrection: config.clockCorrection,
    onCall: signerLog.onCall,
    onClockChange(change) {
      signerLog.onClockChange(change);
      if (change.offsetMs !== undefined) signer.clockChanged();
    },
  });
  const store = createTicketStore({
    setting: config.ticketStore,
    caPem: config.caPem,
    clock,
    random,
    onWarning: (message) => logger.warn(message),
    onError: (operation, error) => logger.warn({ operation, error: error.message }, 'the ticket store fails'),
  });
  const signer = createSigner({
    appId: config.appId,
    appSecret: config.appSecret,
    allowedOrigins: config.allowedOrigins,
    jsApiList: config.jsApiList,
    platform,
    store,
    ticketCallsPerHour: config.ticketCallsPerHour,
    clock,
    random,
    onEvent: signerLog.onEvent,
  });

  let isShuttingDown = false;
  const app = createApp({
    apps: createAppDirectory(signer),
    logger,
    errorsMarkdown: readFileSync(join(PACKAGE_ROOT, 'docs', 'errors.md'), 'utf8'),
    publicDirectory: join(PACKAGE_ROOT, 'public'),
    basePath: config.basePath,
    version: readVersion(),
    compatRoutes: config.compatRoutes,
    h5SdkUrls: config.h5SdkUrls,
    publicPage: config.publicPage,
    adminTokens: config.adminTokens,
    openOperator: overrides.openOperator ?? false,
    trustProxy: config.trustProxy,
    isShuttingDown: () => isShuttingDown,
    clock,
  });
  const server = createHttpServer(app);
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    logger.info('shutting down');
    isShuttingDown = true;
    // From now on connections end with their reply, so that a balancer opens none anew to us.
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    if (server.listening && config.shutdownDelayMs > 0) {
      // Balancers and proxies learn of the removal late; until then we go on accepting, with /readyz at 503.
      await new Promise<void>((resolve) => clock.setTimer(resolve, config.shutdownDelayMs));
    }
    await closeGracefully(server, { graceMs: config.shutdownGraceMs, clock });
    signer.close();
    platform.close();
    await store.close();
    await transport.close();
    logger.info('closed');
  }

  return {
    server,
    logger,
    signer,
    async start() {
      logger.info({ config: describeConfig(config) }, 'starting');
      for (const warning of config.warnings) logger.warn(warning);
      signer.warmUp();
      server.listen(config.port, config.host);
      await once(server, 'listening');
      const { address: host, port } = server.address() as AddressInfo;
      logger.info({ host, port }, 'listening');
      return { host, port };
    },
    close: () => (closed ??= close()),
  };
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
