// Which tenants are refused, and the error for their callers.
import { TENANT_KEY } from '../tenant-key';
import { ServiceError } from '../../base/errors';
import { isUnknownCode } from '../../open-platform/faults';
import { findPlatformError, isRefusal, PlatformError } from '../../open-platform/platform-error';

/** The platform's words for a tenant that has not installed the app, and for a key that is no tenant's. */
const TENANT_REFUSALS: readonly (number | undefined)[] = [99991673, 10003];

/**
 * `tenantKey` when it can be one. A site's own code may give anything, often a null of its session, which a pattern would match
 * as a text. Throws ServiceError `TENANT_REQUIRED`.
 */
export function requireTenantKey(tenantKey: unknown): string {
  if (typeof tenantKey === 'string' && TENANT_KEY.test(tenantKey)) return tenantKey;
  throw new ServiceError(
    'TENANT_REQUIRED',
    tenantKey === undefined || tenantKey === null
      ? 'This app is installed by many tenants: say with the parameter "tenant_key" which one the page is opened in, or sign in first where the site takes it from its session.'
      : 'The parameter "tenant_key" is not a tenant key: send the one that signing the user in gave, letters, digits, _ and -.',
  );
}

/** Whether the platform refuses the tenant and not the app: said of the tenant's token or ticket, never of the app's own token. */
export function isTenantRefusal(error: unknown): boolean {
  const failure = findPlatformError(error);
  if (failure === undefined || failure.endpoint === 'app_access_token') return false;
  return TENANT_REFUSALS.includes(failure.code);
}

/**
 * Whether the platform refused a call of this tenant, or answered with a code that has no known meaning. Either can be the tenant's
 * alone, so it says nothing of the other tenants.
 */
export function isTenantsFault(error: unknown): boolean {
  const endpoint = findPlatformError(error)?.endpoint;
  return (endpoint === 'tenant_access_token' || endpoint === 'jsapi_ticket') && isRefusal(error);
}

/**
 * Whether a failed load says something of the platform: no answer, an answer that is not the platform's, a failure inside it or a
 * rate limit. Not a refusal of the tenant, of its token or its quota, nor our ceiling, nor the app's own token.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof PlatformError && (error.reason === 'ceiling' || error.reason === 'aborted'))
    return false;
  const failure = findPlatformError(error);
  if (failure === undefined || failure.endpoint === 'app_access_token' || isUnknownCode(failure.code))
    return false;
  return failure.kind === 'retry' || failure.kind === 'rate-limit';
}

/** The error for a caller of a tenant that is refused, by the platform or by the configuration. */
export function tenantNotAllowed(cause?: unknown): ServiceError {
  return new ServiceError(
    'TENANT_NOT_ALLOWED',
    "No signatures for this tenant: it has not installed the app, or it is not in the app's list of tenants.",
    { cause },
  );
}
