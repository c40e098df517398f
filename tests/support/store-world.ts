// A service with store apps beside the simulated platform, which pushes their app tickets to the service.
import type { Problem } from '../../src/base/errors';
import type { SandboxApp } from '../../src/sandbox/sandbox';
import type { SignedConfig } from '../../src/signing/types';
import { appsFile, createAppsFolder, pageOf, platformApp, withAppsFile, writtenApp } from './apps-folder';
import { createWorld, type World, type WorldOptions } from './world';

export const ENCRYPT_KEY = 'the-encrypt-key';
export const VERIFICATION_TOKEN = 'the-verification-token';
export const ADMIN_TOKEN = 'token-of-the-operator';

export interface StoreWorld extends World {
  /** Tells the platform where the events of all apps go: to the service. */
  connect(): Promise<void>;
  /** A signature for a page of `alias`, opened in a tenant, from a client address. */
  sign(alias: string, tenantKey?: string, client?: string): Promise<StoreReply>;
  /** Whether the client of that tenant accepts the signature. */
  accepts(reply: StoreReply, tenantKey: string): boolean;
  /** The app as the platform knows it. */
  appOf(alias: string): SandboxApp;
}

export interface StoreReply {
  status: number;
  headers: Headers;
  body: SignedConfig & Problem;
}

export interface StoreWorldOptions extends WorldOptions {
  aliases?: readonly string[];
  /** Those that have installed the apps. */
  tenants?: readonly string[];
  /** Further settings of every app. */
  more?: Record<string, unknown>;
  /** Do not let the platform push app tickets yet. */
  unconnected?: boolean;
}

export async function createStoreWorld(options: StoreWorldOptions = {}): Promise<StoreWorld> {
  const { aliases = ['shop'], tenants = ['tenant-1', 'tenant-2'], more = {} } = options;
  const written = aliases.map((alias) =>
    writtenApp(alias, {
      type: 'store',
      encryptKey: ENCRYPT_KEY,
      verificationToken: VERIFICATION_TOKEN,
      ...more,
    }),
  );
  const folder = createAppsFolder({ 'apps.json': appsFile(written) });
  const appOf = (alias: string): SandboxApp => ({ ...platformApp(alias), type: 'store', tenants });
  const base = withAppsFile(folder.path, aliases, {
    // The client's address is the test's to choose.
    TRUST_PROXY: 'loopback',
    ADMIN_TOKEN,
    ...options.env,
  });
  const sandbox = { ...options.sandbox, apps: aliases.map(appOf) };
  const world = await createWorld({ ...base, cold: true, ...options, env: base.env!, sandbox });

  const store: StoreWorld = Object.assign(Object.create(world) as World, {
    async connect() {
      for (const alias of aliases) {
        const url = `${world.baseUrl}/events/${alias}`;
        const events = { url, encryptKey: ENCRYPT_KEY, verificationToken: VERIFICATION_TOKEN };
        world.sandbox.addApp({ ...appOf(alias), events });
      }
      await world.settle();
    },
    async sign(alias: string, tenantKey?: string, client = '192.0.2.1') {
      const url = encodeURIComponent(`${pageOf(alias)}/a?b=c`);
      const tenant = tenantKey === undefined ? '' : `&tenant_key=${tenantKey}`;
      const path = `/config?app=${alias}${tenant}&url=${url}`;
      const { status, headers, text } = await world.get(path, { headers: { 'X-Forwarded-For': client } });
      return { status, headers, body: JSON.parse(text) as SignedConfig & Problem };
    },
    accepts: ({ body }: StoreReply, tenantKey: string) =>
      world.sandbox.verify({ ...body, tenantKey }).errCode === 0,
    appOf,
    async close() {
      await world.close();
      folder.remove();
    },
  });
  if (options.unconnected !== true) await store.connect();
  return store;
}
