// The interfaces of a signing app and of the directory of apps, as HTTP needs them. No ticket and no platform in them.
import type { RefusalReport } from '../signing/refusal-report';
import type { AllowedOrigins, PageUrl, SignedConfig } from '../signing/types';

/** For whom a page is signed. */
export interface Audience {
  /** The tenant the page is opened in, for store apps. */
  readonly tenantKey?: string | undefined;
  /** The client's address, under which new tenants are counted. */
  readonly client?: string | undefined;
  /** For `webComponent.config` in place of `h5sdk.config`; custom apps only. */
  readonly isComponent?: boolean | undefined;
}

/** An event of the platform as it came. */
export interface AppEvent {
  readonly body: Uint8Array;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The address of its sender, which failures are counted under. */
  readonly client: string;
}

/** One app, ready to sign for pages. */
export interface SigningApp {
  /** `cli_…` */
  readonly appId: string;
  /** Its short name; undefined for an app that is configured by variables. */
  readonly alias?: string | undefined;
  readonly allowedOrigins: AllowedOrigins;
  /** The library's signers: where `/h5-sdk.js` of the router leads. Default: the build for Feishu. */
  readonly h5SdkUrls?: readonly string[] | undefined;
  /** At once while a ticket is valid; otherwise a promise. Throws or rejects with ServiceError. */
  signPage(page: PageUrl, audience?: Audience): SignedConfig | Promise<SignedConfig>;
  /** Whether it could sign at this moment. */
  canSign(): boolean;
  /**
   * A page reports that the client refused a signature. Acts only on what it can check; never rejects. Resolves, within a
   * second, when signing again is worthwhile: a load of the ticket, if one was running, has ended.
   */
  report(report: RefusalReport): Promise<void>;
  /**
   * Renews a ticket manually, and returns the outcome. With a `fingerprint` only if that ticket is still in use.
   * Rejects with ServiceError: `FINGERPRINT_MISMATCH`, or `RATE_LIMITED` within a minute of the last time.
   */
  renew(options: { tenantKey?: string | undefined; fingerprint?: string | undefined }): Promise<Renewal>;
  /**
   * Store apps: takes an event of the platform, its raw bytes and headers, and resolves with the JSON to answer. Rejects with
   * ServiceError: `UNAUTHORIZED`, `RATE_LIMITED`, `EVENT_NOT_TAKEN`, `EVENT_NOT_FORWARDED`; then the platform sends it again.
   */
  receiveEvent?: ((event: AppEvent) => Promise<{ challenge?: string }>) | undefined;
  /** Store apps: accepts an app ticket that the caller has received. Never rejects. */
  setAppTicket?: ((appTicket: string) => Promise<void>) | undefined;
  /** For operators; holds no secret. */
  status(): AppStatus;
}

/** What an app's ticket is doing. Times are whole seconds from now, 0 when they have passed. */
export interface AppStatus {
  readonly alias?: string;
  readonly appId: string;
  /** `renewing` from the opening of the renewal window on; `expired` when no valid ticket was obtained in time. */
  readonly state: 'empty' | 'fresh' | 'renewing' | 'expired';
  /** Null while there is no ticket. */
  readonly expiresInSeconds: number | null;
  readonly renewsInSeconds: number | null;
  /** The ticket's whole life. */
  readonly lifeSeconds: number | null;
  /** The first 8 hexadecimal characters of the ticket's SHA-256; null while there is no valid ticket. */
  readonly fingerprint: string | null;
  /** Null once a later attempt has succeeded. */
  readonly lastFailure: AppFailure | null;
  /** Store apps only, whose state and times above are those of the app's own token. */
  readonly appTicket?: 'kept' | 'missing';
  /** Store apps only. */
  readonly tenants?: TenantCounts;
}

/** How many tenants of a store app there are. */
export interface TenantCounts {
  /** Tenants that had a signature before. */
  readonly known: number;
  /** Tenants with a valid ticket. */
  readonly signing: number;
  /** Tenants that pages request and that have no valid ticket, because loading it failed. The platform does not refuse them. */
  readonly withoutTicket: number;
  /** Tenants that the platform refuses, or whose last attempt failed a moment ago. */
  readonly refused: number;
}

/** Why no ticket could be loaded. */
export interface AppFailure {
  /** The platform's code. */
  readonly code?: number;
  /** What went wrong when the platform gave no code. */
  readonly reason?: string;
  /** What happened and what to check. */
  readonly message: string;
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
}

/** Outcome of a manual renewal; `unchanged`: the platform returned the ticket already in use. */
export type Renewal =
  | {
      readonly result: 'renewed' | 'unchanged';
      readonly fingerprint: string;
      readonly expiresInSeconds: number | null;
    }
  | {
      readonly result: 'failed';
      /** Of the ticket that stays in use; null without a ticket. */
      readonly fingerprint: string | null;
      /** Null when the app was removed meanwhile. */
      readonly failure: AppFailure | null;
    };

/** The apps of this process. */
export interface SigningApps {
  /** By alias or app id; `undefined` when the request named none. Throws ServiceError `APP_UNKNOWN`. */
  find(name: string | undefined): SigningApp;
  /** True from the moment one app could sign, then indefinitely. */
  ready(): boolean;
  /** Every app, in the order of the configuration. */
  all(): readonly SigningApp[];
}
