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

const globals = globalThis as {
  window?: unknown;
  document?: unknown;
  Document?: unknown;
  HTMLScriptElement?: unknown;
};

class Script {
  constructor(readonly src: string) {}
}

/** A document of which `running` is the script that runs; `named` is an element of the name `currentScript`. */
function setDocument(running: Script, named?: object): void {
  class Document {
    get currentScript(): Script {
      return running;
    }
  }
  const document = new Document();
  if (named) Object.defineProperty(document, 'currentScript', { value: named });
  Object.assign(globals, { document, Document, HTMLScriptElement: Script });
}

afterEach(() => {
  delete globals.window;
  delete globals.document;
  delete globals.Document;
  delete globals.HTMLScriptElement;
});

describe('the classic script', () => {
  it('sets LarkJsapi and signs at the folder it was loaded from', async () => {
    const page = new FakePage();
    globals.window = page;
    setDocument(new Script('https://signer.example.com/base/lark-jsapi.js'));
    const exported = loadScript();
    const { LarkJsapi } = globals.window as { LarkJsapi: Entry };
    expect(LarkJsapi.create).toBe(exported.create);
    await page.settle(LarkJsapi.create().ready());
    expect(page.requests[0]!.url).toMatch(/^https:\/\/signer\.example\.com\/base\/config\?url=/);
    expect(new LarkJsapi.LarkJsapiError('x', {})).toMatchObject({ name: 'LarkJsapiError' });
  });

  it.each([
    ['an <img> of the name currentScript', { src: 'https://evil.example.com/lark-jsapi.js' }],
    // <form name="currentScript"><input name="src"><input name="tagName">
    ['a <form> of that name', { src: { value: '' }, tagName: 'SCRIPT' }],
  ])('takes the address of the script, not of %s', async (_what, element) => {
    const page = new FakePage();
    globals.window = page;
    setDocument(new Script('https://signer.example.com/lark-jsapi.js'), element);
    await page.settle(loadScript().create().ready());
    expect(page.requests.map(({ url }) => new URL(url).host)).toEqual(['signer.example.com']);
  });

  it('takes the address of the tag that a loader of micro front ends puts in place', async () => {
    const page = new FakePage();
    globals.window = page;
    setDocument(
      new Script('https://shell.example.com/shell.js'),
      new Script('https://signer.example.com/lark-jsapi.js'),
    );
    await page.settle(loadScript().create().ready());
    expect(page.requests.map(({ url }) => new URL(url).host)).toEqual(['signer.example.com']);
  });

  it('can be loaded on a server, where it does nothing', async () => {
    const before = Object.keys(globalThis);
    const { create } = loadScript();
    expect(Object.keys(globalThis)).toEqual(before);
    await expect(create().ready()).rejects.toMatchObject({ problem: 'NOT_IN_LARK' });
  });
});
