// `POST /admin/tickets/renew`: an operator has a ticket renewed now.
import type { Request } from 'express';
import * as z from 'zod';
import { ServiceError } from '../../base/errors';
import { readBody } from '../read-body';
import type { SigningApps, Renewal } from '../../apps/signing-app';

/** 4 KB: three short names. */
const MAX_BYTES = 4 * 1024;
const EXPECTED =
  'Send {"app": "<alias or app id>"} as application/json, if you like with "tenantKey" and "fingerprint".';

/** The body of a renewal by hand. */
export const renewalRequestSchema = z.strictObject({
  app: z.string().optional(),
  tenantKey: z.string().optional(),
  fingerprint: z.string().optional(),
});

/**
 * What came of the renewal that `request` asks for; undefined when the client went away. Throws ServiceError: `MEDIA_TYPE`,
 * `BODY_TOO_LARGE`, `BODY_INVALID`, `APP_UNKNOWN` and what `SigningApp.renew` rejects with.
 */
export async function renewTicket(
  apps: SigningApps,
  request: Request,
): Promise<({ app: string } & Renewal) | undefined> {
  // A page of another origin cannot send this type without a preflight, which is not answered here.
  if (!request.is('application/json')) throw new ServiceError('MEDIA_TYPE', EXPECTED);
  const body = await readBody(request, MAX_BYTES);
  if (body === undefined) return undefined;
  if (body.length > MAX_BYTES) throw new ServiceError('BODY_TOO_LARGE', EXPECTED);
  const wanted = renewalRequestSchema.safeParse(readJson(body));
  if (!wanted.success) throw new ServiceError('BODY_INVALID', EXPECTED);
  const { app: name, tenantKey, fingerprint } = wanted.data;
  const app = apps.find(name);
  return { app: app.alias ?? app.appId, ...(await app.renew({ tenantKey, fingerprint })) };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
