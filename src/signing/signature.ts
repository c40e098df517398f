// The platform's signature: the four values in their fixed order and raw, hashed with SHA-1.
import { hash } from 'node:crypto';

/** What goes into a signature. The field names are those of the string that is hashed. */
export interface SignatureInput {
  /** The `jsapi_ticket`, an opaque string. */
  ticket: string;
  nonceStr: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  /** The page URL without its fragment, byte for byte as the page has it; never rebuilt. */
  url: string;
}

/**
 * The string that is hashed. Nothing is escaped: the page's client puts its raw values together in the same way.
 *
 * @example stringToSign({ ticket: 't', nonceStr: 'n', timestamp: 1, url: 'https://h.cn/' })
 * // 'jsapi_ticket=t&noncestr=n&timestamp=1&url=https://h.cn/'
 */
export function stringToSign({ ticket, nonceStr, timestamp, url }: SignatureInput): string {
  return `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
}

/** The signature: SHA-1 over the UTF-8 bytes of `stringToSign`, as 40 lower-case hexadecimal characters. */
export function signature(input: SignatureInput): string {
  return hash('sha1', stringToSign(input), 'hex');
}
