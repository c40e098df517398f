// Checks of the settings that need no network: warnings, origins, the trust in proxies.
import type { Config } from '../../config/config';
import type { AppSettings } from '../../apps/app-settings';
import { isLoopback } from '../../config/parse-platform-base-url';
import type { Finding } from './finding';

/** Findings on the settings of the process and of every app. */
export function checkSettings(config: Config): Finding[] {
  const count = config.apps.length === 1 ? 'one app' : `${config.apps.length} apps`;
  return [
    { check: 'variables', verdict: 'good', finding: `they can be used, and configure ${count}.` },
    ...config.warnings.map((finding): Finding => ({ check: 'variables', verdict: 'note', finding })),
    ...config.apps.flatMap(checkOrigins),
    checkTrust(config),
  ];
}

function checkOrigins({ appId, allowedOrigins, allowedOriginEntries }: AppSettings): Finding[] {
  const about = { check: 'origins', subject: appId } as const;
  if (allowedOrigins.any) {
    const finding = 'a lone * allows every page there is to have signatures made.';
    return [{ ...about, verdict: 'note', finding, advice: 'List the origins of your pages.' }];
  }
  const inClear = allowedOriginEntries.filter(
    (entry) => entry.startsWith('http:') && !isLoopback(hostOf(entry)),
  );
  const listed: Finding = {
    ...about,
    verdict: 'good',
    finding: `pages of ${allowedOriginEntries.join(', ')} are signed for.`,
    advice:
      'Each must be an H5 trusted domain of the app too, as a full origin (developer console, Security settings; works at once).',
  };
  if (inClear.length === 0) return [listed];
  return [
    listed,
    {
      ...about,
      verdict: 'note',
      finding: `${inClear.join(', ')}: pages on plain http can be changed on their way to the visitor.`,
      advice: 'Serve them over https.',
    },
  ];
}

/** The host of an entry, which may end with `:*`. */
function hostOf(entry: string): string {
  return entry.replace(/^https?:\/\//, '').replace(/:[\d*]+\/?$/, '');
}

/** A range of a whole site, whose clients are in it too: a /16 is what clusters give to all their pods, a /48 what a site gets. */
function isWideRange(entry: string): boolean {
  const [address = '', prefix] = entry.split('/');
  return address === 'uniquelocal' || Number(prefix) <= (address.includes(':') ? 48 : 16);
}

function checkTrust({ trustProxy, host }: Config): Finding {
  if (trustProxy !== false) {
    const whose = typeof trustProxy === 'number' ? `${trustProxy} proxies` : trustProxy;
    const isWide = String(trustProxy).split(',').some(isWideRange);
    return {
      check: 'trust-proxy',
      verdict: isWide ? 'note' : 'good',
      finding: `X-Forwarded-For is trusted from ${whose}.`,
      advice: isWide
        ? 'A client in one of these ranges can write any address it likes: set the number of proxies, or their own addresses.'
        : undefined,
    };
  }
  const isBehindOne = host !== undefined && isLoopback(host.includes(':') ? `[${host}]` : host);
  return {
    check: 'trust-proxy',
    verdict: isBehindOne ? 'note' : 'good',
    finding: 'X-Forwarded-For is ignored: the client is the peer of the connection.',
    advice: isBehindOne
      ? 'HOST is a loopback address, so all clients come through a gateway of this machine: set TRUST_PROXY=loopback.'
      : undefined,
  };
}
