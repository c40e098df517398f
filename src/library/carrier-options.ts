// Options of the handlers that find their own paths and answer their own failures: those for `node:http` and for fetch.
import { ServiceError } from '../base/errors';
import type { ConfigFault } from '../config/config-error';
import { callable, text, type OptionForms } from './check-options';
import { COMMON_FORMS, refusalReply, type CarriedReply, type PageHandlerOptions } from './page-handler';

/** Where the handler is, and how it counts and reports. `R` is the request as the server has it. */
export interface CarrierOptions<R> extends PageHandlerOptions<R> {
  /** Where the routes are, `/lark`: every path begins with it. Default: at the root. */
  basePath?: string;
  /** The client's address, by which `requestsPerMinute` counts and new tenants are admitted. Undefined: this request is not limited. */
  clientAddress?: (request: R) => string | undefined;
  /** Called with each error that was answered with 500 `INTERNAL`, those of `resolve` and `authorize` among them. Default: `console.error`. */
  onError?: (error: unknown) => void;
}

export const CARRIER_FORMS: OptionForms<CarrierOptions<unknown>> = {
  ...COMMON_FORMS,
  basePath: text("'/lark'"),
  clientAddress: callable('(request) => address'),
  onError: callable('(error) => log(error)'),
};

// eslint-disable-next-line no-restricted-globals -- the default of a parameter
export const printError = (error: unknown): void => console.error(error);

/** What is wrong with a base path. */
export function findBasePathFaults({ basePath = '' }: { basePath?: unknown }): ConfigFault[] {
  if (typeof basePath !== 'string' || basePath === '' || /^(?:\/[^/?#\s]+)+\/?$/.test(basePath)) return [];
  return [{ variable: 'basePath', message: "not a path from the root: give '/lark'" }];
}

/** The part of `path` below `basePath`, which begins with `/`; undefined outside of it. */
export function below(basePath: string, path: string): string | undefined {
  if (basePath === '') return path;
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}

/** What a path that is none of ours is answered with where nobody else answers it. */
export function notFoundReply(request: Parameters<typeof refusalReply>[1]): CarriedReply {
  const { basePath } = request;
  const detail = `There is nothing at this path. Signatures are at ${basePath}/config?url=….`;
  return refusalReply(new ServiceError('NOT_FOUND', detail), request);
}
