// The app of the demo and of `sandbox` on the command line. Its secret is public: it opens nothing real.
import type { SandboxApp } from './platform-state';

export const DEMO_APP_ID = 'cli_demo0000000001';
export const DEMO_APP_SECRET = 'demo-secret-of-the-simulated-platform';

/** The demo app, trusting pages of `trustedDomains`. */
export function createDemoApp(trustedDomains: string[]): SandboxApp {
  return { appId: DEMO_APP_ID, appSecret: DEMO_APP_SECRET, trustedDomains };
}
