// For whom a token or ticket was issued, as one string: the platform keeps a current value for each holder of an app.

/** A custom app in its own tenant. */
export const OWN_TENANT = '';

/** The app itself, in no tenant: an app_access_token. */
export const APP_ITSELF = 'app';

/** A tenant that has installed a store app. */
export function tenantHolder(tenantKey: string): string {
  return `tenant ${tenantKey}`;
}

/** A user who has signed in to a custom app. */
export function userHolder(openId: string): string {
  return `user ${openId}`;
}

/** What tokens of the holder begin with. */
export function tokenPrefix(holder: string): string {
  if (holder === APP_ITSELF) return 'a-';
  return holder.startsWith('user ') ? 'u-' : 't-';
}

/** Whether tickets of the holder are good for web components only. */
export function isComponentHolder(holder: string): boolean {
  return holder === APP_ITSELF || holder.startsWith('user ');
}
