// What may be a tenant key.

/**
 * What tenant keys are seen to be made of; one in a request has to match it too. The store keeps other things than a tenant's
 * ticket behind an app's name: `app-ticket`, `tenants` and `component` are no tenants.
 */
export const TENANT_KEY = /^(?!(?:app-ticket|tenants|component)$)[\w-]{1,64}$/;
