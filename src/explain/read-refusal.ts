// Reads the client's words: the platform's own values in the text of 333441, and a code that stands in any of them.

/** What the text of 333441 says. The platform masks all but the beginning of three of its values. */
export interface Refusal {
  readonly code?: number;
  readonly signaturePrefix?: string;
  readonly ticketPrefix?: string;
  readonly noncePrefix?: string;
  /** The URL that was checked. */
  readonly url?: string;
  readonly timestamp?: string;
}

/** `invalid signature: signature: c872b****, jsticket: g1014****, nonce_str: zdcW****, url: https://…, timestamp: %!s(int64=1234)` */
const MASKED = {
  // 64: no value that is masked shows more; without a bound the search would be slow on a text made for that.
  signaturePrefix: /\bsignature: *([^\s,*]{1,64})\*/,
  ticketPrefix: /\bjsticket: *([^\s,*]{1,64})\*/,
  noncePrefix: /\bnonce_str: *([^\s,*]{1,64})\*/,
} as const;
/** The platform's own formatting fault, and what it should have written. */
const TIMESTAMP = /\btimestamp: *(?:%!s\(int64=)?(\d{1,20})/;
/** A wrapped code says more than the one around it, so these come first. */
const CODES = [/\b(3334[34]\d)\b/, /\b(260100[12])\b/, /\b(?:err(?:no|Code|orCode)|code)\W{1,4}(104|1012)\b/];

/** What can be read in `text`; nothing of it is certain to be there. */
export function readRefusal(text: string): Refusal {
  const { url, rest } = cutOutUrl(text);
  const first = (...patterns: RegExp[]): string | undefined =>
    patterns.map((pattern) => pattern.exec(rest)?.[1]).find((found) => found !== undefined);
  const code = first(...CODES) ?? (rest.includes('invalid signature') ? '333441' : undefined);
  const timestamp = first(TIMESTAMP);
  const prefixes = Object.entries(MASKED).flatMap(([name, pattern]) => {
    const prefix = first(pattern);
    return prefix === undefined ? [] : [[name, prefix]];
  });
  return {
    ...(Object.fromEntries(prefixes) as Partial<Record<keyof typeof MASKED, string>>),
    ...(code !== undefined && { code: Number(code) }),
    ...(url !== undefined && { url }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/** The URL, which holds no white space, and the text without it: its query may hold anything, a code or a timestamp too. */
function cutOutUrl(text: string): { url: string | undefined; rest: string } {
  const [label = ''] = /\burl: *(?=\S)/.exec(text) ?? [];
  if (label === '') return { url: undefined, rest: text };
  const start = text.indexOf(label) + label.length;
  const length = text.slice(start).search(/\s|$/);
  const found = text.slice(start, start + length);
  const rest = text.slice(0, start) + text.slice(start + length);
  // The separator before the timestamp; without one, the quotation mark or bracket of whatever the text was copied from.
  const url = /^\s+timestamp:/.test(text.slice(start + length))
    ? found.replace(/,$/, '')
    : found.replace(/["'})\],]{1,4}$/, '');
  return { url, rest };
}
