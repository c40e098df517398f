// How many headers a request may have, and whether all of them were read: a rule about a header must not be passed by hiding it behind others.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { ServiceError } from '../base/errors';

/** 48 KB: a page URL of 8,192 characters, three bytes each when encoded, and as much again for cookies and a proxy's headers. */
export const MAX_HEADER_BYTES = 48 * 1024;

/** Node's default, which it applies where a server sets no other. A browser and a chain of proxies send less than a tenth. */
export const MAX_HEADER_LINES = 1_000;

/**
 * Whether `request` may have more headers than were read: Node leaves out what exceeds its server's `maxHeadersCount`, silently;
 * later releases of Node 22 and 24 refuse it. A request with as many as are read counts too, since more may have followed.
 */
export function hasUnreadHeaders({
  rawHeaders,
  socket,
}: Pick<IncomingMessage, 'rawHeaders' | 'socket'>): boolean {
  const { server } = socket as Socket & { server?: Pick<Server, 'maxHeadersCount'> };
  const limit = server?.maxHeadersCount ?? MAX_HEADER_LINES;
  // Names and values in turns. Without limit: 0.
  return limit > 0 && rawHeaders.length >= 2 * limit;
}

/** The refusal of a request with too many headers, or too long ones. */
export function headersTooLarge(): ServiceError {
  return new ServiceError(
    'HEADERS_TOO_LARGE',
    `The request line and headers exceed ${MAX_HEADER_BYTES} bytes or ${MAX_HEADER_LINES - 1} headers. Send a long page URL in the body of a POST.`,
  );
}
