// Lets through whoever brings one of the operator's tokens.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ServiceError } from '../../errors';
import type { Secret } from '../../secret';

/**
 * Refuses with `UNAUTHORIZED` unless `Authorization: Bearer` carries one of `tokens`. Digests are compared, which have one
 * length, in constant time and all of them: how long it takes tells nothing of any token.
 */
export function requireOperator(tokens: readonly Secret[]): RequestHandler {
  const digests = tokens.map((token) => digestOf(token.reveal()));

  return function admitOperator(request, response, next) {
    // The scheme in any letter case (RFC 9110, 11.1).
    const [, received = ''] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const digest = digestOf(received);
    const matches = digests.filter((known) => timingSafeEqual(known, digest));
    if (matches.length > 0) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer');
    throw new ServiceError(
      'UNAUTHORIZED',
      'This endpoint is for operators. Send "Authorization: Bearer" with the token of ADMIN_TOKEN.',
    );
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
