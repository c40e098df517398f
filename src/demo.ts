// The demo: the simulated platform and the service beside it, with nothing to configure.
import type { Clock } from './clock';
import { loadConfig } from './config';
import type { ReadFile } from './config/variable-kinds';
import { createDemoApp } from './sandbox/demo-apps';
import { runSandbox, type RunningSandbox } from './sandbox/run-sandbox';
import { createService, type Service, type ServiceOverrides } from './service';

/** What the demo runs with. */
export interface DemoOptions {
  /** Environment variables of the service that win over the demo's own: `PORT`, `LOG_LEVEL`, … */
  env: Record<string, string | undefined>;
  readFile: ReadFile;
  clock: Clock;
  /** Gets what a newcomer reads, one line at a time. */
  print: (line: string) => void;
  /** The simulated platform's port. Default: a free one. */
  sandboxPort?: number;
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

/** Starts both on the loopback address and prints how to use them. */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const { env, clock, print, overrides = {} } = options;
  const app = createDemoApp([EXAMPLE_ORIGIN]);
  const platform = await runSandbox({
    port: options.sandboxPort ?? 0,
    clock,
    apps: [app],
    log: () => undefined,
  });
  const environment = {
    HOST: '127.0.0.1',
    // The log would bury the lines below; LOG_LEVEL=info shows it.
    LOG_LEVEL: 'warn',
    ALLOWED_ORIGINS: `${EXAMPLE_ORIGIN},http://localhost:*,http://127.0.0.1:*`,
    H5_SDK_URL: `${platform.url}/sandbox/h5-sdk.js`,
    ...env,
    PUBLIC_PAGE: 'on',
    LARK_APPS_FILE: undefined,
    LARK_APP_ID: app.appId,
    LARK_APP_SECRET: app.appSecret,
    LARK_DOMAIN: platform.url,
  };
  const config = loadConfig(environment, options.readFile);
  const service = createService(config, { clock, openOperator: true, ...overrides });
  const { host, port } = await service.start();
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}${config.basePath}`;
  // The page that the service shows is a page of the demo app too, under every name this machine has for itself.
  const ownOrigins = ['127.0.0.1', 'localhost'].map((name) => `http://${name}:${port}`);
  platform.sandbox.addApp(createDemoApp([EXAMPLE_ORIGIN, new URL(baseUrl).origin, ...ownOrigins]));
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
  print('Stop with Ctrl+C.');

  return {
    service,
    platform,
    baseUrl,
    async close() {
      await service.close();
      await platform.sandbox.close();
    },
  };
}
