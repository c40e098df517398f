// What operators rotate while pages ask: no page is refused, no event is lost, and what is old ends.
import {
  appsFile,
  createAppsFolder,
  withAppsFile,
  writtenApp,
  type AppsFolder,
} from '../support/apps-folder';
import { ENCRYPT_KEY, VERIFICATION_TOKEN } from '../support/store-world';
import { createWorld, type World } from '../support/world';

let world: World;
let folder: AppsFolder;
afterEach(async () => {
  await world.close();
  folder.remove();
});

describe('the encrypt key and the verification token of a store app', () => {
  const app = { appId: 'cli_shop', appSecret: 'secret-of-shop', type: 'store' } as const;

  /** What the platform encrypts and signs its events with from now on. */
  const changeAtPlatform = (encryptKey: string, verificationToken: string): void => {
    const url = `${world.baseUrl}/events/shop`;
    world.sandbox.addApp({ ...app, trustedDomains: [], events: { url, encryptKey, verificationToken } });
  };
  const written = (keys: string, tokens: string): Record<string, string> => ({
    'apps.json': appsFile([
      writtenApp('shop', { type: 'store', encryptKeyFile: 'key', verificationTokenFile: 'token' }),
    ]),
    key: keys,
    token: tokens,
  });
  const configure = async (keys: string, tokens: string): Promise<void> => {
    folder.swap(written(keys, tokens));
    await world.service.reload();
  };
  const statuses = (): Promise<unknown> =>
    world.sandbox.sendEvent('cli_shop', { type: 'app_ticket', app_id: 'cli_shop', app_ticket: 'a-ticket' });

  it('are valid side by side, so that no event is refused on the way', async () => {
    folder = createAppsFolder(written(ENCRYPT_KEY, VERIFICATION_TOKEN));
    world = await createWorld(withAppsFile(folder.path, ['shop']));
    changeAtPlatform(ENCRYPT_KEY, VERIFICATION_TOKEN);
    expect(await statuses()).toEqual([200]);
    await configure(`${ENCRYPT_KEY},new-key`, `${VERIFICATION_TOKEN},new-token`);
    expect(await statuses()).toEqual([200]);
    changeAtPlatform('new-key', 'new-token');
    expect(await statuses()).toEqual([200]);
    await configure('new-key', 'new-token');
    expect(await statuses()).toEqual([200]);
    changeAtPlatform(ENCRYPT_KEY, VERIFICATION_TOKEN);
    expect(await statuses()).toEqual([401]);
    expect(world.logLines.join('')).not.toMatch(/new-(?:key|token)/);
  });
});
