// LARK_APPS_FILE and the files of secrets as an operator meets them: faults at the start, and SIGHUP.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    expect.stringMatching(/^LARK_APPS_FILE: apps\[0\]\.typ: unknown setting/),
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

test('SIGHUP during the start ends nothing, and has the file compared after it', async () => {
  const hangUp = `const { Server } = require('node:net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...all) { process.kill(process.pid, 'SIGHUP'); return listen.apply(this, all); };`;
  folder = createAppsFolder({ 'apps.json': appsFile([writtenApp('shop')]), 'hang-up.js': hangUp });
  main = runMain([], {
    ...{ LARK_APPS_FILE: folder.path, LARK_DOMAIN: 'http://127.0.0.1:9', HOST: '127.0.0.1', PORT: '0' },
    ...{ APPS_RELOAD_SECONDS: '0', NODE_OPTIONS: `--require=${join(dirname(folder.path), 'hang-up.js')}` },
  });
  await main.said(/"msg":"listening"[^]*"msg":"these files were read again/);
  expect(await main.end('SIGTERM')).toBe(0);
});

test('SIGHUP has the files of secrets read again', async () => {
  folder = createAppsFolder({ secret: 'a-secret', token: 'the-old-token-of-16' });
  const fileOf = (name: string): string => join(dirname(folder.path), name);
  main = runMain([], {
    ...{ LARK_APP_ID: 'cli_0123456789abcdef', ALLOWED_ORIGINS: 'https://h5.example.com' },
    ...{ LARK_APP_SECRET_FILE: fileOf('secret'), ADMIN_TOKEN_FILE: fileOf('token') },
    ...{ LARK_DOMAIN: 'http://127.0.0.1:9', HOST: '127.0.0.1', PORT: '0' },
  });
  const [, port] = await main.said(/"port":(\d+),"msg":"listening"/);
  folder.swap({ secret: 'a-secret', token: 'the-new-token-of-16' });
  main.child.kill('SIGHUP');
  await main.said(
    /"ADMIN_TOKEN_FILE":"changed","LARK_APP_SECRET_FILE":"unchanged","msg":"these files were read again; any other setting needs a restart"/,
  );
  const statusWith = async (token: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}/admin/apps`, { headers: { Authorization: `Bearer ${token}` } }))
      .status;
  expect([await statusWith('the-old-token-of-16'), await statusWith('the-new-token-of-16')]).toEqual([
    401, 200,
  ]);
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
