// What the handlers share that find their own paths and answer their own failures: those for `node:http` and for fetch.
import type { SigningApp } from '../apps/signing-app';
import { ServiceError } from '../base/errors';
import type { ConfigFault } from '../config/config-error';
import { callable, text, type OptionForms } from './check-options';
import {
  COMMON_FORMS,
  createPageHandler,
  refusalReply,
  type CarriedReply,
  type CarriedRequest,
  type Outcome,
  type PageHandlerOptions,
} from './page-handler';

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

// oxlint-disable-next-line no-restricted-globals -- the default of a parameter
export const printError = (error: unknown): void => console.error(error);

/** What is wrong with a base path. */
export function findBasePathFaults({ basePath = '' }: { basePath?: unknown }): ConfigFault[] {
  if (typeof basePath !== 'string' || basePath === '' || /^(?:\/[^/?#\s]+)+\/?$/.test(basePath)) return [];
  return [{ variable: 'basePath', message: "not a path from the root: give '/lark'" }];
}

/** A request with its whole path, as a server has it. */
export type ServerRequest<R> = Omit<CarriedRequest<R>, 'basePath' | 'client'>;

/** The routes below the base path of `options`, and that path without a slash at its end. */
export function createCarrier<R>(
  signer: SigningApp,
  options: CarrierOptions<R> & Required<Pick<CarrierOptions<R>, 'clientAddress'>>,
): { basePath: string; handle: (request: ServerRequest<R>) => Promise<Outcome> } {
  const basePath = options.basePath?.replace(/\/$/, '') ?? '';
  const handlePage = createPageHandler(signer, options);
  return {
    basePath,
    async handle(request) {
      const path = below(basePath, request.path);
      if (path === undefined) return 'not-ours';
      return handlePage({ ...request, path, basePath, client: options.clientAddress(request.source) });
    },
  };
}

/** The part of `path` below `basePath`, which begins with `/`; undefined outside of it. */
function below(basePath: string, path: string): string | undefined {
  if (basePath === '') return path;
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}

/** The reply for a path that is not one of the routes, on a server without others. */
export function notFoundReply(request: Parameters<typeof refusalReply>[1]): CarriedReply {
  const { basePath } = request;
  const detail = `There is nothing at this path. Signatures are at ${basePath}/config?url=….`;
  return refusalReply(new ServiceError('NOT_FOUND', detail), request);
}
