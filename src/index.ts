// The library: everything a program of another may use, by name.
export { createApp, type AppParts } from './http/create-app';
export { systemClock, type Clock, type Timer } from './base/clock';
export { ConfigError, loadConfig, type Config, type ConfigFault } from './config/config';
export { ERRORS, ServiceError, toProblem, type ErrorCode, type Problem } from './base/errors';
export { createHttpServer } from './http/server';
export type { SigningApps, AppFailure, AppStatus, Renewal, SigningApp } from './apps/signing-app';
export { jsapiRouter, type JsapiRouterOptions } from './library/jsapi-router';
export type { Resolved, SignerInTenant } from './library/page-handler';
export { createLogger, type EventLogger, type Logger, type LoggerOptions } from './observability/logger';
export { PlatformError } from './open-platform/platform-error';
export { createTransport, type ProxySettings, type Transport } from './open-platform/transport';
export type { SignerOptions } from './library/signer-options';
export { createService, type Service, type ServiceOverrides } from './service';
export type { AllowedOrigins, PageUrl, SignedConfig } from './signing/types';
export {
  createStandaloneSigner as createSigner,
  type StandaloneSigner as Signer,
  type StandaloneStoreSigner as StoreSigner,
} from './library/create-signer';
export { createFileStore, type FileStoreOptions } from './tickets/stores/file/file-store';
export { createMemoryStore } from './tickets/stores/memory-store';
export {
  createRedisStore,
  type RedisStore,
  type RedisStoreOptions,
} from './tickets/stores/redis/redis-store';
export type { TicketLock, TicketStore } from './tickets/ticket-store';
