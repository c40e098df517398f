// An app bound to one tenant: the tenant that a request names is ignored.
import type { SigningApp } from '../apps/signing-app';

/**
 * `app` for the pages of `tenantKey` alone. Undefined is no tenant: a store app then refuses with `TENANT_REQUIRED`, and
 * ignores the tenant that a request names. What is of no single tenant, its events and app tickets, is left out.
 */
export function bindTenant(app: SigningApp, tenantKey: string | undefined): SigningApp {
  return {
    appId: app.appId,
    alias: app.alias,
    allowedOrigins: app.allowedOrigins,
    signPage: (page, audience) => app.signPage(page, { ...audience, tenantKey }),
    canSign: () => app.canSign(),
    report: (report) => app.report({ ...report, tenantKey }),
    renew: (options) => app.renew({ ...options, tenantKey }),
    status: () => app.status(),
  };
}
