// The operations of the API: parameters, replies and failures of each.
import type { ErrorCode } from '../../base/errors';
import { SHAPE_SCHEMAS, type ApiSchemaName } from './api-schemas';
import { KINDS } from '../config-endpoint';

/** A piece of the description. */
export type Json = Readonly<Record<string, unknown>>;

/** One operation. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  /** By status; a schema, or the media type of something that has none. */
  readonly replies: Readonly<Record<number, Reply>>;
  readonly codes?: readonly ErrorCode[];
  readonly query?: readonly Json[];
  readonly body?: { readonly schema: ApiSchemaName; readonly isFormToo?: boolean };
  readonly isOperators?: boolean;
  readonly path?: readonly Json[];
}

/** One reply. */
export interface Reply {
  readonly description: string;
  /** One of these bodies; none: an empty one. */
  readonly schemas?: readonly ApiSchemaName[];
  readonly mediaType?: string;
  readonly headers?: readonly string[];
}

/** What every path may refuse: messages that never became a request, and bugs. */
export const EVERYWHERE: readonly ErrorCode[] = [
  'BODY_INVALID',
  'URL_INVALID',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
];

const SIGNING_CODES: readonly ErrorCode[] = [
  'URL_MISSING',
  'URL_REPEATED',
  'URL_INVALID',
  'URL_NOT_ENCODED',
  'PARAMETER_REPEATED',
  'APP_UNKNOWN',
  'TENANT_REQUIRED',
  'URL_NOT_ALLOWED',
  'TENANT_NOT_ALLOWED',
  'ORIGIN_NOT_ALLOWED',
  'NOT_FOUND',
  'URL_TOO_LONG',
  'RATE_LIMITED',
  'TICKET_UNAVAILABLE',
  'APP_MISCONFIGURED',
];

const IN_QUERY: readonly Json[] = [
  parameter('query', 'url', 'The page’s location.href without its fragment, percent-encoded.', true),
  parameter('query', 'app', 'Alias or app id, where several apps are configured.'),
  parameter('query', 'tenant_key', 'For store apps: the tenant the page is opened in.'),
  {
    ...parameter(
      'query',
      'kind',
      '`component` signs for webComponent.config; 404 for a store app and for a signer with a tokenSource.',
    ),
    schema: { type: 'string', enum: KINDS },
  },
];
const SHAPE_PARAMETER: Json = {
  ...parameter('query', 'shape', 'The form of the reply.'),
  schema: { type: 'string', enum: Object.keys(SHAPE_SCHEMAS), default: 'config' },
};
const APP_IN_QUERY = parameter('query', 'app', 'Alias or app id.');
const APP_IN_PATH = parameter('path', 'app', 'Alias or app id.', true);

function parameter(place: 'query' | 'path', name: string, description: string, required = false): Json {
  return { in: place, name, description, required, schema: { type: 'string' } };
}

/** The operations of one path of the signing endpoint. */
export function signing(
  name: string,
  schemas: readonly ApiSchemaName[],
  hasShape: boolean,
): Record<string, Operation> {
  const signed: Reply = {
    description: 'A signature.',
    schemas,
    headers: ['X-Request-Id', 'RateLimit', 'RateLimit-Policy'],
  };
  const replies = { 200: signed };
  const codes: readonly ErrorCode[] = [...SIGNING_CODES, 'METHOD_NOT_ALLOWED'];
  const query = hasShape ? [...IN_QUERY, SHAPE_PARAMETER] : IN_QUERY;
  return {
    get: { id: `get${name}`, summary: 'Sign a page URL', replies, codes, query },
    post: {
      id: `post${name}`,
      summary: 'Sign a page URL, for long ones and for gateways that log queries',
      replies,
      codes: [...codes, 'BODY_INVALID', 'BODY_TOO_LARGE', 'MEDIA_TYPE'],
      body: { schema: 'ConfigRequest', isFormToo: true },
    },
  };
}

/** What every operator's endpoint may refuse: where a token is asked for, and where none is. */
const OPERATOR_CODES: readonly ErrorCode[] = ['UNAUTHORIZED', 'ORIGIN_NOT_ALLOWED'];
const BODY_CODES: readonly ErrorCode[] = ['MEDIA_TYPE', 'BODY_TOO_LARGE', 'BODY_INVALID', ...OPERATOR_CODES];
const OK = (schema: ApiSchemaName, description: string): Record<number, Reply> => ({
  200: { description, schemas: [schema] },
});
const NOTHING = (description: string): Record<number, Reply> => ({ 204: { description } });

