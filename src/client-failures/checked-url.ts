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
  const [start, url] = findCheckedUrl(text);
  return { url: url || undefined, rest: text.slice(0, start) + text.slice(start + url.length) };
}

/** Where the URL begins, and the URL; empty where there is none. */
export function findCheckedUrl(text: string): readonly [start: number, url: string] {
  const label = /\burl: *(?=\S)/.exec(text);
  if (!label) return [0, ''];
  const start = label.index + label[0].length;
  const line = text.slice(start).replace(/[\r\n][^]*/, '');
  const end = line.indexOf(', timestamp:');
  return [start, end > 0 ? line.slice(0, end) : line.replace(/["'})\],.]{0,9}(?:\s[^]*)?$/, '')];
}
