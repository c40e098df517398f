// One app as it is configured, by the environment or in the apps file.
import type { Secret } from '../base/secret';
import type { AllowedOrigins } from '../signing/types';

/** Everything that is set for one app. */
export interface AppSettings {
  /** The short name by which requests may ask for it; the app of LARK_APP_ID has none. */
  readonly alias: string | undefined;
  /** `cli_…` */
  readonly appId: string;
  readonly appSecret: Secret;
  /** `store`: an app that many tenants install, and each with its own ticket. */
  readonly type: 'custom' | 'store';
  /** Without a trailing slash; may hold a path. */
  readonly platformBaseUrl: string;
  readonly allowedOrigins: AllowedOrigins;
  /** The entries that `allowedOrigins` was compiled from. */
  readonly allowedOriginEntries: readonly string[];
  /** Carried in every reply when given. */
  readonly jsApiList: readonly string[] | undefined;
  /** Store apps: one of them decrypts an event and checks its signature: one key, or two while one replaces the other. None: events are not encrypted. */
  readonly encryptKeys: readonly Secret[];
  /** Store apps: one of them is in every event: one token, or two while one replaces the other. Only one of the two lists may be empty. */
  readonly verificationTokens: readonly Secret[];
  /** Store apps: the only tenants to sign for; undefined: every tenant that has installed the app. */
  readonly tenants: readonly string[] | undefined;
  /** Store apps: the address to which all other events are forwarded. */
  readonly eventsForwardTo: string | undefined;
}

/** The identity of an app: settings of the same identity share tickets and tokens. */
export function appIdentity({ platformBaseUrl, appId, type }: AppSettings): string {
  return `${platformBaseUrl} ${appId} ${type}`;
}
