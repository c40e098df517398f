// Counts every call of the simulated platform, refused ones included: the budget of calls is the point of the service.

/** The endpoints that are counted and that faults can name; `other` is every other path under `/open-apis/`. */
export const ENDPOINT_NAMES = ['token', 'app-token', 'app-ticket', 'ticket', 'other'] as const;

export type EndpointName = (typeof ENDPOINT_NAMES)[number];

/** One call, as it was answered. */
export interface PlatformCall {
  endpoint: EndpointName;
  /** The app the call named or held a token of; undefined when it named no app. */
  appId: string | undefined;
  /** Milliseconds since the epoch, on the platform's clock. */
  atMs: number;
  /** The platform's code, 0 included; undefined when no readable JSON was sent. */
  code: number | undefined;
}

// A day of a service that calls far too often, and no more memory than that.
const REMEMBERED_CALLS = 10_000;

// The app of calls that named no app, in the counters.
const NO_APP = 'unknown';

/** Exact totals per app and endpoint, and the latest calls in order. */
export class CallCounters {
  #totals = new Map<string, Map<EndpointName, number>>();
  #list: PlatformCall[] = [];

  record(call: PlatformCall): void {
    const ofApp = this.#totals.get(call.appId ?? NO_APP) ?? new Map<EndpointName, number>();
    this.#totals.set(call.appId ?? NO_APP, ofApp);
    ofApp.set(call.endpoint, (ofApp.get(call.endpoint) ?? 0) + 1);
    this.#list.push(call);
    if (this.#list.length > REMEMBERED_CALLS) this.#list.shift();
  }

  /** How many calls there were of `endpoint` (default: any) for `appId` (default: any). */
  calls(endpoint?: EndpointName, appId?: string): number {
    let sum = 0;
    for (const [app, ofApp] of this.#totals) {
      if (appId !== undefined && appId !== app) continue;
      for (const [name, count] of ofApp) if (endpoint === undefined || endpoint === name) sum += count;
    }
    return sum;
  }

  /** The latest 10,000 calls, oldest first. */
  get list(): readonly PlatformCall[] {
    return this.#list;
  }

  reset(): void {
    this.#totals = new Map();
    this.#list = [];
  }

  /** `{ total, apps: { <appId>: { <endpoint>: count } }, calls: [...] }` */
  toJSON(): object {
    const apps = [...this.#totals].map(([app, ofApp]) => [app, Object.fromEntries(ofApp)] as const);
    return { total: this.calls(), apps: Object.fromEntries(apps), calls: this.#list };
  }
}
