// The HTTP server that carries the Express app: its prototypes, limits and timeouts, and its end.
import {
  createServer,
  IncomingMessage,
  ServerResponse,
  STATUS_CODES,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import type { Clock, Timer } from '../base/clock';
import { asServiceError, ServiceError } from '../base/errors';
import { addressOf } from './client-address';
import { hasUnreadHeaders, headersTooLarge, MAX_HEADER_BYTES, MAX_HEADER_LINES } from './header-limits';
import type { Reply } from './problem';
import { splitTarget } from './request-target';
import { serveInTurns } from './serve-in-turns';

/** Connection timeouts, in milliseconds. */
export interface ServerTimeouts {
  /** Between two requests. Above the 60 s for which the usual proxies keep a connection: theirs is to close it, not ours. */
  readonly keepAliveMs: number;
  /** For a request's line and headers, from the connection or the request's first byte on. */
  readonly headersMs: number;
  /** For the whole request; a body of 80 KiB is there sooner on any line. */
  readonly requestMs: number;
  /** Without a byte in either direction: a client that does not read its replies. Above the keep-alive time and the wait for a ticket. */
  readonly silenceMs: number;
  /** How often Node checks the two request timeouts. */
  readonly checkEveryMs: number;
}

const TIMEOUTS: ServerTimeouts = {
  keepAliveMs: 65_000,
  headersMs: 66_000,
  requestMs: 70_000,
  silenceMs: 75_000,
  // Late by a tenth of the limits at most, and no load.
  checkEveryMs: 7_000,
};

/** A minute of silence before the kernel asks whether the other end is still there: proxies and NAT forget it about then. */
const PROBE_AFTER_MS = 60_000;

/** Where `createApp` leaves what its server does without Express. */
const SHORTCUT_SETTING = 'server shortcuts';

/** Renders, and logs, the refusal of a message that Node could not read. */
export type MessageRejection = (failure: ServiceError, client: string) => Reply;

/** What the server of an app does before Express is entered. */
export interface Shortcuts {
  readonly rejection: MessageRejection;
  /**
   * The route of the hot path, which the app has mounted first as well, for servers of another making: serving it from the server's
   * own listener saves its share of Express, a tenth of a signature's CPU. Not set where something is mounted before it.
   */
  hotRoute?: HotRoute;
}

/** Answers, or calls `next`. */
export type HotRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void | Promise<void>;

/** Leaves `shortcuts` for the server of `app`, whose prototypes are fixed. Call it before anything is mounted. */
export function prepareApp(app: Express, shortcuts: Shortcuts): void {
  fixPrototypes(app);
  app.set(SHORTCUT_SETTING, shortcuts);
}

/**
 * Makes the classes of `app`'s requests and responses, so that Node creates them with the very prototypes that Express
 * would otherwise swap in on every request: the biggest single cost of Express. They inherit from the prototypes that were
 * there before, so that whatever was put on these is still found.
 */
function fixPrototypes(app: Express): void {
  // Ours has a class of its own; Express's has Node's.
  if (Object.hasOwn(app.request, 'constructor')) return;
  class Request extends IncomingMessage {}
  Object.setPrototypeOf(Request.prototype, app.request);
  app.request = Request.prototype as Express['request'];

  class Response extends ServerResponse {}
  Object.setPrototypeOf(Response.prototype, app.response);
  app.response = Response.prototype as Express['response'];
}

/**
 * A server for `app`, not yet listening. An Express app of another making works too, with Node's own refusals: its `request`
 * and `response` are replaced by prototypes that inherit from them, which makes every request cheaper.
 */
export function createHttpServer(app: Express, timeouts: Partial<ServerTimeouts> = {}): Server {
  const { keepAliveMs, headersMs, requestMs, silenceMs, checkEveryMs } = { ...TIMEOUTS, ...timeouts };
  fixPrototypes(app);
  const shortcuts = app.get(SHORTCUT_SETTING) as Shortcuts | undefined;
  const rejection = shortcuts?.rejection;
  const serve = serveInTurns(shortcuts ? withHostAndPath(app, shortcuts) : app, function logFlood(socket) {
    // Only to be logged: behind replies that are still to be written there is no place for it.
    rejection?.(tooManyAhead(), addressOf(socket));
  });
  const server = createServer(
    {
      // The classes of `fixPrototypes`.
      IncomingMessage: app.request.constructor as typeof IncomingMessage,
      ServerResponse: app.response.constructor as typeof ServerResponse,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkEveryMs,
      // A client that vanished silently never closes its connection.
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      // Node's own refusal has no body.
      requireHostHeader: rejection === undefined,
    },
    serve,
  );
  server.maxHeadersCount = MAX_HEADER_LINES;
  server.setTimeout(silenceMs);
  // Node keeps the address once it is asked for. When the first request is read, the client may have reset the connection, and
  // the system knows the address no more.
  server.on('connection', addressOf);
  // An `Expect` for something else than 100-continue may be passed over (RFC 9110, 10.1.1); Node would say 417, without a body.
  server.on('checkExpectation', serve);
  // Behind a reply that is still to be written, Node would put "100 Continue" between the head and the body of this one.
  server.on('checkContinue', function continueInTurn(request: IncomingMessage, response: ServerResponse) {
    if (response.socket) response.writeContinue();
    serve(request, response);
  });
  if (rejection) {
    const refused = new WeakSet<Socket>();
    server.on('clientError', function answerClientError(error: NodeJS.ErrnoException, socket: Socket) {
      // Gone already, or nothing more can be written: no reply is possible.
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy(error);
        return;
      }
      // Node reports every further piece of an unreadable message; a message is refused, counted and logged once.
      if (refused.has(socket)) return;
      refused.add(socket);
      answerInTurn(socket, rejection(describeClientError(error), addressOf(socket)));
    });
  }
  return server;
}

