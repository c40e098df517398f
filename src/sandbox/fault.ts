// The faults the simulated platform shows on demand, as data: what may be asked for, and which call is hit.
import * as z from 'zod';
import { ENDPOINT_NAMES, type EndpointName } from './call-counters';

const whom = {
  /** Default: every endpoint. */
  endpoint: z.enum(ENDPOINT_NAMES).optional(),
  /** Default: every app, and calls that tell no app. */
  appId: z.string().optional(),
  /** How many calls it hits before it is gone. Default: every call until the faults are cleared. */
  times: z.int().positive().optional(),
  /** Answer that much later. An hour is beyond every timeout, and within what a timer can hold. */
  delayMs: z.int().min(0).max(3_600_000).optional(),
};

const serverStatus = z.int().min(500).max(599);
const seconds = z.int().min(0);

/** Every fault, with its defaults. One that is not `strict` about its keys would hide a misspelt parameter. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** 99991400 with `x-ogw-ratelimit-limit` and `-reset`; HTTP 400 is what old endpoints answer. */
  z.strictObject({
    ...whom,
    kind: z.literal('rate-limit'),
    status: z.literal([429, 400]).default(429),
    limit: z.int().positive().default(100),
    resetSeconds: seconds.default(30),
  }),
  /** A refusal with the code, HTTP status and text of the table in `fault-effects.ts`. */
  z.strictObject({
    ...whom,
    kind: z.enum(['quota', 'ip-refused', 'wrong-secret', 'app-disabled', 'token-invalid']),
  }),
  /** Any code, such as 1500, by default with HTTP 200. */
  z.strictObject({
    ...whom,
    kind: z.literal('code'),
    code: z.int(),
    msg: z.string().default('internal error'),
    status: z.int().min(200).max(599).default(200),
  }),
  /** A plain-text 5xx of the platform's front. */
  z.strictObject({ ...whom, kind: z.literal('http-error'), status: serverStatus.default(502) }),
  /** An HTML page of a gateway; `dateOffsetMs` is how far that gateway's clock, in `Date`, is off. */
  z.strictObject({
    ...whom,
    kind: z.literal('html'),
    status: z.int().min(200).max(599).default(200),
    dateOffsetMs: z.int().default(0),
  }),
  /** `truncated`: half of the JSON, complete as HTTP. `cut`: half of the body, then the connection closes. */
  z.strictObject({ ...whom, kind: z.enum(['truncated', 'cut']) }),
  /** Overwrites fields next to the token or ticket: `{ expire_in: '7200' }`, `{ ticket: null }`, `{ ticket: '' }`. */
  z.strictObject({ ...whom, kind: z.literal('fields'), fields: z.record(z.string(), z.unknown()) }),
  /** The right JSON with this many bytes of padding in it, streamed. Default 50 MB: no client should swallow it. */
  z.strictObject({ ...whom, kind: z.literal('huge'), bytes: z.int().positive().default(50_000_000) }),
  /** The right answer, late. */
  z.strictObject({ ...whom, kind: z.literal('slow'), delayMs: whom.delayMs.unwrap() }),
  /** `hung`: never answers. `reset`: the connection ends with RST. `stale-expiry`: a repeat says the full life again. */
  z.strictObject({ ...whom, kind: z.enum(['hung', 'reset', 'stale-expiry']) }),
]);

/** A fault as it is asked for; parameters with a default may be left out. */
export type Fault = z.input<typeof faultSchema>;

/** A fault with its defaults filled in. */
export type CompleteFault = z.output<typeof faultSchema>;

/** The faults in force. A call is hit by the first one that names it. */
export class FaultPlan {
  #faults: { fault: CompleteFault; left: number }[] = [];

  /** Throws ZodError for a fault that does not exist or has a wrong parameter. */
  add(fault: Fault): void {
    const complete = faultSchema.parse(fault);
    this.#faults.push({ fault: complete, left: complete.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that hits this call, counted as used. */
  take(endpoint: EndpointName, appId: string | undefined): CompleteFault | undefined {
    const hit = this.#faults.find(
      ({ fault }) =>
        (fault.endpoint === undefined || fault.endpoint === endpoint) &&
        (fault.appId === undefined || fault.appId === appId),
    );
    if (!hit) return undefined;
    hit.left -= 1;
    if (hit.left === 0) this.#faults = this.#faults.filter((other) => other !== hit);
    return hit.fault;
  }
}
