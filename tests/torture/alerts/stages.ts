// The services that the alerts are shown with: one app, twenty apps, and store apps with many tenants.
import { stat } from 'node:fs/promises';
import { pageOf, appsFile, createAppsFolder, withAppsFile, writtenApp } from '../../support/apps-folder';
import { createStoreWorld } from '../../support/store-world';
import { createWorld, PAGE, type WorldOptions } from '../../support/world';
import type { Stage } from './watch-stage';

/** No client address is real here. */
const ENV = { ADMIN_PORT: '0', LOG_LEVEL: 'silent', RATE_LIMIT: '1000000' };

/** The apps file is compared every half minute: by as many readings, each of some steps, as the watch makes. */
async function readFiles(): Promise<void> {
  for (let step = 0; step < 12; step += 1) await stat(__filename);
}

const pathOf = (pageUrl: string, more = ''): string => `/config?url=${encodeURIComponent(pageUrl)}${more}`;

/** One app; a page every half minute. */
export async function oneApp(options: WorldOptions = {}): Promise<Stage> {
  const world = await createWorld({ cold: true, ...options, env: { ...ENV, ...options.env } });
  const pages = [pathOf(PAGE)];
  return { world, pages: () => pages, close: () => world.close() };
}

/** `count` apps from a file; a page of each every half minute. */
export async function manyApps(count: number): Promise<Stage> {
  const aliases = Array.from({ length: count }, (_, index) => `app${index}`);
  const folder = createAppsFolder({ 'apps.json': appsFile(aliases.map((alias) => writtenApp(alias))) });
  const world = await createWorld({
    ...{ cold: true, alsoSettle: readFiles },
    ...withAppsFile(folder.path, aliases, ENV),
  });
  const pages = aliases.map((alias) => pathOf(`${pageOf(alias)}/a`, `&app=${alias}`));
  return {
    world,
    pages: () => pages,
    async close() {
      await world.close();
      folder.remove();
    },
  };
}

/** A store app with `count` tenants that are listed, and the ceiling of docs/store-apps.md for them; a page of each every `everyScrapes` scrapes. */
export async function manyTenants(
  count: number,
  everyScrapes: number,
  options: WorldOptions = {},
): Promise<Stage> {
  const tenants = Array.from({ length: count }, (_, index) => `tenant-${index}`);
  const env = { ...ENV, TICKET_CALLS_PER_HOUR: String(5 * count + 60), ...options.env };
  const world = await createStoreWorld({
    ...options,
    alsoSettle: readFiles,
    tenants,
    more: { tenants },
    env,
  });
  const pages = tenants.map((tenant) => pathOf(`${pageOf('shop')}/a`, `&app=shop&tenant_key=${tenant}`));
  return {
    world,
    pages: (scrape) => pages.filter((_, index) => index % everyScrapes === scrape % everyScrapes),
    close: () => world.close(),
  };
}
