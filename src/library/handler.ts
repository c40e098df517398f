// The lean entry, `lark-jsapi-signer/handler`: a signer and what carries it, without Express and without what only a service needs.
export { ServiceError, type ErrorCode, type Problem } from '../base/errors';
export { ConfigError, type ConfigFault } from '../config/config-error';
export {
  createStandaloneSigner as createSigner,
  type StandaloneSigner as Signer,
  type StandaloneStoreSigner as StoreSigner,
} from './create-signer';
export { createFetchHandler, type FetchHandler, type FetchHandlerOptions } from './fetch-handler';
export { createNodeHandler, type NodeHandler, type NodeHandlerOptions } from './node-handler';
export type { Resolved, SignerInTenant } from './page-handler';
export type { SignerOptions } from './signer-options';
export type { TicketLock, TicketStore } from '../tickets/ticket-store';
