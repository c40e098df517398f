// An app as one tenant has it: whatever tenant a request names, it is this one.
import type { SigningApp } from '../apps/signing-app';

/**
 * `app` for the pages of `tenantKey` alone. Undefined is no tenant: a store app then refuses with `TENANT_REQUIRED`, and never
 * believes the one that a request names. What is of no single tenant, its events and app tickets, is left out.
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
