// The settings, one table: how each variable becomes a value, its default, and its text in docs/configuration.md, README and .env.example.
import * as z from 'zod';
import { parseCaCertificates } from '../base/certificates';
import { Secret } from '../base/secret';
import { parseAdminTokens } from './parse-admin-tokens';
import { parseCompatRoutes } from './parse-compat-routes';
import { parsePlatformBaseUrl } from './parse-platform-base-url';
import { defaultSdkUrls, parseSdkUrls } from './parse-sdk-urls';
import { parseTicketStore } from './parse-ticket-store';
import { parseTrustProxy } from './parse-trust-proxy';
import {
  parseAllowedOrigins,
  parseAppId,
  parseBasePath,
  parseHost,
  parseHostNames,
  parseJsApiList,
  parseLogLevel,
  parseProxyUrl,
} from './parse-values';
import {
  flag,
  integer,
  optionalSecret,
  orFault,
  parsed,
  readFlag,
  readText,
  secret,
  type Read,
  type ReadFile,
} from './variable-kinds';

/** What a schema may read in addition to its own value. */
interface Context {
  readonly read: Read;
  readonly readFile: ReadFile;
  readonly allowHttp: boolean;
  readonly hasAppsFile: boolean;
}

/** What the documents say of a setting: one line of Markdown, with links as from `docs/`. */
interface Documented {
  readonly en: string;
  readonly zh: string;
  /** For `.env.example`. */
  readonly example: string;
  /** The default in the documents, where it cannot be told from the schema's. */
  readonly shown?: string;
}

type Schema = (context: Context) => z.ZodType;

/** A schema sees its own value. Without one the variable is the file of another, which reads it. */
function setting<Own extends Schema | undefined>(schema: Own, documented: Documented) {
  return { schema, ...documented };
}

const allowedOrigins = parsed(
  parseAllowedOrigins,
  'the origins of the pages to sign for, as https://h5.example.com,https://*.example.com,http://localhost:*',
);

function refuseWithAppsFile(): never {
  throw new Error('set together with LARK_APPS_FILE, remove one of the two');
}

