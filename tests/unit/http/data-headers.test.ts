// The headers of the signing endpoint are those that helmet would set.
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import { DATA_HEADERS } from '../../../src/http/data-headers';

test('they are helmet’s, less what concerns windows, downloads and plug-ins', () => {
  const set: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => (set[name] = value),
    removeHeader: (name: string) => Reflect.deleteProperty(set, name),
  };
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: false,
    xFrameOptions: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })({} as unknown as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  expect(DATA_HEADERS).toEqual(set);
});
