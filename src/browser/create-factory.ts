// `create`: one instance per window and set of options, whichever copy of the script is asked.
import { createLark } from './create-lark';
import type { Lark, LarkOptions } from './options';
import { loadedUrl, type Page } from './page';

/** A helper, and the options that it reads. */
interface Instance {
  lark: Lark;
  options: LarkOptions;
}

/** Kept on the window: micro front ends that bring a copy each share the instances. The 1 is this registry's version. */
interface Registry {
  __larkJsapiInstances1?: Map<string, Instance>;
}

/** A script of ours at a web address, but not where bundlers and their dev servers serve packages from. */
const OWN_SCRIPT = /^(https?:\/\/(?!.*\/node_modules\/)[^?#]*)\/lark-jsapi[^/?#]*\.m?js(?:[?#]|$)/;

/**
 * The `create` of one copy of the script, which was loaded from `scriptUrl`: the folder is the default `endpoint`.
 * `page` is the window, or undefined while rendering on a server.
 */
export function createFactory(page: Page | undefined, scriptUrl = ''): (options?: LarkOptions) => Lark {
  // On a server every use is refused with NOT_IN_LARK before anything further is read.
  const noPage = { location: { href: '' }, navigator: { userAgent: '' } } as Page;
  const window: Page & Registry = page ?? noPage;
  const kept = window.__larkJsapiInstances1;
  // Not an element with that id.
  const instances = kept instanceof Map ? kept : (window.__larkJsapiInstances1 = new Map<string, Instance>());
  const landingUrl = loadedUrl(window);
  const scriptFolder = OWN_SCRIPT.exec(scriptUrl)?.[1];

  /** The page's access to the JSAPIs; costs nothing until its first use. The same instance for equal options. */
  return function create(options = {}) {
    const endpoint = options.endpoint === undefined ? scriptFolder : options.endpoint.replace(/\/+$/, '');
    const own: LarkOptions = Object.assign({}, options, { endpoint });
    // With its keys as a list, JSON.stringify writes them in that order. It leaves functions out, which is wanted:
    // they are written anew at every render, so they cannot tell instances apart, and the newest serve.
    const key = JSON.stringify(own, Object.keys(own).sort());
    const known = instances.get(key);
    if (known) {
      Object.assign(known.options, own);
      return known.lark;
    }
    const lark = createLark(window, landingUrl, own);
    if (page) instances.set(key, { lark, options: own });
    return lark;
  };
}
