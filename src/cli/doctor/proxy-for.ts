// Which proxy a call to the platform goes through: the rules of the transport's library, which does not expose them.
import type { ProxySettings } from '../../open-platform/transport';

/**
 * The address of the proxy for `url`, or undefined when it is reached directly. A test holds it equal to what the transport does.
 *
 * @example proxyFor(new URL('https://open.feishu.cn'), { httpsProxy: 'http://proxy:3128', noProxy: '.feishu.cn' }) // undefined
 */
export function proxyFor(
  url: URL,
  { httpsProxy = '', httpProxy = '', noProxy = '' }: ProxySettings,
): string | undefined {
  // An empty one means none, as an absent one does.
  const [proxy] = (url.protocol === 'https:' ? [httpsProxy, httpProxy] : [httpProxy]).filter(Boolean);
  if (noProxy === '*') return undefined;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const isDirect = noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, host = entry, ownPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '');
      if (ownPort !== undefined && Number(ownPort) !== port) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
  return isDirect ? undefined : proxy;
}
