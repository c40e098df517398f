// A whole service beside a simulated platform, over real HTTP on the loopback address, on one clock that the test moves.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config';
import { createTransport, type Fetch } from '../../src/open-platform/transport';
import type { Problem } from '../../src/base/errors';
import type { SignedConfig } from '../../src/signing/types';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox';
import { createService, type Service } from '../../src/service';
import type { LarkApp } from '../../src/apps/lark-app';
import { FakeClock } from './fake-clock';

export const APP_ID = 'cli_world00000001';
export const APP_SECRET = 'the-secret-of-the-world-app';
export const PAGE = 'https://h5.example.com/orders?id=42&code=oauth-code-1234#/list';

export interface World {
  readonly clock: FakeClock;
  readonly sandbox: Sandbox;
  readonly service: Service;
  /** The first app of the service. */
  readonly signer: LarkApp;
  readonly baseUrl: string;
  /** Where the simulated platform itself is. */
  readonly platformUrl: string;
  /** Every line of the service's log. */
  readonly logLines: string[];
  /** When each of them was written, on the monotonic clock. */
  readonly logTimesMs: number[];
  /** Every call the service sent towards the platform, whether it arrived or not; times on the monotonic clock. */
  readonly calls: { path: string; atMs: number }[];
  /** The most calls to the platform that were under way at one time. */
  readonly mostCallsAtOnce: number;
  /** Every body of the service's replies that went through `get` and `config`. */
  readonly replyBodies: string[];
  get(path: string, init?: RequestInit): Promise<Response & { text: string }>;
  /** GET /config for a page URL; the body is a signature or a problem, as `status` says. */
  config(pageUrl?: string): Promise<{ status: number; headers: Headers; body: SignedConfig & Problem }>;
  /** Moves time; between two timers every call that is under way and can end does end. */
  advance(ms: number): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface Response {
  status: number;
  headers: Headers;
}

export interface WorldOptions {
  env?: Record<string, string>;
  /** Makes what stands between the service and the platform at `platformUrl`; gives the variables that lead through it. */
  way?: (platformUrl: string) => Promise<Record<string, string>>;
  /** Reads the files that `env` names; by default none is read. */
  readFile?: (path: string) => string;
  sandbox?: Partial<SandboxOptions>;
  /** Our clock against the platform's, in ms. */
  clockErrorMs?: number;
  /** Do not wait for the first ticket. */
  cold?: boolean;
  /** Default: a new one. */
  clock?: FakeClock;
  /** Runs between the platform's start and the service's. */
  beforeService?: (sandbox: Sandbox) => void | Promise<void>;
  /** Waits for what else is under way outside the fake clock, at every settling: files, a database, handshakes. */
  alsoSettle?: () => Promise<void>;
  /** How long in ms, of the machine's time, settling waits for a load that makes no progress, beside `PATIENCE_TURNS`. Default 0. */
  patienceMs?: () => number;
  /** Jitter; 0.5 by default. */
  random?: () => number;
  /** Whether the call with this body is lost on its way to the platform. */
  isLost?: (body: string) => boolean;
}

/** How long the settling waits, in turns of the event loop, for a call that makes no progress: it hangs on purpose. */
const PATIENCE_TURNS = 300;

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { clock = new FakeClock() } = options;
  const sandbox = createSandbox({
    clock,
    apps: [{ appId: APP_ID, appSecret: APP_SECRET, trustedDomains: ['h5.example.com'] }],
    ...options.sandbox,
  });
  sandbox.moveClock(-(options.clockErrorMs ?? 0));
  const { url: platformUrl } = await sandbox.listen();

  const wayEnv = await options.way?.(platformUrl);
  await options.beforeService?.(sandbox);

  const config = loadConfig(
    {
      LARK_APP_ID: APP_ID,
      LARK_APP_SECRET: APP_SECRET,
      LARK_DOMAIN: platformUrl,
      ALLOWED_ORIGINS: 'https://h5.example.com',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'debug',
      ...options.env,
      ...wayEnv,
    },
    options.readFile ??
      (() => {
        throw new Error('no file is read here');
      }),
  );

  let progress = 0;
  let inFlight = 0;
  let mostCallsAtOnce = 0;
  const transport = createTransport({ caPem: config.caPem, proxy: config.proxy });
  const calls: World['calls'] = [];
  const countedFetch: Fetch = async (input, init) => {
    calls.push({
      path: new URL(input instanceof Request ? input.url : input).pathname,
      atMs: clock.monotonicMs(),
    });
    inFlight += 1;
    mostCallsAtOnce = Math.max(mostCallsAtOnce, inFlight);
    progress += 1;
    try {
      if (typeof init?.body === 'string' && options.isLost?.(init.body)) throw new TypeError('fetch failed');
      return await transport.fetch(input, init);
    } finally {
      inFlight -= 1;
      progress += 1;
    }
  };
  /** Until no call to the platform is under way, or those that are have stopped moving. */
  async function settle(): Promise<void> {
    const patienceMs = options.patienceMs?.() ?? 0;
    let idleTurns = 0;
    let movedMs = performance.now();
    let seen = progress + sandbox.counters.list.length;
    const isPatient = (): boolean => idleTurns < PATIENCE_TURNS || performance.now() - movedMs < patienceMs;
    for (let calmTurns = 0; calmTurns < 3 && isPatient();) {
      await nextTurn();
      const now = progress + sandbox.counters.list.length;
      idleTurns = now === seen ? idleTurns + 1 : 0;
      if (now !== seen) movedMs = performance.now();
      const isCalm =
        inFlight === 0 &&
        sandbox.eventsUnderWay === 0 &&
        !service.apps.all().some((signer) => signer.ticketState.loading) &&
        now === seen;
      calmTurns = isCalm ? calmTurns + 1 : 0;
      seen = now;
    }
    // Last: what a load has brought is stored behind its back.
    await options.alsoSettle?.();
  }

  const logLines: string[] = [];
  const logTimesMs: number[] = [];
  const replyBodies: string[] = [];
  const service = createService(config, {
    clock,
    random: options.random ?? (() => 0.5),
    transport: { fetch: countedFetch, close: () => transport.close() },
    logDestination: {
      write(line: string) {
        logLines.push(line);
        logTimesMs.push(clock.monotonicMs());
      },
    },
  });
  const { host, port } = await service.start();
  const baseUrl = `http://${host}:${port}`;
  if (options.cold !== true) await settle();

  async function get(path: string, init?: RequestInit): Promise<Response & { text: string }> {
    const response = await fetch(baseUrl + path, init);
    const text = await response.text();
    replyBodies.push(text);
    return { status: response.status, headers: response.headers, text };
  }

  return {
    clock,
    sandbox,
    service,
    get signer() {
      return service.apps.all()[0]!;
    },
    baseUrl,
    platformUrl,
    logLines,
    logTimesMs,
    calls,
    get mostCallsAtOnce() {
      return mostCallsAtOnce;
    },
    replyBodies,
    get,
    async config(pageUrl = PAGE) {
      const { status, headers, text } = await get(`/config?url=${encodeURIComponent(pageUrl)}`);
      return { status, headers, body: JSON.parse(text) as SignedConfig & Problem };
    },
    advance: (ms) => clock.advance(ms, settle),
    settle,
    async close() {
      const closing = service.close();
      await clock.advance(30_000);
      await closing;
      await sandbox.close();
    },
  };
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
