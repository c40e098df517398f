// Finds wildcard origins below which names are open to registration: https://*.com.cn, https://*.github.io.

/**
 * Second levels below which the registry of a country sells names, such as `com.cn` and `co.uk`. This rule and the lists below
 * replace the Public Suffix List, which would add 138 KB to the bundle for one warning.
 */
const OPEN_SECOND_LEVEL = /^(?:ac|biz|co|com|edu|go|gob|gouv|gov|info|mil|ne|net|nom|or|org)\.[a-z]{2}$/;

/** The provinces of China, and 公司, 网络 and 網絡. */
const OPEN_UNDER_CN =
  /^(?:ah|bj|cq|fj|gd|gs|gx|gz|ha|hb|he|hi|hk|hl|hn|jl|js|jx|ln|mo|nm|nx|qh|sc|sd|sh|sn|sx|tj|tw|xj|xz|yn|zj|xn--55qx5d|xn--io0a7i|xn--od0alg)\.cn$/;

/** Hosting services that give a name to every account. */
const HOSTING = new Set([
  ...[
    'amplifyapp.com',
    'appspot.com',
    'azurestaticapps.net',
    'azurewebsites.net',
    'cloudfront.net',
    'deno.dev',
  ],
  ...['firebaseapp.com', 'fly.dev', 'gitee.io', 'github.io', 'gitlab.io', 'herokuapp.com', 'netlify.app'],
  ...[
    'ngrok-free.app',
    'ngrok.app',
    'ngrok.io',
    'onrender.com',
    'pages.dev',
    'surge.sh',
    'tcloudbaseapp.com',
  ],
  ...['trycloudflare.com', 'vercel.app', 'web.app', 'workers.dev'],
]);

/** Buckets of these are named below a region, `oss-cn-hangzhou.aliyuncs.com`. */
const OBJECT_STORAGE = /(?:^|\.)(?:aliyuncs|amazonaws|myqcloud)\.com$/;

/**
 * The domains after `*.` in `entries` of allowed origins that are open to registration, lower-case and as punycode. Any site
 * below them could get signatures.
 *
 * @example findOpenWildcards(['https://*.com.cn', 'https://*.example.com.cn']) // ['com.cn']
 */
export function findOpenWildcards(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => {
    const [, domain] = /^https?:\/\/\*\.([^:/]+)/i.exec(entry) ?? [];
    if (domain === undefined) return [];
    const hostname = new URL(`http://${domain}`).hostname.replace(/\.$/, '');
    const isOpen =
      HOSTING.has(hostname) ||
      [OPEN_SECOND_LEVEL, OPEN_UNDER_CN, OBJECT_STORAGE].some((pattern) => pattern.test(hostname));
    return isOpen ? [hostname] : [];
  });
}
