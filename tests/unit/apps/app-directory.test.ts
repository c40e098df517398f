// The apps of a process: platforms are shared and released, readiness stays.
import { AppDirectory } from '../../../src/apps/app-directory';
import type { AppSettings } from '../../../src/apps/app-settings';
import type { Platform } from '../../../src/open-platform/platform';
import type { LarkApp } from '../../../src/apps/lark-app';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

/** What happened, in order. */
let happened: string[];
let apps: AppDirectory;
/** Aliases of the apps that have had a ticket. */
let readyAliases: string[];
let clock: FakeClock;
/** How long an app's first attempt takes, and whether the platform's time is being asked for. */
let attemptMs: number;
let isTimeAwaited: boolean;

const app = (alias: string, platformBaseUrl = 'https://one', type = 'custom'): AppSettings =>
  ({ alias, appId: `cli_${alias}`, platformBaseUrl, type }) as AppSettings;

function told(what: string): Promise<void> {
  happened.push(what);
  return Promise.resolve();
}

beforeEach(() => {
  happened = [];
  readyAliases = [];
  clock = new FakeClock();
  attemptMs = 0;
  isTimeAwaited = false;
  const time = {
    get isAwaited() {
      return isTimeAwaited;
    },
  };
  apps = new AppDirectory({
    clock,
    random: () => 0.5,
    createPlatform(baseUrl) {
      happened.push(`open ${baseUrl}`);
      return { baseUrl, time, close: () => happened.push(`close ${baseUrl}`) } as unknown as Platform;
    },
    createLarkApp(settings, { baseUrl }) {
      let { alias } = settings;
      happened.push(`create ${String(alias)} on ${baseUrl}`);
      const tell = (what: string) => () => void happened.push(`${what} ${String(alias)}`);
      return {
        appId: settings.appId,
        get alias() {
          return alias;
        },
        get wasReady() {
          return readyAliases.includes(String(alias));
        },
        update(changed: AppSettings) {
          ({ alias } = changed);
        },
        async warmUp() {
          await told(`warm ${String(alias)}`);
          if (attemptMs === 0) return false;
          await new Promise<void>((resolve) => clock.setTimer(resolve, attemptMs));
          readyAliases.push(String(alias));
          return true;
        },
        retire: () => told(`retire ${String(alias)}`),
        close: tell('close'),
      } as unknown as LarkApp;
    },
  });
});

it('shares a platform between its apps and releases it with the last one', async () => {
  apps.exchange([app('a'), app('b'), app('c', 'https://two')]);
  apps.exchange([app('b'), app('c', 'https://two')]);
  await flushMicrotasks();
  apps.exchange([app('c', 'https://two')]);
  await flushMicrotasks();
  expect(happened).toEqual([
    'open https://one',
    'create a on https://one',
    'create b on https://one',
    'open https://two',
    'create c on https://two',
    'retire a',
    'close a',
    'retire b',
    'close b',
    'close https://one',
  ]);
});

it('finds an app by its new alias only, and by its id', () => {
  expect(apps.exchange([app('a'), app('b')])).toEqual({ added: ['cli_a', 'cli_b'], removed: [] });
  expect(apps.exchange([{ ...app('a'), alias: 'new' }])).toEqual({ added: [], removed: ['cli_b'] });
  expect(apps.find('new')).toBe(apps.find('cli_a'));
  expect(apps.find(undefined)).toBe(apps.find('cli_a'));
  for (const name of ['a', 'b', 'cli_b', '']) expect(() => apps.find(name)).toThrow('No app of that name');
});

it.each([app('a', 'https://two'), app('a', 'https://one', 'store')])(
  'takes an app of another platform or type for another app',
  (other) => {
    apps.exchange([app('a')]);
    const before = apps.find('a');
    apps.exchange([other]);
    expect(apps.find('a')).not.toBe(before);
  },
);

it('starts what is added later as well, each once', async () => {
  apps.exchange([app('a')]);
  expect(happened).not.toContain('warm a');
  apps.start();
  apps.exchange([app('a'), app('b')]);
  await flushMicrotasks();
  expect(happened.filter((line) => line.startsWith('warm'))).toEqual(['warm a', 'warm b']);
});

it('stays ready once an app was, also when that app is gone', () => {
  apps.exchange([app('a'), app('b')]);
  expect(apps.ready()).toBe(false);
  readyAliases = ['a'];
  apps.exchange([app('b')]);
  readyAliases = [];
  expect(apps.ready()).toBe(true);
});

it('is ready once each of 300 apps has had its first attempt', async () => {
  attemptMs = 800;
  apps.exchange(Array.from({ length: 300 }, (_, index) => app(`app-${index}`)));
  apps.start();
  for (let seconds = 0; !apps.ready(); seconds += 1) {
    expect(seconds).toBeLessThan(180);
    await clock.advance(1_000);
  }
  expect(readyAliases).toHaveLength(300);
});

it('waits three minutes for the first attempts, and for the first ticket without limit', async () => {
  attemptMs = 1_000_000;
  apps.exchange([app('a'), app('b')]);
  apps.start();
  await clock.advance(170_000);
  readyAliases = ['a'];
  expect(apps.ready()).toBe(false);
  await clock.advance(10_000);
  readyAliases = [];
  expect(apps.ready()).toBe(false);
  readyAliases = ['a'];
  expect(apps.ready()).toBe(true);
});

it('is not ready while the time to sign with is being asked for', async () => {
  readyAliases = ['a'];
  apps.exchange([app('a')]);
  apps.start();
  await flushMicrotasks();
  isTimeAwaited = true;
  expect(apps.ready()).toBe(false);
  isTimeAwaited = false;
  expect(apps.ready()).toBe(true);
  // Once is enough: a clock that is set later takes no replica away.
  isTimeAwaited = true;
  expect(apps.ready()).toBe(true);
});

it('closes everything once', async () => {
  apps.exchange([app('a'), app('b')]);
  apps.exchange([app('a')]);
  apps.close();
  await flushMicrotasks();
  expect(happened.filter((line) => line.startsWith('close')).sort()).toEqual([
    'close a',
    'close b',
    'close https://one',
  ]);
});