/**
 * `app` for every request but those of HTTP/1.1 without a `Host`, which a server has to refuse (RFC 9112, 3.2), and those whose
 * headers were not all read. A target that is no path becomes one: Express reads it with a parser that warns of it, or gives up
 * and answers with a page of its own.
 */
function withHostAndPath(app: RequestListener, { rejection, hotRoute }: Shortcuts): RequestListener {
  function refuse(failure: ServiceError, request: IncomingMessage, response: ServerResponse): void {
    const { status, headers, body } = rejection(failure, addressOf(request.socket));
    response.writeHead(status, { ...headers, Connection: 'close' }).end(body);
  }

  function serveByExpress(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    if (!url.startsWith('/')) {
      const { path, query } = splitTarget(url);
      request.url = `${path.startsWith('/') ? '' : '/'}${path}${query && `?${query}`}`;
    }
    app(request, response);
  }

  return function serveWithHostAndPath(request, response) {
    const failure = describeHeaders(request);
    if (failure) {
      refuse(failure, request, response);
      return;
    }
    if (!hotRoute) {
      serveByExpress(request, response);
      return;
    }
    const fail = (error: unknown): void => {
      if (response.headersSent) response.destroy();
      else refuse(asServiceError(error), request, response);
    };
    try {
      const late = hotRoute(request, response, () => serveByExpress(request, response));
      late?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

/** What is wrong with the headers of a request, or undefined. */
function describeHeaders(request: IncomingMessage): ServiceError | undefined {
  if (hasUnreadHeaders(request)) return headersTooLarge();
  if (request.headers.host !== undefined || request.httpVersion !== '1.1') return undefined;
  return new ServiceError('BODY_INVALID', 'An HTTP/1.1 request needs the header "Host".');
}

function tooManyAhead(): ServiceError {
  return new ServiceError(
    'RATE_LIMITED',
    'Too many requests were sent on one connection ahead of their answers, and it was closed. Wait for an answer before the next request.',
  );
}

/** What Node keeps at a connection: the reply that is being written. There is no public way to ask. */
interface ReplyingSocket extends Socket {
  _httpMessage?: ServerResponse | null;
}

/** Refuses a message once the requests before it are answered: a client takes replies in the order of its requests. */
function answerInTurn(socket: ReplyingSocket, reply: Reply): void {
  const pending = socket._httpMessage;
  // A request whose own body is what cannot be read gets no other reply than this one.
  if (pending?.req.complete) {
    // Nothing that follows is read, until the client's end of the connection is all that is waited for.
    socket.pause();
    pending.once('close', () => answerInTurn(socket, reply));
    return;
  }
  if (!socket.writable) return;
  const { status, headers, body } = reply;
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket
    .end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
    .resume();
}

/**
 * Stops accepting, lets open requests end, and resolves once every connection is closed; after `graceMs` those that are
 * left are cut. A keep-alive connection that ends its request meanwhile is idle then, and closed within a tenth of a second.
 */
export function closeGracefully(
  server: Server,
  { graceMs, clock }: { graceMs: number; clock: Clock },
): Promise<void> {
  // A tenth of a second: short compared with any grace period, and no load.
  const sweepEveryMs = 100;
  return new Promise((resolve) => {
    let sweep: Timer | undefined;
    const deadline = clock.setTimer(() => server.closeAllConnections(), graceMs);
    // An error here says that the server was not listening: closed is closed.
    server.close(() => {
      sweep?.cancel();
      deadline.cancel();
      resolve();
    });
    function closeIdle(): void {
      server.closeIdleConnections();
      sweep = clock.setTimer(closeIdle, sweepEveryMs);
    }
    closeIdle();
  });
}

function describeClientError({ code }: NodeJS.ErrnoException): ServiceError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError('REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.');
    case 'HPE_HEADER_OVERFLOW':
      return headersTooLarge();
    case 'HPE_INVALID_URL':
      return new ServiceError(
        'URL_INVALID',
        "The request target holds characters that no URL has. Send url=encodeURIComponent(location.href.split('#')[0]).",
      );
    default:
      return new ServiceError('BODY_INVALID', 'This is not a well-formed HTTP/1.1 message.');
  }
}
