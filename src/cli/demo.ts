// The demo: the simulated platform and the service, with nothing to configure.
import type { Clock } from '../base/clock';
import { loadConfig } from '../config/config';
import { explainListenFailure } from '../http/listen';
import { createDemoApp } from '../sandbox/demo-apps';
import { runSandbox, type RunningSandbox } from '../sandbox/run-sandbox';
import { createService, type Service, type ServiceOverrides } from '../service';

/** What the demo runs with. */
export interface DemoOptions {
  clock: Clock;
  /** Called with the demo's text, one line at a time. */
  print: (line: string) => void;
  /** The service's port. Default 3000; 0 picks a free one. */
  port?: number;
  /** Variables of the service over the demo's own, for tests. The environment is not read: it could close what the demo shows, or open it to the network. */
  settings?: Record<string, string>;
  overrides?: ServiceOverrides;
}

/** A running demo. */
export interface Demo {
  service: Service;
  platform: RunningSandbox;
  /** The service's address, with its base path. */
  baseUrl: string;
  close(): Promise<void>;
}

/** A page that the demo signs for; it does not have to exist, since the service never fetches it. */
const EXAMPLE_ORIGIN = 'https://h5.example.com';
const EXAMPLE_PAGE = `${EXAMPLE_ORIGIN}/orders?id=42&from=workbench`;

/** Starts both on the loopback address and prints how to use them. Rejects with `ListenError` when the port is unavailable. */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const { clock, print, port: wantedPort = 3000, settings = {}, overrides = {} } = options;
  const app = createDemoApp([EXAMPLE_ORIGIN]);
  const platform = await runSandbox({
    port: 0,
    clock,
    apps: [app],
    log: () => undefined,
  });
  const environment = {
    HOST: '127.0.0.1',
    PORT: String(wantedPort),
    // The log would bury the lines below.
    LOG_LEVEL: 'warn',
    ALLOWED_ORIGINS: `${EXAMPLE_ORIGIN},http://localhost:*,http://127.0.0.1:*`,
    H5_SDK_URL: `${platform.url}/sandbox/h5-sdk.js`,
    PUBLIC_PAGE: 'on',
    LARK_APP_ID: app.appId,
    LARK_APP_SECRET: app.appSecret,
    LARK_DOMAIN: platform.url,
    ...settings,
  };
  const config = loadConfig(environment, refuseFile);
  const service = createService(config, { clock, openOperator: true, requiresOwnHost: true, ...overrides });
  async function close(): Promise<void> {
    await service.close();
    await platform.sandbox.close();
  }
  const { host, port } = await service.start().catch(async (error: unknown) => {
    await close();
    throw explainListenFailure(error, { port: '--port' });
  });
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}${config.basePath}`;
  const signUrl = `${baseUrl}/config?url=${encodeURIComponent(EXAMPLE_PAGE)}`;

  print('The service and a simulated Feishu/Lark platform are running. No credentials are needed.');
  print('');
  print(`  page                ${baseUrl}/`);
  print(`  service             ${baseUrl}`);
  print(`  simulated platform  ${platform.url}`);
  print('');
  print(`Sign the page ${EXAMPLE_PAGE}:`);
  print('');
  print(`  curl '${signUrl}'`);
  print('');
  print(
    'Sign it and let the simulated platform check the signature as the client does ("errCode":0 is good):',
  );
  print('');
  print(
    `  curl -s '${signUrl}' | curl -s -H 'Content-Type: application/json' -d @- ${platform.url}/sandbox/verify`,
  );
  print('');
  print('Try it in a page of your own on this machine; the first line is in place of the H5 SDK:');
  print('');
  print(`  <script src="${platform.url}/sandbox/h5-sdk.js"></script>`);
  print(`  <script src="${baseUrl}/lark-jsapi.js"></script>`);
  print('');
  print('Stop with Ctrl+C.');

  return { service, platform, baseUrl, close };
}

/** No setting of the demo names a file. */
function refuseFile(path: string): never {
  throw new Error(`the demo reads no file: ${path}`);
}
