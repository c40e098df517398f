// What operators rotate while pages ask: no page is refused, no event is lost, and what is old ends.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appsFile,
  createAppsFolder,
  withAppsFile,
  writtenApp,
  type AppsFolder,
} from '../support/apps-folder';
import { readTextFile } from '../../src/config/read-text-file';
import { ENCRYPT_KEY, VERIFICATION_TOKEN } from '../support/store-world';
import { APP_SECRET, APP_ID, createWorld, HOUR, MINUTE, SECOND, type World } from '../support/world';

let world: World;
let folder: AppsFolder;
let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rotation-'));
});
afterEach(async () => {
  await world.close();
  rmSync(scratch, { recursive: true });
});

/** Writes a secret file as operators do: a new one moved over the old one. */
const write = (path: string, text: string): void => {
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
};
const readFile = (path: string): string => readFileSync(path, 'utf8');
const logged = (text: string): string[] => world.logLines.filter((line) => line.includes(text));

describe('ADMIN_TOKEN_FILE', () => {
  const OLD = 'the-old-token-of-16';
  const NEW = 'the-new-token-of-16';
  let path: string;
  beforeEach(async () => {
    path = join(scratch, 'token');
    write(path, `${OLD}\n`);
    world = await createWorld({ env: { ADMIN_TOKEN_FILE: path }, readFile });
  });
  const status = async (token: string): Promise<number> =>
    (await world.get('/admin/apps', { headers: { Authorization: `Bearer ${token}` } })).status;

  it('is read again at SIGHUP: both tokens, then the new one alone', async () => {
    write(path, `${OLD},${NEW}`);
    await world.service.reload();
    expect([await status(OLD), await status(NEW)]).toEqual([200, 200]);
    write(path, NEW);
    await world.service.reload();
    expect([await status(OLD), await status(NEW)]).toEqual([401, 200]);
    expect(logged('these files were read again')).toEqual([
      expect.stringContaining('"ADMIN_TOKEN_FILE":"changed"'),
      expect.stringContaining('"ADMIN_TOKEN_FILE":"changed"'),
    ]);
    expect(world.logLines.join('')).not.toMatch(/the-(?:old|new)-token/);
  });

  it('is read again for a token that is refused, once a second at most', async () => {
    expect(await status(NEW)).toBe(401);
    write(path, NEW);
    expect(await status(NEW)).toBe(401);
    await world.clock.advance(SECOND);
    expect(await status(NEW)).toBe(200);
    expect(await status(OLD)).toBe(401);
  });

  it('changes nothing while it is empty, too short or gone, and the log says what is wrong', async () => {
    for (const text of ['', 'short', undefined]) {
      if (text === undefined) rmSync(path);
      else write(path, text);
      await world.service.reload();
      expect([await status(OLD), await status('short')]).toEqual([200, 401]);
    }
    expect(logged('the file cannot be used: the secret stays as it is')).toEqual([
      expect.stringMatching(/"setting":"ADMIN_TOKEN_FILE","fault":"the file is empty/),
      expect.stringMatching(/"fault":"a token is shorter than 16/),
      expect.stringMatching(/"fault":"the file cannot be read \(ENOENT\)/),
    ]);
  });
});

describe('LARK_APP_SECRET_FILE', () => {
  let path: string;
  const run = async (secret: string): Promise<void> => {
    path = join(scratch, 'secret');
    write(path, secret);
    world = await createWorld({
      env: { LARK_APP_SECRET: '', LARK_APP_SECRET_FILE: path },
      readFile,
      // A reading of the service has ended when later ones of the same file have.
      async alsoSettle() {
        for (let count = 0; count < 3; count += 1) await readTextFile(path).catch(() => undefined);
      },
    });
  };
  const changeAtPlatform = (appSecret: string): void =>
    world.sandbox.addApp({ appId: APP_ID, appSecret, trustedDomains: ['h5.example.com'] });

  it('is read again at SIGHUP, and the ticket stays in use', async () => {
    await run(APP_SECRET);
    changeAtPlatform('secret-2');
    write(path, 'secret-2\n');
    await world.service.reload();
    expect((await world.config()).status).toBe(200);
    expect(logged('"LARK_APP_SECRET_FILE":"changed"')).toHaveLength(1);
    // The next tokens and tickets are fetched with the new secret.
    await world.advance(4 * HOUR);
    expect((await world.config()).status).toBe(200);
    expect(logged('no ticket could be loaded')).toEqual([]);
  });

  it('is read again when the platform refuses the app, before its ticket ends', async () => {
    await run(APP_SECRET);
    changeAtPlatform('secret-2');
    // The token of the start serves the first renewal, after an hour and a half; the second one, at three, needs a new token.
    await world.advance(3 * HOUR + 5 * MINUTE);
    expect(logged('no ticket could be loaded')).not.toEqual([]);
    write(path, 'secret-2');
    await world.advance(10 * MINUTE);
    expect(logged('"setting":"LARK_APP_SECRET_FILE"')).toHaveLength(1);
    await world.advance(HOUR);
    expect((await world.config()).status).toBe(200);
  });

  it('says at SIGHUP that there is nothing to read again when the secret is in a variable', async () => {
    world = await createWorld();
    await world.service.reload();
    expect(logged('there is nothing to read again')).toHaveLength(1);
  });
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

  afterEach(() => folder.remove());

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
