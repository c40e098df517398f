// A failure of the client in words of a field report: its code, and the form of the object, without any of its values. Pages run it.
import { CLIENT_CODES } from '../client-failures/client-codes';
import { readClientFailure } from '../client-failures/read-client-failure';

/** Names of fields are printed: words, and no more of them than a failure has. */
const FIELD_NAME = /^\w{1,40}$/;
const MAX_FIELDS = 12;
/** 2601001 and 2601002, which wrap another code. */
const WRAPPER = /^260100[12]$/;

/** `refused 333441`, or that no code can be read of the failure. `isConfig` is false for the failure of a JSAPI. */
export function describeRefusal(failure: unknown, isConfig = true): string {
  return `refused ${readClientFailure(failure, isConfig).code ?? 'without a code'}`;
}

/**
 * Each field of the failure, sorted by name, with what it holds.
 *
 * @example describeForm({ errno: 2601002, errString: 'invalid signature (error code: 333441)' }) // 'errno: code 2601002; errString: text with the code'
 */
export function describeForm(failure: unknown): string {
  const { code } = readClientFailure(failure);
  if (typeof failure !== 'object' || failure === null) return `no object: ${describeField(failure, code)}`;
  // The text of an Error is not among its keys.
  const names = Object.keys(failure).concat(failure instanceof Error ? 'message' : []);
  const fields = names.sort().slice(0, MAX_FIELDS);
  const described = fields.map((name) => {
    const shown = FIELD_NAME.test(name) ? name : '?';
    return `${shown}: ${describeField((failure as Record<string, unknown>)[name], code)}`;
  });
  return described.join('; ') || 'no fields';
}

function describeField(value: unknown, code: number | undefined): string {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) {
    const asText = typeof value === 'string' ? ' as text' : '';
    if (Number(value) === code) return `code${asText}`;
    const isKnown = WRAPPER.test(String(value)) || String(value) in CLIENT_CODES;
    return isKnown ? `code ${value}${asText}` : `number${asText}`;
  }
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (value === '') return 'empty text';
  return code !== undefined && new RegExp(`\\b${code}\\b`).test(value) ? 'text with the code' : 'text';
}
