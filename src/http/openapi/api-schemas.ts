// What goes over HTTP, as schemas: the description of the API is made of them.
import * as z from 'zod';
import { ERRORS, type ErrorCode, type Problem } from '../../base/errors';
import { MAX_TEXT_LENGTH, type RefusalReport } from '../../signing/refusal-report';
import type { SignedConfig } from '../../signing/types';
import { KINDS } from '../config-endpoint';
import { explainRequestSchema } from '../routes/explain';
import { appTicketRequestSchema, renewalRequestSchema } from '../routes/operator';
import { SHAPE_NAMES, type Shape } from '../shapes';
import type { AppFailure, AppStatus, Renewal } from '../../apps/signing-app';

/** Whole seconds from now; null when there is nothing to count. */
const secondsOrNull = z.int().min(0).nullable();
/** The first 8 hexadecimal characters of a SHA-256. */
const fingerprint = z.string().regex(/^[0-9a-f]{8}$/);

const timestamp = z
  .int()
  .describe('Milliseconds since the epoch; a number, since the client refuses a string.');
const nonceStr = z.string().regex(/^[0-9a-f]{32}$/);
const signature = z.string().regex(/^[0-9a-f]{40}$/);
const jsApiList = z.array(z.string()).exactOptional().describe('Only with JS_API_LIST.');
const appId = z.string().describe('cli_…');

const signedConfig = z
  .strictObject({
    appId,
    timestamp,
    nonceStr,
    signature,
    url: z.string().describe('The exact string that was signed.'),
    jsApiList,
  })
  .describe('The arguments of h5sdk.config. Good once, and for ten minutes.');

const reportText = z.string().max(MAX_TEXT_LENGTH);

const refusalReport: z.ZodType<RefusalReport> = z
  .object({
    appId: reportText,
    tenantKey: reportText.optional().describe('For store apps.'),
    url: reportText.describe('The URL that was signed.'),
    timestamp: z.number().describe('Milliseconds since the epoch.'),
    nonceStr: reportText,
    signature: reportText,
    errorCode: z.number().describe('The code of the client.'),
  })
  .describe('The signature that was refused. Other fields are ignored.');

/** A body for each shape. */
const shapes = {
  config: signedConfig,
  sample: z.strictObject({ appid: appId, timestamp, noncestr: nonceStr, signature, jsApiList }),
  tutorial: z.strictObject({
    code: z.literal(0),
    msg: z.literal('ok'),
    data: z.strictObject({ app_id: appId, signature, noncestr: nonceStr, timestamp, jsApiList }),
  }),
  envelope: z.strictObject({ code: z.literal(0), msg: z.literal('ok'), data: signedConfig }),
} satisfies Record<Shape, z.ZodType>;

const configRequest = z
  .object({
    url: z.string().describe('The page’s location.href without its fragment; at most 8,192 characters.'),
    app: z.string().optional().describe('Alias or app id, where several apps are configured.'),
    tenant_key: z.string().optional().describe('For store apps: the tenant the page is opened in.'),
    kind: z
      .enum(KINDS)
      .optional()
      .describe('`component` signs for webComponent.config; without it, for h5sdk.config.'),
    shape: z.enum(SHAPE_NAMES).optional().describe('The form of the reply; `config` by default.'),
  })
  .describe('Strings, as JSON or as a form. Other fields are ignored.');

const count = z.int().min(0);

const appFailure = z.strictObject({
  code: z.int().exactOptional(),
  reason: z.string().exactOptional(),
  message: z.string(),
  at: z.iso.datetime(),
}) satisfies z.ZodType<AppFailure>;

const appStatus = z.strictObject({
  alias: z.string().exactOptional(),
  appId,
  state: z.enum(['empty', 'fresh', 'renewing', 'expired']),
  expiresInSeconds: secondsOrNull,
  renewsInSeconds: secondsOrNull,
  lifeSeconds: secondsOrNull,
  fingerprint: fingerprint.nullable(),
  lastFailure: appFailure.nullable(),
  appTicket: z.enum(['kept', 'missing']).exactOptional(),
  tenants: z
    .strictObject({ known: count, signing: count, withoutTicket: count, refused: count })
    .exactOptional(),
}) satisfies z.ZodType<AppStatus>;

const app = z.string().describe('The alias, or the app id of an app without one.');
const renewal = z.discriminatedUnion('result', [
  z.strictObject({
    app,
    result: z.enum(['renewed', 'unchanged']),
    fingerprint,
    expiresInSeconds: secondsOrNull,
  }),
  z.strictObject({
    app,
    result: z.literal('failed'),
    fingerprint: fingerprint.nullable(),
    failure: appFailure.nullable(),
  }),
]) satisfies z.ZodType<Renewal>;

const texts = z.strictObject({ en: z.string(), zh: z.string() });
const marked = z.tuple([z.string(), z.string(), z.string()]);
const explanation = z.strictObject({
  verdict: z.enum(['valid', 'explained', 'unknown']),
  findings: z.array(
    z.strictObject({
      code: z.string(),
      strength: z.enum(['proved', 'alternative', 'shown', 'possible']),
      cause: texts,
      cure: texts,
      evidence: z.array(
        z.discriminatedUnion('type', [
          z.strictObject({
            type: z.literal('difference'),
            of: z.enum(['url', 'timestamp', 'nonceStr', 'signature', 'appId']),
            signed: marked,
            expected: marked,
          }),
          z.strictObject({ type: z.literal('ticket'), owner: z.string(), fingerprint }),
          z.strictObject({ type: z.literal('note'), text: z.string() }),
        ]),
      ),
    }),
  ),
  hashes: z.int().min(0),
});

const problem = z
  .strictObject({
    type: z.string().describe('Where this code is explained, relative to this service.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened and what to do.'),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    msg: z.string().describe('`detail` again, for front ends that read it.'),
    requestId: z.string(),
  })
  .describe('RFC 9457.') satisfies z.ZodType<Problem>;

/** By name, as the description has them under `components/schemas`. */
export const API_SCHEMAS = {
  SignedConfig: shapes.config satisfies z.ZodType<SignedConfig>,
  SampleConfig: shapes.sample,
  TutorialConfig: shapes.tutorial,
  EnvelopedConfig: shapes.envelope,
  ConfigRequest: configRequest,
  RefusalReport: refusalReport,
  Event: z.looseObject({}).describe('As the platform sends it, encrypted or not.'),
  EventAnswer: z.strictObject({ challenge: z.string().exactOptional() }),
  Liveness: z.strictObject({ alive: z.literal(true) }),
  Readiness: z.strictObject({ ready: z.boolean() }),
  Apps: z.strictObject({ apps: z.array(appStatus) }),
  RenewalRequest: renewalRequestSchema,
  Renewal: renewal,
  AppTicketRequest: appTicketRequestSchema,
  ExplainRequest: explainRequestSchema,
  Explanation: explanation,
  Problem: problem,
} as const satisfies Record<string, z.ZodType>;

export type ApiSchemaName = keyof typeof API_SCHEMAS;

/** The schema of each shape, by name. */
export const SHAPE_SCHEMAS: Readonly<Record<Shape, ApiSchemaName>> = {
  config: 'SignedConfig',
  sample: 'SampleConfig',
  tutorial: 'TutorialConfig',
  envelope: 'EnvelopedConfig',
};
