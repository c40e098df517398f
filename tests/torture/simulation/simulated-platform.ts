// The open platform behind the simulated network: what the simulated platform of the service answers, as a fetch.
import type { Clock } from '../../../src/base/clock';
import type { Fetch } from '../../../src/open-platform/transport';
import { CallCounters } from '../../../src/sandbox/call-counters';
import { createOpenApis, createTicketEndpoint, createTokenEndpoint } from '../../../src/sandbox/endpoints';
import { FaultPlan, type Fault } from '../../../src/sandbox/fault';
import { PlatformState } from '../../../src/sandbox/platform-state';
import type { Reply, SandboxRequest } from '../../../src/sandbox/reply';
import { createVerifier } from '../../../src/sandbox/verify';
import type { SimulatedNetwork } from './simulated-network';
import { EPOCH_MS, type SimulatedProcess } from './simulated-process';
import type { Scheduler } from './scheduler';

/** Its name in the network, and its address in the service's settings. */
export const PLATFORM = 'the platform';
export const PLATFORM_URL = 'https://platform.test';

const TICKET_PATH = '/open-apis/jssdk/ticket/get';

/** An app that it knows. */
export interface SimulatedApp {
  appId: string;
  appSecret: string;
}

/** Called with the requests and replies of one process. */
export interface CallListener {
  onTicketCall(signal: AbortSignal): void;
  /** It has its answer, or has failed. Without either it ends with its signal. */
  onTicketCallEnded(signal: AbortSignal): void;
  /** A whole answer with a ticket has arrived; the signal says whether it is still wanted. */
  onTicket(ticket: string, signal: AbortSignal): void;
}

/** How the platform is made. */
export interface SimulatedPlatformOptions {
  scheduler: Scheduler;
  network: SimulatedNetwork;
  apps: readonly SimulatedApp[];
  trustedHost: string;
  /** In seconds. */
  ticketLifeSeconds: number;
  onIssued: (ticket: string, appId: string) => void;
}

/** The platform: its state, its answers, its faults. */
export class SimulatedPlatform {
  readonly counters = new CallCounters();
  readonly verify: ReturnType<typeof createVerifier>;
  readonly #options: SimulatedPlatformOptions;
  readonly #state: PlatformState;
  readonly #faultPlan = new FaultPlan();
  readonly #faults = new Set<Fault>();
  readonly #answer: (request: SandboxRequest) => Reply;

  constructor(options: SimulatedPlatformOptions) {
    const { scheduler, apps, trustedHost, ticketLifeSeconds } = options;
    this.#options = options;
    const clock: Clock = {
      wallMs: () => Math.floor(EPOCH_MS + scheduler.nowMs),
      monotonicMs: () => scheduler.nowMs,
      setTimer: (callback, delayMs) => scheduler.after(delayMs, callback),
    };
    let drawn = 0;
    this.#state = new PlatformState({
      clock,
      ticketLifeSeconds,
      tokenLifeSeconds: 7_200, // as documented
      // All that counts is that each is another, and the same again for the same seed.
      randomHex: (bytes) => (drawn += 1).toString(16).padStart(2 * bytes, '0'),
    });
    for (const app of apps) this.#state.addApp({ ...app, trustedDomains: [trustedHost] });
    this.verify = createVerifier(this.#state);
    this.#answer = createOpenApis({
      state: this.#state,
      endpoints: [createTokenEndpoint(this.#state), createTicketEndpoint(this.#state)],
      faults: this.#faultPlan,
      counters: this.counters,
    });
  }

  /** Puts a fault in force; the function it returns ends it. */
  begin(fault: Fault): () => void {
    this.#faults.add(fault);
    this.#plan();
    return () => {
      this.#faults.delete(fault);
      this.#plan();
    };
  }

  /** Every ticket that was issued to the app dies. */
  revokeTickets(appId: string): void {
    this.#state.tickets.revoke(appId);
  }

  isLive(ticket: string): boolean {
    const issued = this.#state.tickets.find(ticket);
    return issued !== undefined && this.#state.tickets.isLive(issued);
  }

  /** How long the ticket has left, in milliseconds; 0 when it is dead. */
  leftMs(ticket: string): number {
    const issued = this.#state.tickets.find(ticket);
    if (issued === undefined || !this.#state.tickets.isLive(issued)) return 0;
    return issued.expiresAtMs - this.#state.nowMs();
  }

  /** The way of `process` to the platform. */
  fetchOf(process: SimulatedProcess, listener: CallListener): Fetch {
    const { scheduler, network } = this.#options;
    const fetch = (url: string, init: RequestInit & { signal: AbortSignal }): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const { signal } = init;
        const request = this.#requestOf(url, init);
        const isTicketCall = request.path === TICKET_PATH;
        const onLost = (): void => {
          if (isTicketCall) listener.onTicketCallEnded(signal);
          reject(connectionLost());
        };
        const arrive = (): void => {
          const reply = this.#answer(request);
          const ticket = isTicketCall ? this.#ticketIn(reply) : undefined;
          const { delivery = 'whole', delayMs = 0, dateOffsetMs = 0 } = reply;
          if (delivery === 'never') return;
          const dateMs = EPOCH_MS + scheduler.nowMs + dateOffsetMs;
          const comeBack = (): void => {
            if (delivery === 'reset' || delivery === 'cut') {
              onLost();
              return;
            }
            if (isTicketCall) listener.onTicketCallEnded(signal);
            if (ticket !== undefined) listener.onTicket(ticket, signal);
            resolve(responseOf(reply, dateMs));
          };
          const send = (): void => {
            network.send({ from: PLATFORM, to: process.name, receiver: process }, comeBack, { onLost });
          };
          if (delayMs === 0) send();
          else scheduler.after(delayMs, send);
        };
        if (isTicketCall) listener.onTicketCall(signal);
        network.send({ from: process.name, to: PLATFORM }, arrive, { onLost });
      });
    // The signal is not obeyed, as by a proxy that never answers: the code under test has deadlines of its own.
    return fetch as unknown as Fetch;
  }

  #plan(): void {
    this.#faultPlan.clear();
    for (const fault of this.#faults) this.#faultPlan.add(fault);
  }

  #requestOf(url: string, { method, headers, body }: RequestInit): SandboxRequest {
    const lowerCase = Object.entries(headers as Record<string, string>).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]);
    return {
      method: method ?? 'GET',
      path: new URL(url).pathname,
      query: '',
      headers: Object.fromEntries(lowerCase),
      body: typeof body === 'string' ? body : '',
      logId: 'simulated',
    };
  }

  /** The ticket that a reply carries in good form. Every issued ticket is reported, whether it arrives or not. */
  #ticketIn({ body, issued }: Reply): string | undefined {
    if (issued === undefined || typeof body === 'string') return undefined;
    const { ticket, expire_in: life } = (body as { data: { ticket: string; expire_in: unknown } }).data;
    const known = this.#state.tickets.find(ticket);
    if (known === undefined) return undefined;
    this.#options.onIssued(ticket, known.appId);
    return typeof life === 'number' ? ticket : undefined;
  }
}

/** What a client reads of a response, and no more. */
function responseOf({ status, body, headers = {} }: Reply, dateMs: number): unknown {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = new Map(Object.entries({ date: new Date(dateMs).toUTCString(), ...headers }));
  return {
    status,
    headers: { get: (name: string) => all.get(name) ?? null },
    body: Object.assign([new TextEncoder().encode(text)], { cancel: () => Promise.resolve() }),
  };
}

function connectionLost(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
}
