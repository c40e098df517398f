// Pages that change their URL without a load: what is signed again, when, and that history still works for the page.
import { createFactory } from '../../../src/browser/create-factory';
import type { Lark, LarkOptions } from '../../../src/browser/options';
import { FakePage, SIGNER } from '../../support/fake-page';

const AT = 'https://h5.example.com';

async function authorisedPage(options: LarkOptions = {}): Promise<{ page: FakePage; lark: Lark }> {
  const page = new FakePage(`${AT}/a`);
  const lark = createFactory(page, undefined)({ ...SIGNER, ...options });
  await page.settle(lark.ready());
  return { page, lark };
}

/** The paths and queries that were signed. */
const signed = (page: FakePage): string[] => page.signedUrls.map((url) => url.slice(AT.length));

describe('navigation', () => {
  it('authorises the new URL by itself, once a burst of changes has settled', async () => {
    const { page, lark } = await authorisedPage();
    page.history.pushState(null, '', '/b');
    await page.pass(60);
    page.history.replaceState(null, '', '/b/redirected');
    expect(lark.state).toBe('idle');
    await page.pass(90);
    expect(page.signedUrls).toHaveLength(1);
    await page.pass(200);
    expect(lark.state).toBe('authorised');
    expect(signed(page)).toEqual(['/a', '/b/redirected']);
    expect(await lark.ready()).toEqual({ appId: 'cli_1', url: `${AT}/b/redirected` });
  });

  it('makes a call right after a change wait for the new URL', async () => {
    const { page, lark } = await authorisedPage();
    page.history.pushState(null, '', '/b');
    await page.settle(lark.call('scanCode'));
    await page.pass(1_000);
    expect(signed(page)).toEqual(['/a', '/b']);
  });

  it('follows back and forward, signing no URL more than twice', async () => {
    const { page } = await authorisedPage();
    page.history.pushState(null, '', '/b');
    await page.pass(200);
    page.history.back();
    await page.pass(200);
    page.history.forward();
    await page.pass(200);
    expect(signed(page)).toEqual(['/a', '/b', '/a', '/b']);
  });

  it('skips a URL that was left again, and one that was come back to', async () => {
    const { page } = await authorisedPage();
    page.history.pushState(null, '', '/b');
    page.history.back();
    await page.pass(1_000);
    expect(signed(page)).toEqual(['/a']);
  });

  it.each([
    ['the signature', 5, 1],
    ['the client', 15, 2],
  ])('redoes for the last of two quick navigations while %s is awaited', async (_, afterMs, configs) => {
    const page = new FakePage(`${AT}/a`);
    const lark = createFactory(page, undefined)(SIGNER);
    const ready = lark.ready();
    await page.pass(afterMs);
    page.history.pushState(null, '', '/b');
    page.history.pushState(null, '', '/c');
    expect(await page.settle(ready)).toMatchObject({ url: `${AT}/c` });
    await page.pass(1_000);
    expect(signed(page)).toEqual(['/a', '/c']);
    expect(page.configs).toHaveLength(configs);
  });

  it.each([
    ['before', 15, ['/a', '/b'], 2],
    ['during', 25, ['/a', '/a', '/b'], 2],
  ])('drops the second attempt for a URL that was left %s it', async (_, afterMs, expected, configs) => {
    const page = new FakePage(`${AT}/a`);
    page.client = (url) => (url.endsWith('/a') ? { errorCode: 333443 } : undefined);
    const ready = createFactory(page, undefined)(SIGNER).ready();
    await page.pass(afterMs);
    page.history.pushState(null, '', '/b');
    await page.settle(ready);
    expect(signed(page)).toEqual(expected);
    expect(page.configs).toHaveLength(configs);
  });

  it('listens once, however often the page is authorised', async () => {
    const { page, lark } = await authorisedPage();
    page.history.pushState(null, '', '/b');
    await page.settle(lark.ready());
    await page.pass(200);
    expect(page.clock.timers).toBe(0);
    page.history.pushState(null, '', '/c');
    expect(page.clock.timers).toBe(1);
  });

  it('does not care that a URL failed which was left meanwhile', async () => {
    const page = new FakePage(`${AT}/a`);
    const errors: unknown[] = [];
    const lark = createFactory(page, undefined)({ ...SIGNER, onError: (error) => errors.push(error) });
    page.client = (url) => (url.endsWith('/a') ? { errno: 333448 } : undefined);
    const ready = lark.ready();
    await page.pass(15);
    page.history.pushState(null, '', '/b');
    expect(await page.settle(ready)).toMatchObject({ url: `${AT}/b` });
    expect(errors).toEqual([]);
  });

  it('gives up on a page that never stops changing its URL', async () => {
    const page = new FakePage(`${AT}/a`);
    let n = 0;
    page.signer = () => {
      page.history.replaceState(null, '', `/map?at=${n++}`);
      return undefined;
    };
    const ready = createFactory(page, undefined)(SIGNER).ready();
    await expect(page.settle(ready)).rejects.toMatchObject({ problem: 'URL_UNSTABLE' });
    expect(page.signedUrls).toHaveLength(5);
  });

  it('does nothing for hash routes, not even after a failure', async () => {
    const { page } = await authorisedPage();
    page.history.pushState(null, '', '#/b');
    page.history.back();
    await page.pass(1_000);
    expect(signed(page)).toEqual(['/a']);
    page.signer = () => ({ status: 403, body: {} });
    page.history.pushState(null, '', '/b');
    await page.pass(1_000);
    page.history.pushState(null, '', '/b#/c');
    await page.pass(1_000);
    expect(signed(page)).toEqual(['/a', '/b']);
  });

  it.each([
    ['path', ['/a', '/b?q=2']],
    ['never', ['/a']],
  ] as const)('reconfigures on %s alone when told so', async (reconfigureOn, expected) => {
    const { page } = await authorisedPage({ reconfigureOn });
    page.history.replaceState(null, '', '/a?q=1');
    await page.pass(200);
    page.history.pushState(null, '', '/b?q=2');
    await page.pass(200);
    expect(signed(page)).toEqual(expected);
  });

  it('signs the URL that signUrl chooses, without its fragment', async () => {
    const { page } = await authorisedPage({ signUrl: (url) => url.replace(/\/a$/, '/entry#x') });
    expect(signed(page)).toEqual(['/entry']);
  });

  it('authorises again when the page comes back out of the page cache', async () => {
    const { page } = await authorisedPage();
    page.dispatch('pageshow', { persisted: false });
    await page.pass(200);
    expect(signed(page)).toEqual(['/a']);
    page.dispatch('pageshow', { persisted: true });
    await page.pass(200);
    expect(signed(page)).toEqual(['/a', '/a']);
  });

  it('leaves history as others made it: this, arguments, result, and one wrapper however many instances', async () => {
    const page = new FakePage(`${AT}/a`);
    const seen: unknown[] = [];
    const patched = page.history.pushState;
    page.history.pushState = function (...parameters) {
      seen.push(this, ...parameters);
      return patched.apply(this, parameters);
    };
    const create = createFactory(page, undefined);
    const before = page.history.pushState;
    const larks = [create(SIGNER), create({ ...SIGNER, app: 'crm' })];
    expect(page.history.pushState).toBe(before);
    await page.settle(larks[0]!.ready());
    const wrapped = page.history.pushState;
    await page.settle(larks[1]!.ready());
    expect(page.history.pushState).toBe(wrapped);
    expect(page.history.pushState({ s: 1 }, 'title', '/b')).toBe('pushed');
    expect(seen).toEqual([page.history, { s: 1 }, 'title', '/b']);
  });

  it('passes on what the page’s own pushState throws', async () => {
    const page = new FakePage(`${AT}/a`);
    page.history.pushState = () => {
      throw new RangeError('SecurityError');
    };
    await page.settle(createFactory(page, undefined)(SIGNER).ready());
    expect(() => page.history.pushState(null, '', 'https://elsewhere.example')).toThrow(RangeError);
  });
});
