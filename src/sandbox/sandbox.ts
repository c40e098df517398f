// The simulated Feishu/Lark Open Platform: joins its state, endpoints, faults, check of signatures and server.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isOwnHost } from '../base/is-own-host';
import type { Clock } from '../base/clock';
import { CallCounters } from './call-counters';
import type { ConfigCall, VerifyResult } from './config-call';
import { createControlApi } from './control-api';
import {
  createAppTokenEndpoint,
  createOpenApis,
  createResendEndpoint,
  createStoreAppTokenEndpoint,
  createStoreTenantTokenEndpoint,
  createTicketEndpoint,
  createTokenEndpoint,
} from './endpoints';
import { EventSender, type EventDelivery } from './event-sender';
import { FaultPlan, type Fault } from './fault';
import { createSandboxServer } from './http-server';
import { tenantHolder, userHolder } from './issued-values';
import { PlatformState, type SandboxApp } from './platform-state';
import type { Reply, SandboxRequest } from './reply';
import type { Sandbox } from './sandbox-api';
import { createVerifier } from './verify';

export type { ConfigCall, EventDelivery, Fault, Sandbox, SandboxApp, VerifyResult };

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
