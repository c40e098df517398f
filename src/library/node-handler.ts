// The library's routes for a server of `node:http`, and for frameworks that hand on its requests: Koa, Fastify, Nest, h3.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asServiceError } from '../base/errors';
import type { SigningApp } from '../apps/signing-app';
import { addressOf } from '../http/client-address';
import { hasUnreadHeaders } from '../http/header-limits';
import { readBody } from '../http/read-body';
import { splitTarget } from '../http/request-target';
import {
  CARRIER_FORMS,
  createCarrier,
  findBasePathFaults,
  notFoundReply,
  printError,
  type CarrierOptions,
} from './carrier';
import { headersOf } from './parsed-body';
import { checkCall, refusalReply, type CarriedReply } from './page-handler';

/** `clientAddress` is by default the other end of the connection, which behind a proxy is the proxy. */
export type NodeHandlerOptions = CarrierOptions<IncomingMessage>;

/**
 * Answers a request. With `next`, as Connect has it, paths that are none of ours and unexpected errors are passed to it; without,
 * they are answered with `NOT_FOUND` and `INTERNAL`.
 */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * `/config` and all that a page needs next to it, on `node:http`. A body that a framework has parsed before is read from
 * `request.body`. Throws ConfigError with every wrong argument.
 *
 * @example createServer(createNodeHandler(signer, { basePath: '/lark' }))
 */
export function createNodeHandler(signer: SigningApp, options: NodeHandlerOptions = {}): NodeHandler {
  checkCall(signer, options, CARRIER_FORMS, findBasePathFaults(options));
  const { clientAddress = ({ socket }) => addressOf(socket), onError = printError } = options;
  const { basePath, handle } = createCarrier(signer, { ...options, clientAddress });

  async function serve(...[request, response, next]: Parameters<NodeHandler>): Promise<void> {
    const { path, query } = splitTarget(request.url ?? '/');
    const { method = 'GET' } = request;
    const headers = headersOf(request);
    const place = { method, headers, basePath };
    const write = ({ status, headers: lines, body }: CarriedReply): void => {
      response.writeHead(status, lines).end(body);
    };
    try {
      const outcome = await handle({
        ...{ source: request, method, path, query, headers },
        readBody: (limitBytes) => readBody(request, limitBytes),
        hasUnreadHeaders: hasUnreadHeaders(request),
      });
      if (outcome === 'disconnected') return;
      if (outcome !== 'not-ours') write(outcome);
      else if (next) next();
      else write(notFoundReply(place));
    } catch (error) {
      if (next) {
        next(error);
        return;
      }
      onError(error);
      if (response.headersSent) response.destroy();
      else write(refusalReply(asServiceError(error), place));
    }
  }

  return function nodeHandler(request, response, next) {
    void serve(request, response, next);
  };
}
