// Reads the parameters of a POST: JSON or a form, strictly.
import { ServiceError } from '../base/errors';
import { memberNames } from './member-names';
import { PARAMETER_NAMES, parseRawQuery, repeatedParameter, type Parameters } from './raw-query';

/**
 * 80 KiB: 8,192 characters, the limit of a page URL, percent-encoded at the nine bytes that the worst of them take are
 * 73,728 bytes; JSON's \uXXXX takes six. What is left holds the other parameters.
 */
export const MAX_BODY_BYTES = 80 * 1024;

/**
 * Strings, brackets and commas of a JSON body: 100 members have 401 when their values are strings in lists, and five mean something. A body of
 * 80 KB can hold 40,000, which take 15 ms.
 */
const MAX_JSON_TOKENS = 400;

/** In characters; `application/x-www-form-urlencoded; charset=utf-8` has 48. Taking 40,000 apart costs 3 ms. */
const MAX_CONTENT_TYPE = 256;

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
    throw new ServiceError(
      'MEDIA_TYPE',
      'Compressed bodies are not supported. Send the body without Content-Encoding.',
    );
  }
  if (charset === 'utf-8' || charset === 'utf8') {
    if (type === 'application/json') return parseJson(body);
    // One character a byte: whatever is not ASCII should have been percent-encoded, and is refused as such.
    if (type === 'application/x-www-form-urlencoded')
      return parseRawQuery(body.toString('latin1'), { form: true });
  }
  throw new ServiceError('MEDIA_TYPE', `Unsupported Content-Type. ${EXPECTED}`);
}

function parseContentType(header = ''): { type: string; charset: string } {
  if (header.length > MAX_CONTENT_TYPE) return { type: '', charset: '' };
  const [type = '', ...parameters] = header.toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"\s]*)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  return { type: type.trim(), charset: charset ?? 'utf-8' };
}

function parseJson(body: Buffer): Parameters {
  const { names, parsed } = parseText(decodeUtf8(body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ServiceError('BODY_INVALID', `The body is not a JSON object. ${EXPECTED}`);
  }
  const wrongKey = PROTOTYPE_KEYS.find((key) => Object.hasOwn(parsed, key));
  if (wrongKey)
    throw new ServiceError('BODY_INVALID', `The body must not hold the key "${wrongKey}". ${EXPECTED}`);

  const repeated = PARAMETER_NAMES.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (repeated) throw repeatedParameter(repeated);

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

function parseText(text: string): { names: string[]; parsed: unknown } {
  let names: string[] | undefined;
  try {
    names = memberNames(text, MAX_JSON_TOKENS);
    if (names) return { names, parsed: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text, which may hold the query of a page URL: it goes nowhere.
    throw notJson();
  }
  throw new ServiceError(
    'BODY_INVALID',
    `The body holds far more values than there are parameters. ${EXPECTED}`,
  );
}

function notJson(): ServiceError {
  return new ServiceError('BODY_INVALID', `The body is not valid JSON in UTF-8. ${EXPECTED}`);
}
