// The security headers of pages and of every reply of Express, computed once by running helmet against a recording response.
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

/** What helmet sets, with the directives of a Content-Security-Policy. */
function record(directives: Record<string, string[]>): Readonly<Record<string, string>> {
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
  });
  setHeaders({} as unknown as IncomingMessage, recorder as unknown as ServerResponse, (error) => {
    if (error instanceof Error) throw error;
  });
  return Object.freeze(recorded);
}
