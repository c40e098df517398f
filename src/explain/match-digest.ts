// Whether a signature is a digest, and in which way it is written.
import type { FindingCode } from './findings';

/** No codes when `signature` is `hex` itself; those of its way of writing; undefined when it is another digest. */
export function matchDigest(signature: string, hex: string): readonly FindingCode[] | undefined {
  if (signature === hex) return [];
  const lower = signature.toLowerCase();
  if (lower === hex) return ['SIGNATURE_UPPER_CASE'];
  // All bytes but a few are written with two digits, so a digest that lost zeros keeps more than half of them.
  if (lower.length < hex.length && lower.length >= hex.length / 2) {
    const isDropped = lower === withoutLeadingZeros(hex) || lower === withoutZerosOfBytes(hex);
    if (isDropped)
      return lower === signature
        ? ['SIGNATURE_ZEROS_DROPPED']
        : ['SIGNATURE_ZEROS_DROPPED', 'SIGNATURE_UPPER_CASE'];
  }
  if (/[^\da-f]/.test(lower) && toBase64Url(signature) === Buffer.from(hex, 'hex').toString('base64url'))
    return ['SIGNATURE_BASE64'];
  return undefined;
}

/** As a big number is written. */
function withoutLeadingZeros(hex: string): string {
  return hex.replace(/^0+/, '');
}

/** As each byte is written as a number of its own. */
function withoutZerosOfBytes(hex: string): string {
  return hex.replace(/0([\da-f])|([1-9a-f][\da-f])/g, '$1$2');
}

function toBase64Url(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
