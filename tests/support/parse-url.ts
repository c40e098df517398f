// `new URL` for texts that may be none. `URL.canParse` is no help: once it is optimised, Node 20's says yes to some texts beyond ASCII
// that `new URL` refuses.

/** The URL in `text`, or undefined. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
