// The composition root: joins configuration, platform, signer, HTTP app and server into one thing to start and close.
import type { Server } from 'node:http';
import type { AccessEntry } from './http/access-entry';
import { createApp, createOperatorApp } from './http/create-app';
import type { MetricsReply } from './http/routes/operator';
import { AppDirectory } from './apps/app-directory';
import { AppsFileWatch } from './config/apps-file/apps-file-watch';
import { systemClock, type Clock } from './base/clock';
import type { Config } from './config/config';
import { readAppsFileAsync } from './config/apps-file/apps-file-content';
import { isEveryAddress, warnOfOpenOperators } from './config/find-listener-warnings';
import { parseAdminTokens } from './config/parse-admin-tokens';
import { findAppWarnings } from './config/apps-file/read-apps';
import { SecretFile, type Reread, type SecretFileParts } from './config/secret-file';
import { readTextFile } from './config/read-text-file';
import { parseSecretFile } from './config/variable-kinds';
import { withDeadline } from './base/deadline';
import { describeConfig } from './config/describe-config';
import { createExplainer } from './explain/explainer';
import { listen } from './http/listen';
import { closeGracefully, createHttpServer } from './http/server';
import { createAccessLog } from './observability/access-log';
import { createEventLog } from './observability/event-log';
import { createLogger, createStandardOutput, type LogDestination, type Logger } from './observability/logger';
import { createMetrics } from './observability/metrics';
import { forwardEvent } from './open-platform/forward-event';
import { createPlatform } from './open-platform/platform';
import { findPlatformError } from './open-platform/platform-error';
import { createTransport, type Transport } from './open-platform/transport';
import { RememberedTickets } from './explain/held-tickets';
import type { ServiceEvent } from './apps/service-event';
import { createLarkApp } from './apps/lark-app';
import { createTicketStore, type TicketStoreSetting } from './tickets/stores/create-ticket-store';
import { systemRandom, type RandomSource } from './base/random';
import { readPublicFile, readVersion } from './base/package-files';

/** What a test, or a program that embeds the service, may replace. */
export interface ServiceOverrides {
  clock?: Clock;
  /** Numbers in [0, 1), for jitter. Default: the machine's. */
  random?: RandomSource;
  /** Default: undici with the configured proxies and CA certificates. Closed with the service. */
  transport?: Transport;
  /** Where log lines go. Default: standard output. */
  logDestination?: LogDestination;
  /** Opens the operator's endpoints to every client that reaches the port: for the demo and development. */
  openOperator?: boolean;
  /** Serves nothing under names that are not this machine's: for the demo. */
  requiresOwnHost?: boolean;
}

/** How long the end waits for the last log lines: they take milliseconds unless the reader is stuck. */
const LOG_END_MS = 1_000;

/** A whole service. */
export interface Service {
  readonly server: Server;
  /** The operator's listener, with `ADMIN_PORT`. */
  readonly operatorServer: Server | undefined;
  readonly logger: Logger;
  readonly apps: AppDirectory;
  /** Reads the files again that may change while the service runs: the apps file and those of secrets. Logs how it ended; never rejects. */
  reload(): Promise<void>;
  /** Starts fetching tickets and listens at once; rejects with `ListenError` when the address cannot be had. */
  start(): Promise<{ host: string; port: number; adminPort: number | undefined }>;
  /** Writes the log lines that wait, before it returns: for the end of the process. */
  flushLog(): void;
  /** Stops accepting, waits for open requests, and releases everything. Safe to call twice. */
  close(): Promise<void>;
}

