// `PUT /admin/apps/<alias or app id>/app-ticket`: whoever receives the events of a store app hands its app ticket over.
import type { Request } from 'express';
import * as z from 'zod';
import { ServiceError } from '../../base/errors';
import { readBody } from '../read-body';
import type { SigningApps } from '../../apps/signing-app';

/** 4 KB: app tickets are some 40 characters. */
const MAX_BYTES = 4 * 1024;
const EXPECTED = 'Send {"appTicket": "…"} as application/json.';

/** The body: an app ticket, visible ASCII, as in the event that it comes from. */
export const appTicketRequestSchema = z.strictObject({ appTicket: z.string().regex(/^[\x21-\x7e]+$/) });

/**
 * Takes the app ticket in the body; false when the client went away. Throws ServiceError: `MEDIA_TYPE`, `BODY_TOO_LARGE`,
 * `BODY_INVALID`, `APP_UNKNOWN`, and `NOT_FOUND` for a custom app, which has none.
 */
export async function putAppTicket(apps: SigningApps, name: string, request: Request): Promise<boolean> {
  if (!request.is('application/json')) throw new ServiceError('MEDIA_TYPE', EXPECTED);
  const body = await readBody(request, MAX_BYTES);
  if (body === undefined) return false;
  if (body.length > MAX_BYTES) throw new ServiceError('BODY_TOO_LARGE', EXPECTED);
  const sent = appTicketRequestSchema.safeParse(readJson(body));
  if (!sent.success) throw new ServiceError('BODY_INVALID', EXPECTED);
  const app = apps.find(name);
  if (app.setAppTicket === undefined)
    throw new ServiceError('NOT_FOUND', 'This is no store app: it has no app ticket.');
  await app.setAppTicket(sent.data.appTicket);
  return true;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
