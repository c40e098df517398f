// What the oracle says of a reply: everything but what is different every time.
import type { AppFacts, Shape } from './facts';

/** A reply that is to come. */
export interface ExpectedReply {
  readonly status: number;
  /** Names in lower case; all there are, save `date`, `connection`, `keep-alive` and `content-length`. */
  readonly headers: Readonly<Record<string, string | RegExp>>;
  readonly body: ExpectedBody;
  /** The id that the request brought; undefined: a fresh one. */
  readonly requestId: string | undefined;
}

export type ExpectedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** The same bytes at every request. */
  | { readonly kind: 'constant'; readonly of: string }
  /** Operators' documents: they change, and are JSON or text. */
  | { readonly kind: 'any' }
  | { readonly kind: 'problem'; readonly code: string; readonly type: string }
  | { readonly kind: 'signature'; readonly app: AppFacts; readonly url: string; readonly shape: Shape };

/** The contract's table of codes. */
export const STATUS_OF: Readonly<Record<string, number>> = {
  URL_MISSING: 400,
  URL_REPEATED: 400,
  URL_INVALID: 400,
  URL_NOT_ENCODED: 400,
  PARAMETER_REPEATED: 400,
  BODY_INVALID: 400,
  APP_UNKNOWN: 400,
  TENANT_REQUIRED: 400,
  UNAUTHORIZED: 401,
  URL_NOT_ALLOWED: 403,
  ORIGIN_NOT_ALLOWED: 403,
  TENANT_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  BODY_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
};

/** Exposed to pages of other origins, and sent wherever a page may read. */
const EXPOSED = 'Retry-After, X-Request-Id, RateLimit, RateLimit-Policy';

/** A reply that any page may read. */
export const READABLE_BY_ALL = {
  vary: 'Origin',
  'access-control-expose-headers': EXPOSED,
  'access-control-allow-origin': '*',
};

/** A reply that pages of one origin may read, with the credentials that browsers were told to send. */
export const readableBy = (origin: string) => ({
  vary: 'Origin',
  'access-control-expose-headers': EXPOSED,
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
});

/** Data that is never shown may load nothing and be in no frame, and has to do with no window. */
export const DATA_SECURITY = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** What helmet sets, less what SECURITY.md leaves to the proxy; `sdkOrigins` may be loaded from and talked to. */
export function securityHeaders(sdkOrigins: readonly string[]): Record<string, string> {
  const client = 'https://*.feishu.cn https://*.larksuite.com https://*.larkoffice.com';
  const sdk = [
    'https://*.feishucdn.com',
    'https://*.larksuitecdn.com',
    'https://*.bytegoofy.com',
    ...sdkOrigins,
  ].join(' ');
  return {
    'content-security-policy':
      `default-src 'self';script-src 'self' ${sdk};connect-src 'self' ${client} ${sdk};style-src 'self';` +
      `img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'self' ${client}`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'cross-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  };
}
