// The URL that the client checked, out of its words. ES2017, since pages run it.

/** The URL, or undefined, and the text without it: its query may hold anything, a code too. */
export interface CheckedUrl {
  readonly url: string | undefined;
  readonly rest: string;
}

/**
 * Reads the text of 333441 (`invalid signature: signature: c872b****, …, url: https://www.example.com, timestamp: …`): the URL is all up to
 * `, timestamp:`. Where that is missing, up to white space and without the punctuation of what surrounds the text.
 */
export function splitCheckedUrl(text: string): CheckedUrl {
  const label = /\burl: *(?=\S)/.exec(text);
  if (!label) return { url: undefined, rest: text };
  const start = label.index + label[0].length;
  const line = text.slice(start).replace(/[\r\n][^]*/, '');
  const timestamp = line.indexOf(', timestamp:');
  const url =
    timestamp > 0 ? line.slice(0, timestamp) : line.replace(/\s[^]*/, '').replace(/["'})\],.]{1,9}$/, '');
  return { url, rest: text.slice(0, start) + text.slice(start + url.length) };
}