/** All but the signing endpoint, by path and method. */
export const FIXED_PATHS: Readonly<Record<string, Record<string, Operation>>> = {
  '/report': {
    post: {
      id: 'reportRefusal',
      summary: 'Tell that the client refused a signature',
      replies: NOTHING('Always, whatever the outcome.'),
      query: [APP_IN_QUERY],
      body: { schema: 'RefusalReport' },
    },
  },
  '/events/{app}': {
    post: {
      id: 'receiveEvent',
      summary: 'Events of the platform, for store apps',
      replies: OK('EventAnswer', 'Taken.'),
      codes: ['UNAUTHORIZED', 'BODY_TOO_LARGE', 'RATE_LIMITED', 'EVENT_NOT_TAKEN', 'EVENT_NOT_FORWARDED'],
      path: [APP_IN_PATH],
      body: { schema: 'Event' },
    },
  },
  '/healthz': {
    get: { id: 'isAlive', summary: 'Whether the process serves', replies: OK('Liveness', 'It does.') },
  },
  '/readyz': {
    get: {
      id: 'isReady',
      summary: 'Whether it has been able to sign, or with "app" whether it can now',
      replies: {
        ...OK('Readiness', 'It is.'),
        503: { description: 'Not yet, or no longer.', schemas: ['Readiness'] },
      },
      codes: ['APP_UNKNOWN', 'PARAMETER_REPEATED', 'URL_REPEATED', 'URL_NOT_ENCODED'],
      query: [APP_IN_QUERY],
    },
  },
  '/lark-jsapi.js': {
    get: {
      id: 'getHelperScript',
      summary: 'The browser helper as a script',
      replies: { 200: { description: 'JavaScript.', mediaType: 'text/javascript' } },
      codes: ['NOT_FOUND'],
    },
  },
  '/lark-jsapi.mjs': {
    get: {
      id: 'getHelperModule',
      summary: 'The browser helper as a module',
      replies: { 200: { description: 'JavaScript.', mediaType: 'text/javascript' } },
      codes: ['NOT_FOUND'],
    },
  },
  '/h5-sdk.js': {
    get: {
      id: 'getH5Sdk',
      summary: 'The n-th address of the platform’s H5 SDK',
      replies: { 302: { description: 'There it is.', headers: ['Location'] } },
      codes: ['NOT_FOUND'],
      query: [{ ...parameter('query', 'try', 'Counted from 0.'), schema: { type: 'integer', minimum: 0 } }],
    },
  },
  '/errors': {
    get: {
      id: 'getErrors',
      summary: 'Every code explained, as a page in English or Chinese',
      replies: {
        200: { description: 'The page.', mediaType: 'text/html', headers: ['Content-Language'] },
      },
      query: [
        {
          ...parameter('query', 'lang', 'Its language; without it the one that Accept-Language prefers.'),
          schema: { type: 'string', enum: ['en', 'zh'] },
        },
      ],
    },
  },
  '/openapi.json': {
    get: {
      id: 'getDescription',
      summary: 'This description',
      replies: { 200: { description: 'OpenAPI 3.1.', mediaType: 'application/json' } },
    },
  },
  '/admin/apps': {
    get: {
      id: 'listApps',
      summary: 'What every app’s ticket is doing',
      replies: OK('Apps', 'In the order of the configuration.'),
      codes: OPERATOR_CODES,
      isOperators: true,
    },
  },
  '/admin/tickets/renew': {
    post: {
      id: 'renewTicket',
      summary: 'Renew a ticket now',
      replies: OK('Renewal', 'The outcome.'),
      codes: [
        ...BODY_CODES,
        ...(['APP_UNKNOWN', 'FINGERPRINT_MISMATCH', 'RATE_LIMITED', 'TENANT_REQUIRED'] as const),
        ...(['TENANT_NOT_ALLOWED', 'TICKET_UNAVAILABLE', 'APP_MISCONFIGURED'] as const),
      ],
      body: { schema: 'RenewalRequest' },
      isOperators: true,
    },
  },
  '/admin/apps/{app}/app-ticket': {
    put: {
      id: 'putAppTicket',
      summary: 'Hand over the app ticket of a store app',
      replies: NOTHING('Taken.'),
      codes: [...BODY_CODES, 'APP_UNKNOWN', 'NOT_FOUND'],
      path: [APP_IN_PATH],
      body: { schema: 'AppTicketRequest' },
      isOperators: true,
    },
  },
  '/explain': {
    post: {
      id: 'explainRefusal',
      summary: 'Why the client refused a signature',
      replies: OK('Explanation', 'Most likely cause first.'),
      codes: [...BODY_CODES, 'APP_UNKNOWN', 'RATE_LIMITED'],
      body: { schema: 'ExplainRequest' },
      isOperators: true,
    },
  },
  '/metrics': {
    get: {
      id: 'getMetrics',
      summary: 'Metrics of this process, for Prometheus',
      replies: { 200: { description: 'The text form.', mediaType: 'text/plain' } },
      codes: OPERATOR_CODES,
      isOperators: true,
    },
  },
};
