// Reads the JSON body of a request, up to a limit and against a schema.
import type { Request } from 'express';
import type * as z from 'zod';
import { ServiceError } from '../base/errors';
import { readBody } from './read-body';

/** What a body may be. */
export interface JsonForm<T> {
  readonly schema: z.ZodType<T>;
  readonly maxBytes: number;
  /** Says, in every refusal, what to send. */
  readonly expected: string;
}

/**
 * The body of `request` as `schema` has it; undefined when the client disconnected. Throws ServiceError: `MEDIA_TYPE`,
 * `BODY_TOO_LARGE`, `BODY_INVALID`.
 */
export async function readJson<T>(
  request: Request,
  { schema, maxBytes, expected }: JsonForm<T>,
): Promise<T | undefined> {
  // A page of another origin cannot send this type without a preflight, which is not answered here.
  if (!request.is('application/json')) throw new ServiceError('MEDIA_TYPE', expected);
  const body = await readBody(request, maxBytes);
  if (body === undefined) return undefined;
  if (body.length > maxBytes) throw new ServiceError('BODY_TOO_LARGE', expected);
  const { success, data } = schema.safeParse(parseJson(body));
  if (!success) throw new ServiceError('BODY_INVALID', expected);
  return data;
}

/** The value in `body`; undefined when that is no JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
