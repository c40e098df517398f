// The network path to a platform: its name, the proxy between, and the certificate at the other end.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../../base/clock';
import type { Config } from '../../config/config';
import { checkCertificate } from './check-certificate';
import type { Finding } from './finding';
import { openTunnel, ProxyRefusal, type TunnelOptions } from './open-tunnel';
import { proxyFor } from './proxy-for';
import { codeOf, step } from './step';

const CHECK_NETWORK_PATH = 'Check LARK_DOMAIN, the firewall, HTTPS_PROXY and NO_PROXY.';

/** Findings on the network path to the platform at `baseUrl`; the last is wrong when no connection can be made. Never rejects. */
export async function checkNetworkPath(
  baseUrl: string,
  { caPem, proxy: settings }: Pick<Config, 'caPem' | 'proxy'>,
  clock: Clock,
): Promise<Finding[]> {
  const url = new URL(baseUrl);
  const proxy = proxyFor(url, settings);
  const findings = [await checkName(proxy === undefined ? url : new URL(proxy), clock)];
  if (findings.some(isWrong)) return findings;

  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const target = { host, port: Number(url.port) || (isSecure ? 443 : 80), proxy, caPem };
  const setting = proxy === settings.httpsProxy ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  findings.push(await checkConnection(url, target, setting, clock));
  if (findings.some(isWrong)) return findings;
  if (isSecure) findings.push(await checkCertificate(url, target, clock));
  return findings;
}

const isWrong = ({ verdict }: Finding): boolean => verdict === 'wrong';

async function checkName({ hostname }: URL, clock: Clock): Promise<Finding> {
  const about = { check: 'dns', subject: hostname } as const;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
    return { ...about, verdict: 'good', finding: 'an address, which needs no name server.' };
  try {
    const found = await step(clock, 'the look-up', () => lookup(hostname, { all: true }));
    return { ...about, verdict: 'good', finding: `has ${found.map(({ address }) => address).join(', ')}.` };
  } catch (error) {
    return {
      ...about,
      verdict: 'wrong',
      finding: `the name cannot be resolved (${codeOf(error)}).`,
      advice: 'Check the spelling in LARK_DOMAIN or HTTPS_PROXY, and the name server of this machine.',
    };
  }
}

type Target = Omit<TunnelOptions, 'signal'>;

/** `setting`: the variable that holds the proxy's address. */
async function checkConnection(
  { host }: URL,
  target: Target,
  setting: string,
  clock: Clock,
): Promise<Finding> {
  const through = target.proxy === undefined ? undefined : new URL(target.proxy).host;
  const about = { check: 'proxy', subject: through ?? host } as const;
  try {
    await step(clock, 'connecting', async (signal) => (await openTunnel({ ...target, signal })).destroy());
    const way = through === undefined ? 'reached directly, without a proxy.' : `opens a tunnel to ${host}.`;
    return { ...about, verdict: 'good', finding: way };
  } catch (error) {
    if (error instanceof ProxyRefusal) {
      return {
        ...about,
        verdict: 'wrong',
        finding: `opens no tunnel to ${host}: it answers HTTP ${error.status}.`,
        // 407: Proxy Authentication Required.
        advice:
          error.status === 407
            ? adviceOnPassword(target.proxy, setting)
            : `Have ${host} allowed at the proxy, or list it in NO_PROXY if it is reached without.`,
      };
    }
    const finding = `cannot be connected to (${codeOf(error)}).`;
    return { ...about, verdict: 'wrong', finding, advice: CHECK_NETWORK_PATH };
  }
}

/** What to do when the proxy asks for a password; never quotes the configured password. */
function adviceOnPassword(proxy: string | undefined, setting: string): string {
  const escapes = 'with %40 for @, %3A for :, %2F for /, %23 for # and %25 for % inside them';
  return proxy && new URL(proxy).username
    ? `The proxy refuses the user name or the password in ${setting}: correct them, ${escapes}.`
    : `The proxy wants a user name and a password: write them into ${setting}, http://user:password@host:port, ${escapes}.`;
}
