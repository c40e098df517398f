// The app of the demo and of `sandbox` on the command line. Its secret is public: it opens nothing real.
import type { SandboxApp } from './platform-state';

export const DEMO_APP_ID = 'cli_demo0000000001';
export const DEMO_APP_SECRET = 'demo-secret-of-the-simulated-platform';

/** Pages under development, whatever port their server has. */
const LOCAL_PAGES = ['http://localhost:*', 'http://127.0.0.1:*'];

/** The demo app, trusting the pages of this machine and those of `trustedDomains`. */
export function createDemoApp(trustedDomains: readonly string[] = []): SandboxApp {
  return {
    appId: DEMO_APP_ID,
    appSecret: DEMO_APP_SECRET,
    trustedDomains: [...trustedDomains, ...LOCAL_PAGES],
  };
}
