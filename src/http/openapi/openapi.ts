// The description of the API, OpenAPI 3.1: every operation, every reply, every code that it may fail with.
import * as z from 'zod';
import { ERRORS, type ErrorCode } from '../../base/errors';
import { EVERYWHERE, FIXED_PATHS, signing, type Json, type Operation, type Reply } from './api-operations';
import { API_SCHEMAS, SHAPE_SCHEMAS, type ApiSchemaName } from './api-schemas';

/**
 * The description of version `version`, which `scripts/static-files.mjs` writes to `public/openapi.json`. Operations of operators are in
 * it, whether or not they are opened. What depends on settings is described in general: BASE_PATH, COMPAT_ROUTES.
 */
export function createOpenApi(version: string): Json {
  const paths: Record<string, Record<string, Operation>> = {
    '/config': signing('Config', Object.values(SHAPE_SCHEMAS), true),
    '/get_config_parameters': signing('ConfigParameters', [SHAPE_SCHEMAS.sample], false),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'lark-jsapi-signer',
      version,
      summary: 'Signatures of page URLs for the JSAPIs of Feishu and Lark.',
      description: 'Paths of COMPAT_ROUTES answer as /get_config_parameters does, each in its own shape.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Where this document is: below BASE_PATH too.
    servers: [{ url: '.' }],
    paths: mapValues({ ...paths, ...FIXED_PATHS }, (operations) => mapValues(operations, describeOperation)),
    components: {
      schemas: describeSchemas(),
      headers: HEADERS,
      securitySchemes: {
        operator: { type: 'http', scheme: 'bearer', description: 'A token of ADMIN_TOKEN.' },
      },
    },
  };
}

const HEADERS: Json = {
  'X-Request-Id': { description: 'The caller’s own, or a fresh one.', schema: { type: 'string' } },
  RateLimit: { description: 'What is left of this minute.', schema: { type: 'string' } },
  'RateLimit-Policy': { description: 'Requests per minute and client.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 0 } },
  Allow: { description: 'The methods of this path.', schema: { type: 'string' } },
  Location: { description: 'The address.', schema: { type: 'string' } },
  'Content-Language': { description: 'The language of the page.', schema: { enum: ['en', 'zh-CN'] } },
};

function describeOperation(operation: Operation): Json {
  const { id, summary, replies, codes = [], query = [], path = [], body, isOperators = false } = operation;
  const responses: Record<string, unknown> = mapValues(replies, describeReply);
  for (const [status, ofStatus] of byStatus([...EVERYWHERE, 'METHOD_NOT_ALLOWED', ...codes])) {
    const own = replies[status];
    responses[status] = {
      description: [own?.description, ofStatus.join(', ')].filter(Boolean).join(' Or: '),
      headers: headers(['X-Request-Id', ...headersOf(status)]),
      content: { ...(own && contentOf(own)), 'application/problem+json': { schema: problemWith(ofStatus) } },
    };
  }
  return {
    operationId: id,
    summary,
    security: isOperators ? [{ operator: [] }] : [],
    ...(query.length + path.length > 0 && { parameters: [...path, ...query] }),
    ...(body && { requestBody: describeBody(body) }),
    responses,
  };
}

function describeReply(reply: Reply): Json {
  return {
    description: reply.description,
    ...(reply.headers && { headers: headers(reply.headers) }),
    content: contentOf(reply),
  };
}

function contentOf({ schemas, mediaType = schemas && 'application/json' }: Reply): Json {
  if (mediaType === undefined) return {};
  const [only, second] = schemas ?? [];
  if (schemas === undefined || only === undefined) return { [mediaType]: {} };
  const schema = second === undefined ? reference(only) : { anyOf: schemas.map(reference) };
  return { [mediaType]: { schema } };
}

function describeBody({ schema, isFormToo = false }: NonNullable<Operation['body']>): Json {
  const content = { schema: reference(schema) };
  return {
    required: true,
    content: {
      'application/json': content,
      ...(isFormToo && { 'application/x-www-form-urlencoded': content }),
    },
  };
}

/** A problem with one of `codes`, and no other. */
function problemWith(codes: readonly ErrorCode[]): Json {
  return { allOf: [reference('Problem'), { properties: { code: { enum: codes } } }] };
}

function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const found = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = ERRORS[code];
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}

function headersOf(status: number): string[] {
  // 405 lists the methods; 429 and 503 say when to retry.
  if (status === 405) return ['Allow'];
  return status === 429 || status === 503 ? ['Retry-After'] : [];
}

const headers = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const reference = (name: ApiSchemaName): Json => ({ $ref: `#/components/schemas/${name}` });

/** The schemas without `$schema`: the document declares its dialect. */
function describeSchemas(): Json {
  return mapValues(API_SCHEMAS, (schema) => {
    const described: Record<string, unknown> = z.toJSONSchema(schema as z.ZodType, { io: 'input' });
    delete described['$schema'];
    return described;
  });
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