/** Builds a service from its configuration. Nothing runs until `start()`. */
export function createService(config: Config, overrides: ServiceOverrides = {}): Service {
  const { clock = systemClock, random = systemRandom, logDestination = createStandardOutput() } = overrides;
  const { openOperator = false, requiresOwnHost = false } = overrides;
  const logger = createLogger({ level: config.logLevel, destination: logDestination, clock });
  const logEvent = createEventLog(logger, clock);
  const accessLog = createAccessLog(logger);
  const rememberedTickets = new RememberedTickets();
  const version = readVersion();
  const metrics = createMetrics({
    apps: () => apps.all(),
    platforms: () => apps.platforms(),
    ticketCallsPerHour: config.ticketCallsPerHour,
    version,
    clock,
  });
  const transport = overrides.transport ?? createTransport({ caPem: config.caPem, proxy: config.proxy });
  const store = createTicketStore({
    setting: config.ticketStore,
    caPem: config.caPem,
    clock,
    random,
    readUrl: rereadTicketStore(config.ticketStore),
    onWarning: (message) => logger.warn(message),
    onEvent: (event) => onEvent({ of: 'store', event }),
  });
  const apps = new AppDirectory({
    clock,
    random,
    createPlatform: (baseUrl) =>
      createPlatform({
        baseUrl,
        fetch: transport.fetch,
        clock,
        clockCorrection: config.clockCorrection,
        onCall: (report) => onEvent({ of: 'call', report }),
        onClockChange: (change) => onEvent({ of: 'clock', change }),
      }),
    createLarkApp: (app, platform, beforeFirstLoad) =>
      createLarkApp({
        app,
        platform,
        store,
        ticketCallsPerHour: config.ticketCallsPerHour,
        newTenants: config.newTenants,
        eventMaxAgeMs: config.eventMaxAgeMs,
        forwardEvent: (url, event) => forwardEvent(url, event, { fetch: transport.fetch, clock }),
        clock,
        random,
        onEvent,
        beforeFirstLoad,
      }),
  });
  apps.exchange(config.apps);
  let isShuttingDown = false;
  const { appsFile } = config;
  const adminTokenFile = secretFile('ADMIN_TOKEN_FILE', config.adminTokenFile, {
    secrets: config.adminTokens,
    parse: parseAdminTokens,
  });
  const [onlyApp] = config.apps;
  const appSecretFile =
    onlyApp &&
    secretFile('LARK_APP_SECRET_FILE', config.appSecretFile, {
      secrets: [onlyApp.appSecret],
      onChange([appSecret]) {
        if (appSecret && !isShuttingDown) apps.exchange([{ ...onlyApp, appSecret }]);
      },
    });
  const watch =
    appsFile &&
    new AppsFileWatch({
      file: appsFile,
      read: () => readAppsFileAsync(appsFile.path, readTextFile),
      clock,
      onApps(changed) {
        const { added, removed } = apps.exchange(changed);
        logger.info({ apps: changed.length, added, removed }, 'the apps were exchanged');
        for (const warning of findAppWarnings(changed)) logger.warn(warning);
      },
      onFault: (faults) => logger.warn({ faults }, 'the apps file cannot be used: the apps stay as they are'),
      onCompared: (isUsable) => onEvent({ of: 'apps-file', isUsable }),
    });
  // It was read for the configuration, which there would not be with a faulty one.
  if (watch) onEvent({ of: 'apps-file', isUsable: true });

  const explain = createExplainer({
    apps,
    tickets: rememberedTickets,
    clock,
    // Platforms have one time; ours is the next best.
    nowMs: () => apps.platforms()[0]?.time.nowMs() ?? clock.wallMs(),
  });
  const onPublicRequest = (entry: AccessEntry): void => {
    metrics.onRequest(entry);
    accessLog(entry);
  };
  const readMetrics = (): Promise<MetricsReply> => metrics.expose();
  const app = createApp({
    apps,
    onRequest: onPublicRequest,
    onWarning: (message) => logger.warn(message),
    readMetrics,
    publicFiles: readPublicFile,
    basePath: config.basePath,
    version,
    compatRoutes: config.compatRoutes,
    h5SdkUrls: config.h5SdkUrls,
    publicPage: config.publicPage,
    adminTokens: config.adminTokens,
    adminTokenFile,
    openOperator,
    requiresOwnHost,
    hostNames: ownNames(config.host, config.adminHostNames),
    explain,
    trustProxy: config.trustProxy,
    requestsPerMinute: config.rateLimit,
    isShuttingDown: () => isShuttingDown,
    clock,
  });
  const server = createHttpServer(app);
  const operatorServer =
    config.adminPort === undefined
      ? undefined
      : createHttpServer(
          createOperatorApp({
            apps,
            // Not counted among the requests of the service.
            onRequest: accessLog,
            readMetrics,
            explain,
            publicFiles: readPublicFile,
            clock,
            hostNames: ownNames(config.adminHost, config.adminHostNames),
          }),
        );
  let closed: Promise<void> | undefined;

  function onEvent(event: ServiceEvent): void {
    rememberedTickets.onEvent(event);
    metrics.onEvent(event);
    logEvent(event);
    if (isRefusedApp(event)) void appSecretFile?.checkAfterRefusal();
  }

  /** The file of a secret that may change; undefined where `path` is. */
  function secretFile(
    setting: string,
    path: string | undefined,
    parts: Pick<SecretFileParts, 'secrets' | 'parse' | 'onChange'>,
  ): SecretFile | undefined {
    if (path === undefined) return undefined;
    return new SecretFile({
      ...parts,
      path,
      read: readTextFile,
      clock,
      onChange(secrets) {
        parts.onChange?.(secrets);
        logger.info({ setting }, 'the file holds another secret, which is used from now on');
      },
      onFault: (fault) =>
        logger.warn({ setting, fault }, 'the file cannot be used: the secret stays as it is'),
    });
  }

  async function close(): Promise<void> {
    logger.info('shutting down');
    isShuttingDown = true;
    // From now on connections end with their reply, so that a balancer opens none anew to us.
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    if (server.listening && config.shutdownDelayMs > 0) {
      // Balancers and proxies learn of the removal late; until then we keep accepting, with /readyz at 503.
      await new Promise<void>((resolve) => clock.setTimer(resolve, config.shutdownDelayMs));
    }
    await closeGracefully(server, { graceMs: config.shutdownGraceMs, clock });
    // Last, so that the end can be watched; open requests there are not waited for.
    if (operatorServer) await closeGracefully(operatorServer, { graceMs: 0, clock });
    watch?.close();
    apps.close();
    await store.close();
    await transport.close();
    // The lines of the last requests wait for a turn of the event loop; the line that says the end comes after them.
    accessLog.flush();
    logger.info('closed');
    await written();
  }

  /** A reader of the log that has stopped reading does not keep the process. */
  async function written(): Promise<void> {
    const writing = logDestination.written?.();
    if (writing) await withDeadline(writing, LOG_END_MS, clock, 'writing the log').catch(() => undefined);
  }

  function flushLog(): void {
    accessLog.flush();
    logDestination.flushSync?.();
  }

  return {
    server,
    operatorServer,
    logger,
    apps,
    async reload() {
      const outcomes: Record<string, Reread> = {};
      if (store.reload) {
        const isChanged = await store.reload();
        logger.info({ isChanged }, 'the address of the ticket store was read again');
        outcomes['TICKET_STORE_FILE'] = isChanged ? 'changed' : 'unchanged';
      }
      if (adminTokenFile) outcomes['ADMIN_TOKEN_FILE'] = await adminTokenFile.check();
      if (appSecretFile) outcomes['LARK_APP_SECRET_FILE'] = await appSecretFile.check();
      if (watch) outcomes['LARK_APPS_FILE'] = await watch.check();
      if (Object.keys(outcomes).length > 0)
        logger.info(outcomes, 'these files were read again; any other setting needs a restart');
      else logger.info('there is nothing to read again: the settings are in no file that may change');
    },
    async start() {
      logger.info({ version, config: describeConfig(config) }, 'starting');
      for (const warning of config.warnings) logger.warn(warning);
      if (openOperator && isEveryAddress(config.host)) logger.warn(warnOfOpenOperators('PORT', 'HOST'));
      apps.start();
      watch?.start();
      const address = { port: config.port, host: config.host };
      const { host, port } = await listen(server, address, { port: 'PORT', host: 'HOST' });
      const operatorAddress = { port: config.adminPort, host: config.adminHost };
      const admin =
        operatorServer &&
        (await listen(operatorServer, operatorAddress, { port: 'ADMIN_PORT', host: 'ADMIN_HOST' }));
      logger.info(
        { host, ...(admin && { adminHost: admin.host, adminPort: admin.port }), port },
        'listening',
      );
      return { host, port, adminPort: admin?.port };
    },
    flushLog,
    close: () => (closed ??= close()),
  };
}

/** The names of a listener: the one it was told to listen at, if that is no address, and those that are configured. */
function ownNames(host: string | undefined, further: readonly string[]): string[] {
  return [...(host === undefined ? [] : [host.toLowerCase().replace(/\.$/, '')]), ...further];
}

/** Whether the platform refused the app itself, so that its secret may be another one by now. */
function isRefusedApp(event: ServiceEvent): boolean {
  if (event.of !== 'ticket' || event.event.type !== 'failed') return false;
  return findPlatformError(event.event.error)?.kind === 'configuration';
}

/** Reads the address in TICKET_STORE_FILE as it is now; undefined where it is in no file. */
function rereadTicketStore(setting: TicketStoreSetting): (() => Promise<string>) | undefined {
  const file = setting.kind === 'redis' ? setting.file : undefined;
  return file === undefined ? undefined : async () => parseSecretFile(await readTextFile(file));
}
