// Asks for a signature: the service's GET or POST /config with bounded retries, or the page's own function.
import { LarkJsapiError } from './lark-jsapi-error';
import {
  ATTEMPTS,
  ATTEMPT_LIMIT_MS,
  MAX_GET,
  OWN_REQUEST_LIMIT_MS,
  PAUSE_MS,
  RETRY_AFTER_LIMIT_SECONDS,
} from './limits';
import type { LarkOptions } from './options';
import type { Page, RequestInit } from './page';
import { readSignedConfig, type SignedConfig } from './read-signed-config';
import { sleep, withDeadline } from './timing';

/** Too many requests, and the statuses of gateways and the service during a restart. */
const RETRIED_STATUSES: readonly (number | undefined)[] = [429, 502, 503, 504];

/** Whom to ask, and for what. */
export interface SignatureOptions extends Pick<LarkOptions, 'endpoint' | 'request' | 'app' | 'tenantKey'> {
  /** `component`: signed as the app, for web components. Default: for the JSAPIs of a page. */
  kind?: 'component' | undefined;
}

/** What fails here. */
export const WHAT = 'The page URL was not signed';

/** A signature for `url`. Rejects with a LarkJsapiError that carries the service's problem code and detail. */
export async function requestSignature(
  page: Page,
  options: SignatureOptions,
  url: string,
): Promise<SignedConfig> {
  if (options.request) return askOwn(page, options.request, url);
  for (let attempt = 1; ; attempt++) {
    try {
      const asked = askService(page, options, url);
      return await withDeadline(page, asked, ATTEMPT_LIMIT_MS, () => unreachable('timeout'));
    } catch (error) {
      const pauseMs = pauseBeforeRetry(error as LarkJsapiError, attempt, page.Math.random());
      if (pauseMs === undefined) throw error;
      await sleep(page, pauseMs);
    }
  }
}

async function askOwn(
  page: Page,
  request: NonNullable<LarkOptions['request']>,
  url: string,
): Promise<SignedConfig> {
  const asked = Promise.resolve(url)
    .then(request)
    .catch((cause: unknown) => {
      throw new LarkJsapiError(WHAT, { problem: 'REQUEST_FAILED', detail: String(cause), cause });
    });
  const onLimit = (): Error => new LarkJsapiError(WHAT, { problem: 'TIMEOUT', detail: 'request()' });
  return readReply(await withDeadline(page, asked, OWN_REQUEST_LIMIT_MS, onLimit), {});
}

async function askService(
  page: Page,
  { endpoint, app, tenantKey, kind }: SignatureOptions,
  url: string,
): Promise<SignedConfig> {
  if (endpoint === undefined) throw new LarkJsapiError(WHAT, { problem: 'ENDPOINT_MISSING' });
  const more = { app, tenant_key: tenantKey, kind };
  let target = `${endpoint}/config?url=${encodeURIComponent(url)}`;
  for (const [name, value] of Object.entries(more))
    if (value) target += `&${name}=${encodeURIComponent(value)}`;
  let init: RequestInit = { cache: 'no-store' };
  if (target.length > MAX_GET) {
    target = `${endpoint}/config`;
    init = postJson(Object.assign({ url }, more)); // no cache answers a POST
  }
  const reply = await page.fetch(target, init).catch((cause: unknown) => {
    throw unreachable(String(cause), cause);
  });
  const body = await reply.json().catch(() => undefined);
  const { ok, status } = reply;
  const retryAfterSeconds = Number(reply.headers.get('Retry-After')) || undefined;
  return readReply(body, { status, retryAfterSeconds }, ok);
}

/** A POST of `body` as JSON; undefined members are left out. */
export function postJson(body: object): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function unreachable(detail: string, cause?: unknown): LarkJsapiError {
  return new LarkJsapiError(WHAT, { problem: 'SIGNER_UNREACHABLE', detail, cause });
}

function readReply(
  body: unknown,
  answer: { status?: number; retryAfterSeconds?: number | undefined },
  ok = true,
): SignedConfig {
  const config = ok && readSignedConfig(body);
  if (config) return config;
  const { code, msg, detail = msg } = Object(body) as Record<string, unknown>;
  const problem = typeof code === 'string' ? code : 'REPLY_UNREADABLE';
  const said = [answer.status, detail].filter(Boolean).join(' ');
  throw new LarkJsapiError(WHAT, Object.assign({ problem, detail: said, cause: body }, answer));
}

/** Milliseconds to wait before the next attempt, or undefined when no attempt shall follow. */
function pauseBeforeRetry(error: LarkJsapiError, attempt: number, random: number): number | undefined {
  const { status, problem, retryAfterSeconds = 0 } = error;
  const passing =
    problem === 'SIGNER_UNREACHABLE' ||
    // Wrong credentials stay wrong.
    (RETRIED_STATUSES.includes(status) && problem !== 'APP_MISCONFIGURED');
  if (!passing || attempt >= ATTEMPTS || retryAfterSeconds > RETRY_AFTER_LIMIT_SECONDS) return undefined;
  // Half fixed, half chance: pages that failed together do not come back together, and none at once.
  return retryAfterSeconds * 1_000 + PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random / 2);
}
