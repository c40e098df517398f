// What the HTTP apps report of every request, for the access log and the metrics.
import type { ServiceError } from '../base/errors';

/** What a request was about. Nothing here may hold the query of a page URL but what is any text of the client. */
export interface RequestSubject {
  /** Of an app that is configured. */
  readonly appId?: string | undefined;
  /** The name that the request gave, when no app has it: any text. */
  readonly unknownApp?: string | undefined;
  /** As the request gave it: any text. */
  readonly tenantKey?: string | undefined;
  readonly pageOrigin?: string | undefined;
  /** The path of the page; of refused requests only. */
  readonly pagePath?: string | undefined;
  /** The `Origin` header: any text; of refused requests only. */
  readonly origin?: string | undefined;
}

/** What is known of a request when its reply has been written. */
export interface AccessEntry extends RequestSubject {
  readonly requestId: string;
  readonly method: string;
  /** The path without its query. */
  readonly route: string;
  /** The route as the code has it, without `BASE_PATH`, `other` when the path leads nowhere: for metrics, since there are few. */
  readonly endpoint: string;
  readonly status: number;
  readonly durationMs: number;
  /** The client's address, as `TRUST_PROXY` has it. */
  readonly client: string | undefined;
  readonly failure?: ServiceError | undefined;
  /** The app had no valid ticket when the request came. */
  readonly waited?: boolean;
  /** Requests without news: unchanged health checks, and scrapes. */
  readonly quiet?: boolean;
}
