// LARK_APPS_FILE as an operator meets it: faults at the start, and SIGHUP.
import { writeFileSync } from 'node:fs';
import { appsFile, createAppsFolder, writtenApp, type AppsFolder } from '../support/apps-folder';
import { runMain, type RunningProcess } from '../support/run-main';

let folder: AppsFolder;
let main: RunningProcess;
afterEach(() => {
  main.child.kill('SIGKILL');
  folder.remove();
});

function run(apps: string): void {
  folder = createAppsFolder({ 'apps.json': apps });
  // Nothing listens on port 9: the apps cannot sign, and are there all the same.
  const env = {
    LARK_APPS_FILE: folder.path,
    LARK_DOMAIN: 'http://127.0.0.1:9',
    HOST: '127.0.0.1',
    PORT: '0',
  };
  main = runMain([], { ...env, APPS_RELOAD_SECONDS: '0' });
}

test('a wrong file ends the start with exit code 2 and a line for each fault', async () => {
  run(appsFile([writtenApp('shop', { appSecret: undefined, typ: 'store' })]));
  expect(await main.end()).toBe(2);
  expect(main.stderr().trim().split('\n').sort()).toEqual([
    expect.stringMatching(/^LARK_APPS_FILE: apps\[0\]\.appSecret: missing/),
    expect.stringMatching(/^LARK_APPS_FILE: apps\[0\]\.typ: is no setting/),
  ]);
});

test('SIGHUP ends no process, also one without an apps file', async () => {
  folder = createAppsFolder({});
  main = runMain([], {
    ...{
      LARK_APP_ID: 'cli_0123456789abcdef',
      LARK_APP_SECRET: 'a-secret',
      ALLOWED_ORIGINS: 'https://h5.example.com',
    },
    ...{ LARK_DOMAIN: 'http://127.0.0.1:9', HOST: '127.0.0.1', PORT: '0' },
  });
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  main.child.kill('SIGHUP');
  await main.said(/"msg":"there is nothing to read again/);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect(await main.end('SIGTERM')).toBe(0);
});

test('SIGHUP has the file compared, and ends nothing', async () => {
  run(appsFile([writtenApp('shop')]));
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  const status = async (app: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}/readyz?app=${app}`)).status;
  expect([await status('shop'), await status('wiki')]).toEqual([503, 400]);
  writeFileSync(folder.path, appsFile([writtenApp('shop'), writtenApp('wiki')]));
  main.child.kill('SIGHUP');
  await main.said(/"msg":"the apps were exchanged"/);
  expect(await status('wiki')).toBe(503);
  writeFileSync(folder.path, '{');
  main.child.kill('SIGHUP');
  await main.said(/"msg":"the apps file cannot be used/);
  expect(await status('wiki')).toBe(503);
  expect(await main.end('SIGTERM')).toBe(0);
});
