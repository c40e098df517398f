// The simulated Feishu/Lark Open Platform: joins its state, endpoints, faults, check of signatures and server.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isOwnHost } from '../base/is-own-host';
import type { Clock } from '../base/clock';
import { CallCounters } from './call-counters';
import { createControlApi } from './control-api';
import { FaultPlan, type Fault } from './fault';
import { EventSender, type EventDelivery, type SandboxEvent } from './event-sender';
import { tenantHolder, userHolder } from './holders';
import { createSandboxServer } from './http-server';
import { createOpenApis } from './open-apis';
import { PlatformState, type SandboxApp } from './platform-state';
import type { Reply, SandboxRequest } from './reply';
import {
  createAppTokenEndpoint,
  createResendEndpoint,
  createStoreAppTokenEndpoint,
  createStoreTenantTokenEndpoint,
} from './store-token-endpoints';
import { createTicketEndpoint } from './ticket-endpoint';
import { createTokenEndpoint } from './token-endpoint';
import { createVerifier, type ConfigCall, type VerifyResult } from './verify';

export type { ConfigCall, EventDelivery, Fault, SandboxApp, VerifyResult };

/** How a simulated platform is made. */
export interface SandboxOptions {
  clock: Clock;
  /** Default none; more with `addApp`. */
  apps?: readonly SandboxApp[];
  /** Default 7200, as documented. */
  ticketLifeSeconds?: number;
  /** Default 7200, as documented. */
  tokenLifeSeconds?: number;
  /** `bytes` random bytes as lower-case hexadecimal. Default: node:crypto. */
  randomHex?: (bytes: number) => string;
  /** How long every answer of the open platform takes, on the clock's timers. Default 0. */
  latencyMs?: number;
}

/** A simulated platform, in process. Everything it does over HTTP can be seen and steered here. */
export interface Sandbox {
  /** Starts to answer, by default on a free port of 127.0.0.1. Rejects when the address cannot be had. */
  listen(options?: { host?: string; port?: number }): Promise<{ url: string; port: number }>;
  /** Stops answering and destroys every connection, hung ones included; `listen` on the same port ends the outage. */
  close(): Promise<void>;
  readonly counters: CallCounters;
  /** Puts a fault in force. Throws ZodError for one that does not exist or has a wrong parameter. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Adds an app, or replaces the one of the same id. Throws RangeError for a trusted domain that is none. */
  addApp(app: SandboxApp): void;
  /** Every token issued to the app so far dies. */
  revokeTokens(appId: string): void;
  /** Every ticket issued to the app so far dies. */
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
  /** Stands for the client's check of `h5sdk.config`; an accepted signature is used up. */
  verify(call: ConfigCall): VerifyResult;
  /** Every ticket issued to the app (or to one tenant of it), live or dead, oldest first: for tests that look for leaks. */
  issuedTickets(appId: string, tenantKey?: string): string[];
  /** Every token issued to the app, as `issuedTickets`. */
  issuedTokens(appId: string): string[];
  /** The user_access_token of somebody who has signed in to the app. */
  userToken(appId: string, openId: string): string;
  /** Makes a new app ticket and sends it to the app's request URL; resolves with it after the first attempt. */
  pushAppTicket(appId: string): Promise<string>;
  /** Every app ticket pushed to the app so far dies. */
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

/**
 * A simulated platform; it does not listen yet.
 *
 * @example
 * const sandbox = createSandbox({ clock, apps: [{ appId: 'cli_a', appSecret: 's', trustedDomains: ['h5.example.com'] }] });
 * const { url } = await sandbox.listen();
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock, apps = [], latencyMs = 0, randomHex = secureRandomHex } = options;
  // 7200 s: the documented life of tokens and tickets.
  const { ticketLifeSeconds = 7_200, tokenLifeSeconds = 7_200 } = options;
  const state = new PlatformState({ clock, ticketLifeSeconds, tokenLifeSeconds, randomHex });
  for (const app of apps) state.addApp(app);
  const faults = new FaultPlan();
  const counters = new CallCounters();
  let events = new EventSender(state, clock);
  const endpoints = [
    createTokenEndpoint(state),
    createStoreAppTokenEndpoint(state),
    createStoreTenantTokenEndpoint(state),
    createAppTokenEndpoint(state),
    createResendEndpoint(state, (appId) => void events.pushAppTicket(appId)),
    createTicketEndpoint(state),
  ];
  const openApis = createOpenApis({ state, endpoints, faults, counters });

  const sandbox: Sandbox = {
    async listen({ host = '127.0.0.1', port = 0 } = {}) {
      hostNames = [host.toLowerCase()];
      server.listen(port, host);
      await once(server, 'listening');
      events = new EventSender(state, clock);
      for (const { appId } of state.apps) events.pushHourly(appId);
      const { port: bound } = server.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      return { url: `http://${name}:${bound}`, port: bound };
    },
    async close() {
      if (!server.listening) return;
      events.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    counters,
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    addApp(app) {
      state.addApp(app);
      if (server.listening) events.pushHourly(app.appId);
    },
    revokeTokens: (appId) => state.tokens.revoke(appId),
    revokeTickets: (appId) => state.tickets.revoke(appId),
    setTicketLife: (seconds) => state.tickets.setLife(seconds),
    setTokenLife: (seconds) => state.tokens.setLife(seconds),
    moveClock: (ms) => state.moveClock(ms),
    get clockOffsetMs() {
      return state.offsetMs;
    },
    nowMs: () => state.nowMs(),
    verify: createVerifier(state),
    issuedTickets: (appId, tenantKey) =>
      (tenantKey === undefined
        ? state.tickets.ofApp(appId)
        : state.tickets.ofHolder(appId, tenantHolder(tenantKey))
      ).map(({ value }) => value),
    issuedTokens: (appId) => state.tokens.ofApp(appId).map(({ value }) => value),
    userToken: (appId, openId) => state.tokens.issue(appId, userHolder(openId)).value,
    pushAppTicket: (appId) => events.pushAppTicket(appId),
    revokeAppTickets: (appId) => state.appTickets.revoke(appId),
    sendEvent: (appId, event, times) => events.send(appId, event, times),
    verifyEventUrl: (appId) => events.verifyUrl(appId),
    get deliveries() {
      return events.deliveries;
    },
    get eventsUnderWay() {
      return events.underWay;
    },
  };

  const control = createControlApi(sandbox);
  let hostNames: string[] = [];
  const server = createSandboxServer({
    clock,
    nowMs: () => state.nowMs(),
    // The shape of the real ones: the time to the second, then random characters.
    newLogId: () =>
      new Date(state.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14) + secureRandomHex(9),
    answer(request): Reply {
      if (request.path.startsWith('/open-apis/')) return answerOpenApi(request);
      return isOwnHost(request.headers.host, hostNames) ? control(request) : OTHER_HOST;
    },
  });

  /** Under any name: a service in a container knows this machine by one of its own, and there is nothing here but made-up tokens. */
  function answerOpenApi(request: SandboxRequest): Reply {
    const reply = openApis(request);
    return { ...reply, delayMs: (reply.delayMs ?? 0) + latencyMs };
  }
  return sandbox;
}

/** The control paths are for this machine: a page whose name is made to lead here could read what any page may only send. */
const OTHER_HOST: Reply = {
  status: 403,
  body: {
    error:
      'The header "Host" names another server than this one. Ask at an IP address or at localhost, or start the simulated platform with that name as its --host.',
  },
};

function secureRandomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
