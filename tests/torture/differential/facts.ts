// What the oracle may know of a running service: its settings in plain words, and the tickets the platform has issued to it.

/** An app as it is configured. */
export interface AppFacts {
  readonly appId: string;
  readonly alias?: string;
  /** Entries as they are written; a lone `*` allows every origin. */
  readonly allowedOrigins: readonly string[];
  readonly jsApiList?: readonly string[];
  /** Store apps: the tenants that are signed for. */
  readonly tenants?: readonly string[];
}

/** Settings that show in replies. */
export interface Facts {
  readonly apps: readonly AppFacts[];
  readonly basePath: string;
  /** The signing endpoint's further paths, below `basePath`, and the shape of each. */
  readonly compatRoutes: Readonly<Record<string, Shape>>;
  /** 0: no client is limited. */
  readonly requestsPerMinute: number;
  /** Whether the last address of `X-Forwarded-For` is the client's. */
  readonly trustsProxy: boolean;
  readonly h5SdkUrls: readonly string[];
  /** Undefined: there are no operator's endpoints. */
  readonly adminToken?: string;
}

export type Shape = 'config' | 'sample' | 'tutorial' | 'envelope';

/** What only the running service's world can tell. */
export interface Witness {
  /** Milliseconds since the epoch, by the one clock of service and platform. */
  nowMs(): number;
  /** Tickets that the platform has issued to an app, for any holder. */
  ticketsOf(appId: string): readonly string[];
}
