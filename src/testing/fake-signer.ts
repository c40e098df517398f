// Stands for the signer while a page is tested: its addresses are answered in the page, with signatures that nobody made.

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
    return reply(200, {
      appId: 'cli_fake000000000',
      timestamp: TIMESTAMP_MS,
      nonceStr,
      signature: `signature-of-${nonceStr}`,
    });
  };
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
