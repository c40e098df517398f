// One replica of the service: everything of it but HTTP, as its composition root joins it, in a simulated process.
import { AppDirectory } from '../../../src/apps/app-directory';
import type { AppSettings } from '../../../src/apps/app-settings';
import { createPlatform } from '../../../src/open-platform/platform';
import { Secret } from '../../../src/base/secret';
import type { ServiceEvent } from '../../../src/apps/service-event';
import { createLarkApp, type LarkApp } from '../../../src/apps/lark-app';
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { parsePageUrl } from '../../../src/signing/page-url';
import type { SignedConfig } from '../../../src/signing/types';
import type { SeededRandom } from '../seeded-random';
import type { SharedStore } from './shared-store';
import {
  PLATFORM_URL,
  type CallListener,
  type SimulatedApp,
  type SimulatedPlatform,
} from './simulated-platform';
import type { SimulatedProcess } from './simulated-process';

export const PAGE_HOST = 'h5.example.com';
const PAGE = parsePageUrl(`https://${PAGE_HOST}/`);

/** Called with the events of one life of a replica. */
export interface ReplicaListener extends CallListener {
  onEvent(event: ServiceEvent): void;
}

/** What a replica is started with. */
export interface ReplicaParts {
  process: SimulatedProcess;
  apps: readonly SimulatedApp[];
  platform: SimulatedPlatform;
  store: SharedStore;
  random: SeededRandom;
  listener: ReplicaListener;
}

/** A running replica. */
export interface Replica {
  readonly process: SimulatedProcess;
  /** The app of this id, or the only one. */
  signer(appId?: string): LarkApp;
  /** A page asks for a signature: at once while a ticket is valid. */
  /** As `/readyz` says. */
  isReady(): boolean;
  page(appId?: string): SignedConfig | Promise<SignedConfig>;
  /** Ends it in good order, as SIGTERM does. */
  close(): Promise<void>;
}

/** Starts a replica: its apps look for their tickets. */
export function startReplica({ process, apps, platform, store, random, listener }: ReplicaParts): Replica {
  const { clock } = process;
  const own = store.open(process);
  const fetch = platform.fetchOf(process, listener);
  const directory = new AppDirectory({
    clock,
    random: () => random.next(),
    createPlatform: (baseUrl) =>
      createPlatform({
        baseUrl,
        fetch,
        clock,
        clockCorrection: true,
      }),
    createLarkApp: (app, shared, beforeFirstLoad) =>
      createLarkApp({
        app,
        platform: shared,
        store: own,
        ticketCallsPerHour: 60, // the default of TICKET_CALLS_PER_HOUR
        clock,
        random: () => random.next(),
        onEvent: (event) => listener.onEvent(event),
        beforeFirstLoad,
      }),
  });
  directory.exchange(apps.map(settingsOf));
  directory.start();
  return {
    process,
    isReady: () => directory.ready(),
    signer: (appId) => directory.find(appId),
    page: (appId) => directory.find(appId).signPage(PAGE, {}),
    async close() {
      directory.close();
      await own.close();
    },
  };
}

function settingsOf({ appId, appSecret }: SimulatedApp): AppSettings {
  const allowedOriginEntries = [`https://${PAGE_HOST}`];
  return {
    alias: undefined,
    appId,
    appSecret: new Secret(appSecret),
    type: 'custom',
    platformBaseUrl: PLATFORM_URL,
    allowedOrigins: compileAllowedOrigins(allowedOriginEntries),
    allowedOriginEntries,
    jsApiList: undefined,
    encryptKeys: [],
    verificationTokens: [],
    tenants: undefined,
    eventsForwardTo: undefined,
  };
}
