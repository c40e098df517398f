// Which tenants are refused, and the error for their callers.
import { TENANT_KEY } from '../tenant-key';
import { ServiceError } from '../../base/errors';
import { isUnknownCode } from '../../open-platform/faults';
import { findPlatformError } from '../../open-platform/platform-error';

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

/** Whether the platform answered that it has nothing for this tenant: refused it, or gave a code that has no known meaning. */
export function isTenantsFault(error: unknown): boolean {
  const { endpoint, code } = findPlatformError(error) ?? {};
  return (endpoint === 'tenant_access_token' && isUnknownCode(code)) || isTenantRefusal(error);
}

/** The error for a caller of a tenant that is refused, by the platform or by the configuration. */
export function tenantNotAllowed(cause?: unknown): ServiceError {
  return new ServiceError(
    'TENANT_NOT_ALLOWED',
    "No signatures for this tenant: it has not installed the app, or it is not in the app's list of tenants.",
    { cause },
  );
}