/** In the order of the documents. A new setting is added here, in `Config` and in `toConfig`. */
export const SETTINGS = {
  LARK_APP_ID: setting(
    ({ hasAppsFile }) =>
      hasAppsFile
        ? parsed(refuseWithAppsFile).optional()
        : parsed(parseAppId, 'the app id from the developer console, cli_…'),
    {
      en: 'the app id from the developer console, `cli_…`',
      zh: '开发者后台中的 App ID，`cli_…`',
      example: 'cli_0123456789abcdef',
    },
  ),
  // With an apps file it may be the variable that an app of it names.
  LARK_APP_SECRET: setting(
    ({ read, readFile, hasAppsFile }) =>
      hasAppsFile
        ? optionalSecret('LARK_APP_SECRET', read, readFile)
        : secret('LARK_APP_SECRET', 'the app secret from the developer console', read, readFile),
    {
      en: 'the app secret from the developer console',
      zh: '开发者后台中的 App Secret',
      example: '',
    },
  ),
  LARK_APP_SECRET_FILE: setting(undefined, {
    en: 'file that contains the secret, in place of `LARK_APP_SECRET`; [rotated without a restart](operations/README.md#rotating-secrets)',
    zh: '从文件读取 `LARK_APP_SECRET` 的值；[不重启即可轮换](operations/README.zh-CN.md#轮换密钥)',
    example: '/run/secrets/lark_app_secret',
  }),
  LARK_APPS_FILE: setting(() => z.string().optional(), {
    en: 'a JSON file with many apps, in place of `LARK_APP_ID`, see [Many apps](many-apps.md)',
    zh: '包含多个应用的 JSON 文件，代替 `LARK_APP_ID`，见[多个应用](many-apps.zh-CN.md)',
    example: '/etc/lark/apps.json',
  }),
  // An hour: for a rarer comparison a restart is simpler.
  APPS_RELOAD_SECONDS: setting(() => integer(0, 3_600).default(30), {
    en: 'seconds between two checks of `LARK_APPS_FILE`; `0`: on SIGHUP only',
    zh: '检查 `LARK_APPS_FILE` 的间隔秒数；`0`：只在收到 SIGHUP 时检查',
    example: '30',
  }),
  ALLOWED_ORIGINS: setting(({ hasAppsFile }) => (hasAppsFile ? allowedOrigins.optional() : allowedOrigins), {
    en: 'origins of the pages to sign for, comma-separated; `https://*.example.com` covers every subdomain but not `example.com`',
    zh: '允许签名的页面源，逗号分隔；`https://*.example.com` 包含所有子域名，但不含 `example.com`',
    example: 'https://h5.example.com',
  }),
  LARK_DOMAIN: setting(
    ({ allowHttp }) => parsed((text) => parsePlatformBaseUrl(text, allowHttp)).prefault('feishu'),
    {
      shown: 'feishu',
      en: '`feishu`, `lark`, or the base URL of a private deployment or forwarder; it may hold a path',
      zh: '`feishu`、`lark`，或私有化部署、内部转发服务的根地址，可以带路径',
      example: 'feishu',
    },
  ),
  LARK_ALLOW_HTTP: setting(() => flag().default(false), {
    en: '`on` allows an http base URL on another machine: secret and ticket then travel in clear text',
    zh: '`on` 允许根地址是另一台机器上的 http：此时 App Secret 和 ticket 以明文传输',
    example: 'false',
  }),
  LARK_CA_FILE: setting(
    ({ readFile }) => parsed((path) => parseCaCertificates(readText(path, readFile)).join('\n')).optional(),
    {
      en: 'PEM certificates to trust in addition to the default roots',
      zh: '在默认根证书之外信任的 PEM 证书',
      example: '/etc/ssl/company-ca.pem',
    },
  ),
  HTTPS_PROXY: setting(() => parsed(parseProxyUrl).optional(), {
    en: 'proxy for https calls to the platform; lower case works too and wins',
    zh: '以 https 调用平台时使用的代理；小写也可以，且优先',
    example: 'http://proxy.example.com:3128',
  }),
  HTTP_PROXY: setting(() => parsed(parseProxyUrl).optional(), {
    en: 'proxy for http calls, and for https ones when `HTTPS_PROXY` is not set',
    zh: '以 http 调用时使用的代理；没有设置 `HTTPS_PROXY` 时也用于 https',
    example: 'http://proxy.example.com:3128',
  }),
  NO_PROXY: setting(() => z.string().optional(), {
    en: 'comma-separated hosts that are called without a proxy',
    zh: '不经代理调用的主机，逗号分隔',
    example: 'localhost,.internal.example.com',
  }),
  JS_API_LIST: setting(() => parsed(parseJsApiList).optional(), {
    en: 'comma-separated names; every reply carries them as `jsApiList`',
    zh: '逗号分隔的名称；每个响应都以 `jsApiList` 带上它们',
    example: 'scanCode,getLocation',
  }),
  H5_SDK_URL: setting(
    ({ read, allowHttp }) =>
      parsed((text) => parseSdkUrls(text, allowHttp)).default(defaultSdkUrls(read('LARK_DOMAIN'))),
    {
      en: 'comma-separated H5 SDK scripts that the browser helper loads, in order, when the page has none. Without it builds for Feishu, or with `LARK_DOMAIN=lark` the one for Lark first',
      zh: '逗号分隔的 H5 JSSDK 脚本地址，页面没有加载时由浏览器端脚本依次加载。不设置时使用飞书的版本；`LARK_DOMAIN=lark` 时先使用 Lark 的版本',
      example: 'https://lf-scm-cn.feishucdn.com/lark/op/h5-js-sdk-1.5.48.js',
    },
  ),
  PUBLIC_PAGE: setting(() => flag().default(false), {
    en: "`on` shows a page at `/`: the service's state, and a form to try a signature",
    zh: '`on` 在 `/` 提供一个页面：服务的状态，以及试用签名的表单',
    example: 'off',
  }),
  ADMIN_TOKEN: setting(
    ({ read, readFile }) =>
      optionalSecret('ADMIN_TOKEN', read, readFile).transform(
        orFault((text) => (text ? parseAdminTokens(text) : [])),
      ),
    {
      en: "opens the operator's endpoints: 16 characters or more, two with a comma between while rotating",
      zh: '开启运维接口的管理令牌：至少 16 个字符；轮换期间可写两个，用逗号分隔',
      example: '',
    },
  ),
  ADMIN_TOKEN_FILE: setting(undefined, {
    en: 'file that contains the token, in place of `ADMIN_TOKEN`; [rotated without a restart](operations/README.md#rotating-secrets)',
    zh: '从文件读取 `ADMIN_TOKEN` 的值；[不重启即可轮换](operations/README.zh-CN.md#轮换密钥)',
    example: '/run/secrets/admin_token',
  }),
  HOST: setting(() => parsed(parseHost).optional(), {
    en: 'address to listen on; without it every address, IPv4 and IPv6',
    zh: '监听地址；不设置则监听所有地址，包括 IPv4 和 IPv6',
    example: '127.0.0.1',
  }),
  ADMIN_PORT: setting(
    ({ read }) =>
      integer(0, 65_535)
        .refine((port) => port === 0 || String(port) !== (read('PORT') ?? '3000'), {
          error: 'the port of the service itself: write another one',
        })
        .optional(),
    {
      en: "a second listener for the operator's endpoints, without a token: keep it inside the cluster",
      zh: '运维接口的独立端口，不需要令牌：只在集群内部开放',
      example: '9464',
    },
  ),
  ADMIN_HOST: setting(() => parsed(parseHost).optional(), {
    en: 'where `ADMIN_PORT` listens; without it at `HOST`, and on every address without either, which is warned about',
    zh: '`ADMIN_PORT` 的监听地址；不设置则与 `HOST` 相同，两者都不设置时监听所有地址并给出警告',
    example: '127.0.0.1',
  }),
  ADMIN_HOSTNAMES: setting(() => parsed(parseHostNames).default([]), {
    en: 'comma-separated names at which operators ask without a token, `signer.internal`; IP addresses and `localhost` need no entry',
    zh: '逗号分隔：运维人员不带令牌访问时所用的主机名，如 `signer.internal`；IP 地址和 `localhost` 无需列出',
    example: 'signer.internal',
  }),
  PORT: setting(() => integer(0, 65_535).default(3000), {
    en: 'port to listen on; `0` picks a free one',
    zh: '监听端口；`0` 表示自动选择空闲端口',
    example: '3000',
  }),
  BASE_PATH: setting(() => parsed(parseBasePath).default(''), {
    en: 'prefix of every route and link, such as `/lark`; `/healthz` answers without it too',
    zh: '所有路由和链接的前缀，例如 `/lark`；`/healthz` 不带前缀也会响应',
    example: '/lark',
  }),
  TRUST_PROXY: setting(() => parsed(parseTrustProxy).default(false), {
    shown: 'false',
    en: 'whose `X-Forwarded-For` to believe: a number of proxies, or addresses and subnets; a bare `true` is refused',
    zh: '信任谁的 `X-Forwarded-For`：代理的层数，或地址与网段；不接受 `true`',
    example: 'false',
  }),
  // A thousand a second, far beyond a page's needs: for a company behind one address. A billion is no limit at all.
  RATE_LIMIT: setting(() => integer(0, 1_000_000_000).default(60_000), {
    en: 'requests for signatures per minute and client, counted per process; `0` is off',
    zh: '每个客户端地址每分钟的签名请求数，按进程计数；`0` 表示关闭',
    example: '60000',
  }),
  // A person opens few tenants. At most what TICKET_CALLS_PER_HOUR could follow.
  NEW_TENANTS_PER_CLIENT: setting(() => integer(1, 10_000).default(3), {
    en: 'store apps: new tenants tried per client per minute',
    zh: '商店应用：每个客户端地址每分钟可以尝试的新租户数',
    example: '3',
  }),
  NEW_TENANTS_PER_MINUTE: setting(() => integer(1, 10_000).default(10), {
    en: 'store apps: the same for all clients of an app; half of them only for networks without a refusal, see [Store apps](store-apps.md#made-up-tenants)',
    zh: '商店应用：同上，一个应用的所有客户端合计；其中一半只留给没有被拒绝过的网络，见[商店应用](store-apps.zh-CN.md#编造的租户)',
    example: '10',
  }),
  // A day: the platform sends an event again for the last time after about 7 hours.
  EVENT_MAX_AGE_SECONDS: setting(() => integer(0, 86_400).default(300), {
    en: 'store apps: how old the signature of an event may be, in seconds; `0` accepts any age',
    zh: '商店应用：事件的签名最多可以是多少秒以前的；`0` 表示不限',
    example: '300',
  }),
  COMPAT_ROUTES: setting(() => parsed(parseCompatRoutes).default([]), {
    en: 'further paths for existing front ends: `/old/path=sample,/other=envelope`',
    zh: '为已有前端增加的路径：`/old/path=sample,/other=envelope`',
    example: '/api/get_signature=sample',
  }),
  TICKET_STORE: setting(
    ({ read, readFile }) =>
      optionalSecret('TICKET_STORE', read, readFile).transform(
        orFault((text) => parseTicketStore(text ?? new Secret('memory'), read('TICKET_STORE_FILE'))),
      ),
    {
      shown: 'memory',
      en: 'where tickets are kept: `memory`, `file:<path>`, `redis://…`, `rediss://…`, `redis+sentinel://h1,h2/<master>`; `?prefix=` names the keys, see [the fleet](operations/fleet.md)',
      zh: 'ticket 的存储位置：`memory`、`file:<path>`、`redis://…`、`rediss://…`、`redis+sentinel://h1,h2/<master>`；`?prefix=` 指定键的前缀，见[多实例部署](operations/fleet.zh-CN.md)',
      example: '',
    },
  ),
  TICKET_STORE_FILE: setting(undefined, {
    en: 'file that contains the `TICKET_STORE` value; [changed without a restart](operations/README.md#changing-the-password-of-redis)',
    zh: '从文件读取 `TICKET_STORE` 的值；[不重启即可更换](operations/README.zh-CN.md#更换-redis-的密码)',
    example: '/run/secrets/ticket_store',
  }),
  // At least 2: the ceiling keeps a share for the recovery. At most what no sane renewal comes near: 10,000 an hour is a loop.
  TICKET_CALLS_PER_HOUR: setting(() => integer(2, 10_000).default(60), {
    en: 'hard ceiling of ticket calls, 2 to 10000, whatever the reason',
    zh: '每小时获取 ticket 的次数上限（2–10000），所有原因合计',
    example: '60',
  }),
  CLOCK_CORRECTION: setting(() => flag().default(true), {
    en: "sign with the platform's time when our clock is over 30 s off",
    zh: '本机时钟偏差超过 30 秒时，使用平台的时间签名',
    example: 'on',
  }),
  LOG_LEVEL: setting(() => parsed(parseLogLevel).default('info'), {
    en: '`trace`, `debug`, `info`, `warn`, `error`, `fatal`, `silent`',
    zh: '`trace`、`debug`、`info`、`warn`、`error`、`fatal`、`silent`',
    example: 'info',
  }),
  // An hour: no orchestrator waits longer, and timers beyond 2³¹ ms fire at once.
  SHUTDOWN_DELAY_MS: setting(() => integer(0, 3_600_000).default(0), {
    en: 'after SIGTERM: how long to keep accepting requests while `/readyz` answers 503, for load balancers that notice late',
    zh: '收到 SIGTERM 后，在 `/readyz` 返回 503 的同时继续接受请求的时间，给负载均衡留出摘除实例的时间',
    example: '0',
  }),
  SHUTDOWN_GRACE_MS: setting(() => integer(0, 3_600_000).default(10_000), {
    en: 'how long open requests may take after SIGTERM before they are closed, in milliseconds',
    zh: '收到 SIGTERM 后，未完成的请求最多可以继续多少毫秒，超时即断开',
    example: '10000',
  }),
};

/** Every variable that is read. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(SETTINGS);

type Schemas = {
  [
    Name in keyof typeof SETTINGS as (typeof SETTINGS)[Name]['schema'] extends Schema ? Name : never
  ]: (typeof SETTINGS)[Name]['schema'] extends (context: Context) => infer Own ? Own : never;
};

/** The schema of all variables. One whose fault depends on another variable looks that up with `read`. */
export function settingsSchema(read: Read, readFile: ReadFile): z.ZodObject<Schemas> {
  const context: Context = {
    read,
    readFile,
    allowHttp: readFlag(read('LARK_ALLOW_HTTP') ?? '') ?? false,
    hasAppsFile: read('LARK_APPS_FILE') !== undefined,
  };
  const schemas = Object.entries(SETTINGS).flatMap(([name, { schema }]) =>
    schema ? [[name, schema(context)] as const] : [],
  );
  return z.object(Object.fromEntries(schemas) as unknown as Schemas);
}
