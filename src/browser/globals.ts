// Entry of lark-jsapi-signer/globals: the types of what the client puts into a page's window. Importing it loads nothing.
import type { H5Sdk, Tt, WebComponents } from '../jsapis/client-objects';

declare global {
  /** The three are there inside the client, or once their script is loaded. */
  interface Window {
    h5sdk?: H5Sdk;
    tt?: Tt;
    webComponent?: WebComponents;
  }
  /** Where the SDK is known to be there, as in a callback of `h5sdk.ready`; elsewhere ask `window.h5sdk`. */
  const h5sdk: H5Sdk;
  /** As `h5sdk`. */
  const tt: Tt;
}

// All of both: by name, `declare module` could not add to the interfaces.
export * from '../jsapis/client-objects';
export * from '../jsapis/js-apis';
