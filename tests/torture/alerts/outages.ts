// The outages that the alerts are shown with: how each comes and goes, and which alerts tell of it within how many minutes.
import { redisStoreFaults } from '../faults/redis-store-faults';
import { ENCRYPT_KEY, VERIFICATION_TOKEN, type StoreWorld } from '../../support/store-world';
import { APP_ID, APP_SECRET, MINUTE, type World } from '../../support/world';
import { platformApp } from '../../support/apps-folder';
import { manyTenants, oneApp } from './stages';
import type { Stage } from './watch-stage';

/** A stage with what goes wrong on it. */
export interface Drama extends Stage {
  begin(): unknown;
  end(): unknown;
}

export interface Outage {
  readonly name: string;
  /** For people; what it is. */
  readonly what: string;
  readonly needs?: string;
  /** When it begins. The first renewal window opens after 90 to 91 minutes: before it, a healthy ticket asks for nothing. */
  readonly beginsAtMinute: number;
  readonly minutes: number;
  readonly set: () => Promise<Drama>;
  /** Minutes after its beginning at which pages are refused, undefined for never, and at which alerts fire. No other alert may. */
  readonly refusedAfter: number | undefined;
  readonly alerts: Readonly<Record<string, number>>;
}

const IN_WINDOW = 90;
const FRESH = 30;

/** Puts `begin` and `end` on a stage. */
async function drama(
  staging: Promise<Stage>,
  begin: (world: World, stage: Stage) => unknown,
  end: (world: World, stage: Stage) => unknown,
): Promise<Drama> {
  const stage = await staging;
  const { world } = stage;
  return Object.assign(stage, { begin: () => begin(world, stage), end: () => end(world, stage) });
}

const closePlatform = ({ sandbox }: World): Promise<void> => sandbox.close();
const openPlatform = ({ sandbox, platformUrl }: World) =>
  sandbox.listen({ port: Number(new URL(platformUrl).port) });
const failTickets = ({ sandbox }: World): void =>
  sandbox.addFault({ endpoint: 'ticket', kind: 'code', code: 1500 });
const clear = ({ sandbox }: World): void => sandbox.clearFaults();

/** The store app as the platform knows it, with another secret. */
const setStoreSecret = (appSecret: string) => (world: World) => {
  const store = world as StoreWorld;
  const events = {
    url: `${world.baseUrl}/events/shop`,
    encryptKey: ENCRYPT_KEY,
    verificationToken: VERIFICATION_TOKEN,
  };
  world.sandbox.revokeTokens('cli_shop');
  world.sandbox.addApp({ ...store.appOf('shop'), events, appSecret });
};

async function lostTenant(): Promise<Drama> {
  let isFailing = false;
  const isLost = (body: string): boolean => isFailing && body.includes('"tenant-7"');
  return drama(
    manyTenants(20, 1, { isLost }),
    ({ sandbox }) => {
      isFailing = true;
      // The next ticket call of each tenant needs a token, and the token call names the tenant.
      sandbox.revokeTokens('cli_shop');
    },
    () => (isFailing = false),
  );
}

async function storeDown(): Promise<Drama> {
  const infliction = await redisStoreFaults.find(({ name }) => name === 'redis-down')!.inflict();
  const surroundings = (world: World) => ({ sandbox: world.sandbox, clock: world.clock, world });
  const stage = await drama(
    oneApp(infliction.world),
    (world) => infliction.begin(surroundings(world)),
    (world) => infliction.end(surroundings(world)),
  );
  const close = stage.close.bind(stage);
  return Object.assign(stage, {
    async close() {
      await close();
      await infliction.dispose?.();
    },
  });
}

/** The machine's clock is set; the platform's, which shares it here, is not. */
const setClock = (ms: number) => (world: World) => {
  world.clock.setWallBack(-ms);
  world.sandbox.moveClock(-ms);
};

