// The classic script: what it leaves on the window, where it takes its endpoint from, and that a server can load it.
import type { LarkOptions, Lark } from '../../../src/browser/options';
import { FakePage } from '../../support/fake-page';

/** Loaded at run time, because the entry needs DOM types that the tests are compiled without. */
interface Entry {
  create: (options?: LarkOptions) => Lark;
  LarkJsapiError: new (what: string, failure: object) => Error;
}

function loadScript(): Entry {
  let entry: Entry | undefined;
  jest.isolateModules(() => {
    entry = jest.requireActual<Entry>('../../../src/browser/global');
  });
  return entry!;
}

const globals = globalThis as { window?: unknown; document?: unknown };

afterEach(() => {
  delete globals.window;
  delete globals.document;
});

describe('the classic script', () => {
  it('sets LarkJsapi and signs at the folder it was loaded from', async () => {
    const page = new FakePage();
    globals.window = page;
    globals.document = { currentScript: { src: 'https://signer.example.com/base/lark-jsapi.js' } };
    const exported = loadScript();
    const { LarkJsapi } = globals.window as { LarkJsapi: Entry };
    expect(LarkJsapi.create).toBe(exported.create);
    await page.settle(LarkJsapi.create().ready());
    expect(page.requests[0]!.url).toMatch(/^https:\/\/signer\.example\.com\/base\/config\?url=/);
    expect(new LarkJsapi.LarkJsapiError('x', {})).toMatchObject({ name: 'LarkJsapiError' });
  });

  it('can be loaded on a server, where it does nothing', async () => {
    const before = Object.keys(globalThis);
    const { create } = loadScript();
    expect(Object.keys(globalThis)).toEqual(before);
    await expect(create().ready()).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
  });
});
