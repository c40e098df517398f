// The security headers of every reply, computed once by running helmet against a recording response.
import type { ServerResponse, IncomingMessage } from 'node:http';
import helmet from 'helmet';

/**
 * Where the client's web view may frame the page from. Assumption: web apps open on their own in most places; the desktop
 * client and the workbench frame them from these domains.
 */
const CLIENT_HOSTS = ['https://*.feishu.cn', 'https://*.larksuite.com', 'https://*.larkoffice.com'];

/**
 * Where the H5 SDK comes from. Documented: `feishucdn.com` for Feishu, `larksuitecdn.com` for Lark. Seen: `bytegoofy.com`
 * for older builds. A build elsewhere is named by `scriptOrigins`.
 */
const SDK_HOSTS = ['https://*.feishucdn.com', 'https://*.larksuitecdn.com', 'https://*.bytegoofy.com'];

/**
 * The header set of pages and of every reply of Express. `scriptOrigins` are further origins that scripts may come from
 * and talk to: those of the configured H5 SDK. HSTS is left to the proxy that ends TLS, `X-Frame-Options` would forbid what `frame-ancestors`
 * allows, and `upgrade-insecure-requests` would leave a page on plain http without its scripts.
 */
export function computeSecurityHeaders({ scriptOrigins = [] as readonly string[] } = {}): Readonly<
  Record<string, string>
> {
  return record({
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", ...SDK_HOSTS, ...scriptOrigins],
    // Assumption: the SDK reports its own telemetry to the platform's hosts.
    connectSrc: ["'self'", ...CLIENT_HOSTS, ...SDK_HOSTS, ...scriptOrigins],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'self'", ...CLIENT_HOSTS],
  });
}

/**
 * The header set of the signing endpoint, whose replies are never shown: they may load nothing and be in no frame, and
 * what concerns windows, downloads and plug-ins is left out. That is the stricter policy, and the shorter one: Node checks
 * every character of every header, 4 µs of a signature's time.
 */
export function computeDataSecurityHeaders(): Readonly<Record<string, string>> {
  return record({ defaultSrc: ["'none'"], frameAncestors: ["'none'"] }, NOT_FOR_DATA);
}

const NOT_FOR_DATA = {
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** What helmet sets, with the directives of a Content-Security-Policy, and less what `without` names. */
function record(
  directives: Record<string, string[]>,
  without: Partial<typeof NOT_FOR_DATA> = {},
): Readonly<Record<string, string>> {
  const recorded: Record<string, string> = {};
  const recorder = {
    setHeader: (name: string, value: string) => (recorded[name] = value),
    removeHeader: (name: string) => Reflect.deleteProperty(recorded, name),
  };
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Pages of other origins load the replies and the browser helper; CORS says which of them may read.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: false,
    xFrameOptions: false,
    ...without,
  });
  setHeaders({} as unknown as IncomingMessage, recorder as unknown as ServerResponse, (error) => {
    if (error instanceof Error) throw error;
  });
  return Object.freeze(recorded);
}
