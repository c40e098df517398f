// What HTTP needs of an app that signs, and of the directory it is found in. Knows no ticket and no platform.
import type { AllowedOrigins, PageUrl, SignedConfig } from '../signing/types';

/** One app, ready to sign for pages. */
export interface SigningApp {
  /** `cli_…` */
  readonly appId: string;
  readonly allowedOrigins: AllowedOrigins;
  /** At once while a ticket is valid; otherwise a promise. Throws or rejects with ServiceError. */
  signPage(page: PageUrl): SignedConfig | Promise<SignedConfig>;
  /** Whether it could sign at this moment. */
  canSign(): boolean;
}

/** The apps of this process. */
export interface AppDirectory {
  /** By alias or app id; `undefined` when the request named none. Throws ServiceError `APP_UNKNOWN`. */
  find(name: string | undefined): SigningApp;
  /** True from the moment one app could sign, then for ever. */
  ready(): boolean;
}
