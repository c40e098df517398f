// The simulated platform as a separate program: listens and prints how to use it.
import type { Clock } from '../base/clock';
import { CONTROL_PATHS } from './control-routes';
import { createDemoApp } from './demo-apps';
import { createSandbox, type Sandbox, type SandboxApp } from './sandbox';

/** The options of `runSandbox`. */
export interface RunSandboxOptions {
  /** Default 4400; 0 picks a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  clock: Clock;
  /** Default: the demo app, trusting pages of this machine. */
  apps?: readonly SandboxApp[];
  /** Called with one line at a time. */
  log: (line: string) => void;
}

/** A simulated platform that listens. */
export interface RunningSandbox {
  sandbox: Sandbox;
  url: string;
  port: number;
}

/** Starts a simulated platform and logs its address, its credentials and its control paths. */
export async function runSandbox(options: RunSandboxOptions): Promise<RunningSandbox> {
  // 4400: different from the service's 3000, and rarely used.
  const { port = 4400, host = '127.0.0.1', clock, log, apps = [createDemoApp()] } = options;
  const sandbox = createSandbox({ clock, apps });
  const { url, port: bound } = await sandbox.listen({ host, port });
  log(`simulated platform listening on ${url}`);
  for (const { appId, appSecret, trustedDomains } of apps) {
    log(`LARK_DOMAIN=${url} LARK_APP_ID=${appId} LARK_APP_SECRET=${appSecret}`);
    log(`  H5 trusted domains: ${trustedDomains.join(', ') || 'none'}`);
  }
  log(`control: ${CONTROL_PATHS.join(', ')}`);
  return { sandbox, url, port: bound };
}
