// What a simulated platform can do: `createSandbox` makes one, and its control paths offer the same over HTTP.
import type { CallCounters } from './call-counters';
import type { EventDelivery, SandboxEvent } from './event-sender';
import type { Fault } from './fault';
import type { SandboxApp } from './platform-state';
import type { ConfigCall, VerifyResult } from './config-call';

/** A simulated platform, in process. Everything it does over HTTP can be seen and steered here. */
export interface Sandbox {
  /** Starts to answer, by default on a free port of 127.0.0.1. Rejects when the address is unavailable. */
  listen(options?: { host?: string; port?: number }): Promise<{ url: string; port: number }>;
  /** Stops answering and destroys every connection, hung ones included; `listen` on the same port ends the outage. */
  close(): Promise<void>;
  readonly counters: CallCounters;
  /** Puts a fault in force. Throws ZodError for one that does not exist or has a wrong parameter. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Adds an app, or replaces the one of the same id. Throws RangeError for an invalid trusted domain. */
  addApp(app: SandboxApp): void;
  /** Invalidates every token issued to the app so far. */
  revokeTokens(appId: string): void;
  /** Invalidates every ticket issued to the app so far. */
  revokeTickets(appId: string): void;
  /** The life, in seconds, of tickets issued from now on. */
  setTicketLife(seconds: number): void;
  /** The life, in seconds, of tokens issued from now on. */
  setTokenLife(seconds: number): void;
  /** Moves the platform's clock against the machine's, by milliseconds; negative is back. Moves add up, to ten years at most. */
  moveClock(ms: number): void;
  /** How far the platform's clock is ahead of the machine's. */
  readonly clockOffsetMs: number;
  /** The platform's time, milliseconds since the epoch. */
  nowMs(): number;
  /** Simulates the client's check of `h5sdk.config`; an accepted signature is used up. */
  verify(call: ConfigCall): VerifyResult;
  /** Every ticket issued to the app (or to one tenant of it), live or dead, oldest first: for tests that look for leaks. */
  issuedTickets(appId: string, tenantKey?: string): string[];
  /** Every token issued to the app, as `issuedTickets`. */
  issuedTokens(appId: string): string[];
  /** The user_access_token of a user who has signed in to the app. */
  userToken(appId: string, openId: string): string;
  /** Makes a new app ticket and sends it to the app's request URL; resolves with it after the first attempt. */
  pushAppTicket(appId: string): Promise<string>;
  /** Invalidates every app ticket pushed to the app so far. */
  revokeAppTickets(appId: string): void;
  /**
   * Sends any event, `times` over with one uuid; resolves with the statuses of the first attempts, undefined for none.
   * Throws RangeError for an event that is nested too deep to be written.
   */
  sendEvent(appId: string, event: SandboxEvent, times?: number): Promise<(number | undefined)[]>;
  /** Sends the challenge that the developer console sends; resolves with whether it was answered rightly within 1 s. */
  verifyEventUrl(appId: string): Promise<boolean>;
  /** The latest attempts to deliver events, oldest first. */
  readonly deliveries: readonly EventDelivery[];
  /** Attempts that have no answer yet. */
  readonly eventsUnderWay: number;
}
