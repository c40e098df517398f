// Admits requests that carry one of the operator's tokens.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../../base/errors';
import type { Secret } from '../../base/secret';

/** The operator's tokens. */
export interface OperatorTokens {
  /** The tokens that are valid now. */
  readonly secrets: readonly Secret[];
  /** Reads them again, since a token was refused; absent where they do not change. Never rejects. */
  checkAfterRefusal?(): Promise<unknown>;
}

/**
 * Refuses with `UNAUTHORIZED` unless `Authorization: Bearer` carries one of `tokens`. Digests are compared, which have one
 * length, in constant time and all of them: the time taken reveals nothing of any token.
 */
export function requireOperator(tokens: OperatorTokens): RequestHandler {
  function isValid(digest: Buffer): boolean {
    const matches = tokens.secrets.filter((token) => timingSafeEqual(digestOf(token.reveal()), digest));
    return matches.length > 0;
  }

  return function admitOperator(request, response, next) {
    // The scheme in any letter case (RFC 9110, 11.1).
    const [, received] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const digest = digestOf(received ?? '');
    const decide = (): void => {
      if (isValid(digest)) next();
      else refuse(response);
    };
    // Without a token in the request, reading the file again would not help.
    if (received === undefined || tokens.checkAfterRefusal === undefined || isValid(digest)) {
      decide();
      return undefined;
    }
    return tokens.checkAfterRefusal().then(decide);
  };
}

function refuse(response: Response): never {
  response.set('WWW-Authenticate', 'Bearer');
  throw new ServiceError(
    'UNAUTHORIZED',
    'This endpoint is for operators. Send "Authorization: Bearer" with the token of ADMIN_TOKEN.',
  );
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