export const outages: readonly Outage[] = [
  {
    name: 'process-down',
    what: 'the process is down, or Prometheus cannot reach it',
    ...{ beginsAtMinute: FRESH, minutes: 30 },
    set: () =>
      drama(
        oneApp(),
        (_, stage) => (stage.isCutOff = true),
        (_, stage) => (stage.isCutOff = false),
      ),
    refusedAfter: undefined,
    alerts: { LarkJsapiDown: 2 },
  },
  {
    name: 'platform-down',
    what: 'the platform is down',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () => drama(oneApp(), closePlatform, openPlatform),
    refusedAfter: 30,
    alerts: { LarkJsapiTicketNotRenewed: 11, LarkJsapiCannotSign: 32, LarkJsapiPagesFail: 32.5 },
  },
  {
    name: 'platform-down-cold',
    what: 'the platform is down when a process starts',
    ...{ beginsAtMinute: 0, minutes: 30 },
    set: () => drama(oneApp({ beforeService: (sandbox) => sandbox.close() }), () => undefined, openPlatform),
    refusedAfter: 0,
    alerts: { LarkJsapiCannotSign: 2, LarkJsapiPagesFail: 2.5 },
  },
  {
    name: 'platform-down-store-app',
    what: 'the platform is down, store app with 20 tenants',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () => drama(manyTenants(20, 1), closePlatform, openPlatform),
    refusedAfter: 30,
    alerts: {
      LarkJsapiTenantsNotRenewed: 6,
      LarkJsapiTicketNotRenewed: 11,
      LarkJsapiCannotSign: 32,
      LarkJsapiTenantsCannotSign: 32,
      LarkJsapiPagesFail: 32.5,
      LarkJsapiTenantWithoutTicket: 40,
    },
  },
  {
    name: 'platform-hangs',
    what: 'the platform accepts calls and never answers',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () => drama(oneApp(), ({ sandbox }) => sandbox.addFault({ kind: 'hung' }), clear),
    refusedAfter: 30,
    alerts: { LarkJsapiTicketNotRenewed: 11, LarkJsapiCannotSign: 32, LarkJsapiPagesFail: 32.5 },
  },
  {
    name: 'ticket-endpoint',
    what: 'the ticket endpoint fails',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () => drama(oneApp(), failTickets, clear),
    refusedAfter: 30,
    alerts: { LarkJsapiTicketNotRenewed: 11, LarkJsapiCannotSign: 32, LarkJsapiPagesFail: 32.5 },
  },
  {
    name: 'ticket-endpoint-store-app',
    what: 'the ticket endpoint fails, store app with 20 tenants',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () => drama(manyTenants(20, 1), failTickets, clear),
    refusedAfter: 30,
    alerts: {
      LarkJsapiTenantsNotRenewed: 6,
      LarkJsapiTenantsCannotSign: 32,
      LarkJsapiPagesFail: 32.5,
      LarkJsapiTenantWithoutTicket: 40,
    },
  },
  {
    name: 'own-token-store-app',
    what: 'a store app with 20 tenants gets no app access token',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 60 },
    set: () =>
      drama(
        manyTenants(20, 1),
        ({ sandbox }) => sandbox.addFault({ endpoint: 'app-token', kind: 'code', code: 1500 }),
        clear,
      ),
    refusedAfter: undefined,
    alerts: { LarkJsapiTicketNotRenewed: 11, LarkJsapiTenantsNotRenewed: 15.5, LarkJsapiCannotSign: 32 },
  },
  {
    name: 'wrong-secret',
    what: 'the app secret was changed',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () =>
      drama(
        oneApp(),
        ({ sandbox }) => {
          sandbox.revokeTokens(APP_ID);
          sandbox.addApp({ appId: APP_ID, appSecret: 'another', trustedDomains: ['h5.example.com'] });
        },
        ({ sandbox }) =>
          sandbox.addApp({ appId: APP_ID, appSecret: APP_SECRET, trustedDomains: ['h5.example.com'] }),
      ),
    refusedAfter: 30,
    alerts: {
      LarkJsapiAppRefused: 1.5,
      LarkJsapiTicketNotRenewed: 11,
      LarkJsapiCannotSign: 32,
      LarkJsapiPagesFail: 32.5,
    },
  },
  {
    name: 'wrong-secret-store-app',
    what: 'the secret of a store app with 20 tenants was changed',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: () =>
      drama(manyTenants(20, 1), setStoreSecret('another'), setStoreSecret(platformApp('shop').appSecret)),
    refusedAfter: 30,
    alerts: {
      LarkJsapiAppRefused: 1.5,
      LarkJsapiCannotSign: 2.5,
      LarkJsapiTenantsNotRenewed: 6.5,
      LarkJsapiTenantsCannotSign: 32,
      LarkJsapiPagesFail: 32.5,
      LarkJsapiTenantWithoutTicket: 40,
    },
  },
  {
    name: 'one-tenant',
    what: 'one of 20 tenants of a store app gets no ticket',
    ...{ beginsAtMinute: IN_WINDOW, minutes: 90 },
    set: lostTenant,
    refusedAfter: 30,
    alerts: { LarkJsapiTenantsNotRenewed: 19, LarkJsapiTenantWithoutTicket: 40 },
  },
  {
    name: 'store-down',
    what: 'Redis is down',
    needs: 'redis-server',
    ...{ beginsAtMinute: FRESH, minutes: 30 },
    set: storeDown,
    refusedAfter: undefined,
    alerts: { LarkJsapiStoreDown: 5 },
  },
  {
    name: 'clock-slow',
    what: 'the clock was set 20 minutes back',
    // Through a renewal, before which a ticket seems to end too soon by a clock that is slow.
    ...{ beginsAtMinute: 60, minutes: 60 },
    set: () => drama(oneApp(), setClock(-20 * MINUTE), setClock(20 * MINUTE)),
    refusedAfter: undefined,
    alerts: { LarkJsapiClockOff: 5 },
  },
  {
    name: 'clock-fast',
    what: 'the clock was set 20 minutes ahead',
    ...{ beginsAtMinute: 60, minutes: 60 },
    set: () => drama(oneApp(), setClock(20 * MINUTE), setClock(-20 * MINUTE)),
    refusedAfter: undefined,
    alerts: { LarkJsapiClockOff: 5 },
  },
];
