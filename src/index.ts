// The library: everything a program of another may use, by name.
export { createApp, type AppParts } from './app';
export { systemClock, type Clock, type Timer } from './clock';
export { ConfigError, loadConfig, type Config, type ConfigFault } from './config';
export { ERRORS, ServiceError, toProblem, type ErrorCode, type Problem } from './errors';
export { createHttpServer } from './http/server';
export type { AppDirectory, AppFailure, AppStatus, Renewal, SigningApp } from './http/signing-app';
export { jsapiRouter, type JsapiRouterOptions, type Resolved, type SignerInTenant } from './jsapi-router';
export { createLogger, type Logger, type LoggerOptions } from './observability/logger';
export type { EventLogger } from './observability/signer-log';
export { PlatformError } from './open-platform/platform-error';
export { createTransport, type ProxySettings, type Transport } from './open-platform/transport';
export type { SignerOptions } from './read-signer-options';
export { createService, type Service, type ServiceOverrides } from './service';
export type { AllowedOrigins, PageUrl, SignedConfig } from './signing/types';
export {
  createStandaloneSigner as createSigner,
  type StandaloneSigner as Signer,
  type StandaloneStoreSigner as StoreSigner,
} from './standalone-signer';
export { createFileStore, type FileStoreOptions } from './tickets/file-store';
export { createMemoryStore } from './tickets/memory-store';
export { createRedisStore, type RedisStore, type RedisStoreOptions } from './tickets/redis-store';
export type { TicketLock, TicketStore } from './tickets/ticket-store';
