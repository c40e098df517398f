// The apps of a soak: two custom ones and one of a store, as the service's file and the platform know them.
import type { SandboxApp } from '../../../src/sandbox/sandbox';
import { appsFile, platformApp, writtenApp } from '../../support/apps-folder';

const ENCRYPT_KEY = 'the-encrypt-key-of-the-soak';
const VERIFICATION_TOKEN = 'the-verification-token-of-the-soak';

/** An app that pages of a soak belong to. */
export interface SoakApp {
  readonly alias: string;
  readonly appId: string;
  /** Those that have installed it; undefined for a custom app. */
  readonly tenants?: readonly string[];
}

const soakApp = (alias: string): SoakApp => ({ alias, appId: `cli_${alias}` });

/** The app of a store. */
export const SHOP = { ...soakApp('shop'), tenants: ['tenant-1', 'tenant-2', 'tenant-3', 'tenant-4'] };
export const CUSTOM_APPS: readonly SoakApp[] = [soakApp('main'), soakApp('second')];
export const APPS: readonly SoakApp[] = [...CUSTOM_APPS, SHOP];

/** The text of the service's apps file. */
export function soakAppsFile(): string {
  const events = { type: 'store', encryptKey: ENCRYPT_KEY, verificationToken: VERIFICATION_TOKEN };
  return appsFile(APPS.map(({ alias, tenants }) => writtenApp(alias, tenants && events)));
}

/** The apps as the platform knows them, which sends events to the service at `serviceUrl`. */
export function soakPlatformApps(serviceUrl: string): SandboxApp[] {
  return APPS.map(({ alias, tenants }) => ({
    ...platformApp(alias),
    ...(tenants && {
      type: 'store' as const,
      tenants,
      events: {
        url: `${serviceUrl}/events/${alias}`,
        encryptKey: ENCRYPT_KEY,
        verificationToken: VERIFICATION_TOKEN,
      },
    }),
  }));
}
