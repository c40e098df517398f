// Reads the parameters of a POST: JSON or a form, strictly.
import { ServiceError } from '../base/errors';
import { memberNames } from './member-names';
import { PARAMETER_NAMES, parseRawQuery, repeatedParameter, type Parameters } from './raw-query';

/**
 * 80 KiB: 8,192 characters, the limit of a page URL, percent-encoded at the nine bytes that the worst of them take are
 * 73,728 bytes; JSON's \uXXXX takes six. What is left holds the other parameters.
 */
export const MAX_BODY_BYTES = 80 * 1024;

/** Keys that reach a prototype when an object is copied carelessly; no caller of ours has a use for them. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

const EXPECTED = 'Send {"url": location.href} as application/json, or a form with the field "url".';

/** The two headers that say how a body is to be read. */
interface BodyHeaders {
  'content-type'?: string | undefined;
  'content-encoding'?: string | undefined;
}

/**
 * The parameters in `body`; none in an empty one. Throws `BODY_TOO_LARGE`, `MEDIA_TYPE`, `BODY_INVALID` or what a query's
 * parameters may be refused for. Details never quote the body.
 */
export function parseBody(body: Buffer, headers: BodyHeaders): Parameters {
  if (body.length > MAX_BODY_BYTES) {
    throw new ServiceError('BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes. ${EXPECTED}`);
  }
  if (body.length === 0) return {};
  const { type, charset } = parseContentType(headers['content-type']);
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new ServiceError('MEDIA_TYPE', 'A compressed body is not read. Send it without Content-Encoding.');
  }
  if (charset === 'utf-8' || charset === 'utf8') {
    if (type === 'application/json') return parseJson(body);
    // One character a byte: whatever is not ASCII should have been percent-encoded, and is refused as such.
    if (type === 'application/x-www-form-urlencoded')
      return parseRawQuery(body.toString('latin1'), { form: true });
  }
  throw new ServiceError('MEDIA_TYPE', `The body's Content-Type is not one that is read here. ${EXPECTED}`);
}

function parseContentType(header = ''): { type: string; charset: string } {
  const [type = '', ...parameters] = header.toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"\s]*)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  return { type: type.trim(), charset: charset ?? 'utf-8' };
}

function parseJson(body: Buffer): Parameters {
  const text = decodeUtf8(body);
  const parsed = parseText(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ServiceError('BODY_INVALID', `The body is not a JSON object. ${EXPECTED}`);
  }
  const wrongKey = PROTOTYPE_KEYS.find((key) => Object.hasOwn(parsed, key));
  if (wrongKey)
    throw new ServiceError('BODY_INVALID', `The body must not hold the key "${wrongKey}". ${EXPECTED}`);

  const names = memberNames(text);
  const repeated = PARAMETER_NAMES.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (repeated) throw repeatedParameter(repeated);

  // Five names are looked up: a list of all that a body can hold, some 7,500, takes 6 ms.
  const fields = parsed as Readonly<Record<string, unknown>>;
  const parameters: Parameters = {};
  for (const name of PARAMETER_NAMES) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string') {
      throw new ServiceError('BODY_INVALID', `The body's "${name}" must be a string. ${EXPECTED}`);
    }
    parameters[name] = value;
  }
  return parameters;
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw notJson();
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold the query of a page URL: it goes nowhere.
    throw notJson();
  }
}

function notJson(): ServiceError {
  return new ServiceError('BODY_INVALID', `The body is not valid JSON in UTF-8. ${EXPECTED}`);
}
