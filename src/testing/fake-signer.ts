// Stands for the signer while a page is tested: its addresses are answered in the page, with made-up signatures.

/** How its signatures begin, by what they are for. */
const OF_PAGE = 'signature-of-';
const OF_COMPONENT = 'component-signature-of-';

/** As much of `fetch` as is replaced. */
export type Fetch = (target: unknown, init?: unknown) => Promise<unknown>;

/** No client looks into a signature of this time; a number, as the platform wants it. */
const TIMESTAMP_MS = 1_700_000_000_000;

/** A `fetch` that answers for the signer at `endpoint` itself; all other addresses go to `elsewhere`. */
export function createFakeSigner(endpoint: string, elsewhere: Fetch | undefined): Fetch {
  const folder = `${endpoint.replace(/\/+$/, '')}/`;
  let count = 0;

  return async function fetchFromSigner(target, init) {
    const address = addressOf(target);
    if (!address.startsWith(folder)) {
      if (!elsewhere) throw new TypeError(`there is no fetch for ${address}`);
      return elsewhere(target, init);
    }
    if (!/^config(?:[?#]|$)/.test(address.slice(folder.length))) return reply(204, undefined);
    const nonceStr = `fake-${++count}`;
    const isComponent = /[?&]kind=component(?:[&#]|$)/.test(address) || isComponentBody(init);
    return reply(200, {
      appId: 'cli_fake000000000',
      timestamp: TIMESTAMP_MS,
      nonceStr,
      signature: `${isComponent ? OF_COMPONENT : OF_PAGE}${nonceStr}`,
    });
  };
}

/** Whether a POST asks for a signature for web components. */
function isComponentBody(init: unknown): boolean {
  const { body } = Object(init) as { body?: unknown };
  return typeof body === 'string' && /"kind":\s*"component"|(?:^|&)kind=component(?:&|$)/.test(body);
}

/** What of a config tells its kind. */
interface Signed {
  kind?: unknown;
  openId?: unknown;
  signature?: unknown;
}

/**
 * What the client says of a signature of the fake signer that is for the other kind of config; undefined for all others. A ticket of the
 * app, which this signer has, goes without `openId`.
 */
export function findWrongKind({ kind, openId, signature }: Signed): 20442 | 333441 | undefined {
  const text = String(signature);
  if (kind !== 'component') return text.startsWith(OF_COMPONENT) ? 333441 : undefined;
  return text.startsWith(OF_PAGE) || (text.startsWith(OF_COMPONENT) && openId !== undefined)
    ? 20442
    : undefined;
}

/** The address in the first argument of `fetch`: a text, a URL, or a Request. */
function addressOf(target: unknown): string {
  return typeof target === 'object' && target !== null && 'url' in target
    ? String(target.url)
    : String(target);
}

/** What is read of a `Response`, which jsdom does not have. */
function reply(status: number, body: object | undefined): object {
  const text = body ? JSON.stringify(body) : '';
  return {
    ok: true,
    status,
    headers: { get: () => null },
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(text).then(JSON.parse),
  };
}
