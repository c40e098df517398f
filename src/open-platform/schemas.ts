// What each reply of the platform must look like before the service believes it. Unknown fields pass: the platform adds some.
import * as z from 'zod';

/** 1 second to 1 day: the platform documents 2 hours; anything beyond a day, negative or fractional is not a lifetime. */
const lifeSeconds = z.int().min(1).max(86_400);

/** Visible ASCII, because it travels in an `Authorization` header; of any length. */
const token = z.string().regex(/^[\x21-\x7e]+$/);

/** Opaque, but part of `jsapi_ticket=…&noncestr=…`: whitespace, control characters or `&` would make that ambiguous. */
const ticket = z.string().regex(/^[^\s&\p{C}]+$/u);

/** What makes a JSON reply the platform's: an object with an integer `code`. A `msg` or log id of another type is passed over. */
export const envelopeSchema = z.looseObject({
  code: z.int(),
  msg: z.string().optional().catch(undefined),
  error: z.looseObject({ log_id: z.string().optional() }).optional().catch(undefined),
});

/** Reply of `auth/v3/tenant_access_token` and its `/internal`: `tenant_access_token` and `expire`, in seconds, at the top level. */
export const tenantAccessTokenSchema = z
  .looseObject({ tenant_access_token: token, expire: lifeSeconds })
  .transform((reply) => ({ value: reply.tenant_access_token, lifeSeconds: reply.expire }));

/** Reply of `auth/v3/app_access_token` and its `/internal`: `app_access_token` and `expire`, in seconds, at the top level. */
export const appAccessTokenSchema = z
  .looseObject({ app_access_token: token, expire: lifeSeconds })
  .transform((reply) => ({ value: reply.app_access_token, lifeSeconds: reply.expire }));

/** Reply of `jssdk/ticket/get`: `ticket` and `expire_in`, in seconds, under `data`. */
export const jsapiTicketSchema = z
  .looseObject({ data: z.looseObject({ ticket, expire_in: lifeSeconds }) })
  .transform(({ data }) => ({ value: data.ticket, lifeSeconds: data.expire_in }));
