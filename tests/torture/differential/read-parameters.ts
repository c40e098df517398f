// The oracle's reading of a query, a form and a JSON body: the contract's words, one after the other, without a thought for speed.
import type { WireRequest } from './wire-request';

/** The parameters that mean something. */
export const NAMES = ['url', 'app', 'tenant_key', 'kind', 'shape'] as const;
export type Parameters = Partial<Record<(typeof NAMES)[number], string>>;

/** A refusal by its code. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The value of a header as Node joins repeated ones: the first of those that may stand once only, else all with commas. */
export function header({ headers }: Pick<WireRequest, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  if (values.length === 0) return undefined;
  return ['content-type', 'host', 'authorization'].includes(name) ? values[0] : values.join(', ');
}

/** Path and query as they stand; of the absolute form, what follows its authority. */
export function splitTarget(target: string): { path: string; query: string } {
  const relative = target.replace(/^http:\/\/[^/?]*/, '');
  const [path = '', ...rest] = relative.split('?');
  return { path: path === '' ? '/' : path, query: rest.join('?') };
}

/** Throws `Refused`. A parameter in both query and body is ambiguous. */
export function readParameters(request: WireRequest): Parameters {
  const inQuery = readPairs(splitTarget(request.target).query, false);
  if (request.method !== 'POST') return inQuery;
  const inBody = readBody(request);
  for (const name of NAMES)
    if (inQuery[name] !== undefined && inBody[name] !== undefined)
      throw new Refused(name === 'url' ? 'URL_REPEATED' : 'PARAMETER_REPEATED');
  return { ...inQuery, ...inBody };
}

/** A query, or a form, in which a plus is a space. */
export function readPairs(raw: string, isForm: boolean): Parameters {
  const pairs = raw.split('&').map((piece) => {
    const [name = '', ...value] = piece.split('=');
    return { name: decode(name) ?? name, value: value.join('=') };
  });
  const given = (name: string) => pairs.filter((pair) => pair.name === name);
  if (given('url').length > 1) throw new Refused('URL_REPEATED');
  const urlAt = pairs.findIndex(({ name }) => name === 'url');
  // Cut at its first `&`: something, if only an empty parameter, stands behind a URL that was not encoded.
  if (urlAt >= 0 && urlAt < pairs.length - 1 && /[/?]/.test(pairs[urlAt]?.value ?? ''))
    throw new Refused('URL_NOT_ENCODED');
  // Sent as it is, with escapes that `encodeURI` does not make of escapes.
  const rawUrl = pairs[urlAt]?.value ?? '';
  if (
    rawUrl.includes('://') &&
    (rawUrl.match(/%[0-9a-f][0-9a-f]/gi) ?? []).some((escape) => escape !== '%25')
  )
    throw new Refused('URL_NOT_ENCODED');
  for (const name of NAMES) if (given(name).length > 1) throw new Refused('PARAMETER_REPEATED');

  const parameters: Parameters = {};
  for (const name of NAMES) {
    const value = given(name)[0]?.value;
    // Empty is as good as absent.
    if (!value) continue;
    const decoded = decode(isForm ? value.replaceAll('+', ' ') : value);
    if (decoded === undefined && name === 'url') throw new Refused('URL_INVALID');
    // What does not decode is the name of nothing.
    parameters[name] = decoded ?? value;
  }
  return parameters;
}

function readBody(request: WireRequest): Parameters {
  const { body } = request;
  // 80 KiB: documented as 81,920 bytes.
  if (body.length > 81_920) throw new Refused('BODY_TOO_LARGE');
  if (body.length === 0) return {};
  const encoding = header(request, 'content-encoding') ?? 'identity';
  const [type = '', ...parameters] = (header(request, 'content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='));
  const isUtf8 = ['charset=utf-8', 'charset=utf8', 'charset="utf-8"', undefined].includes(charset);
  const isJson = type.trim() === 'application/json';
  const isForm = type.trim() === 'application/x-www-form-urlencoded';
  if (encoding.toLowerCase() !== 'identity' || !isUtf8 || !(isJson || isForm))
    throw new Refused('MEDIA_TYPE');
  return isForm ? readPairs(body.toString('latin1'), true) : readJson(body);
}

/** The keys of an object of JSON: the strings outside its inner brackets that a colon follows. */
function keysOf(json: string): unknown[] {
  const tokens = json.match(/"(?:\\.|[^"\\])*"|[{}[\]:]/g) ?? [];
  let brackets = 0;
  return tokens
    .filter((token, at) => {
      if ('{['.includes(token)) brackets += 1;
      if (']}'.includes(token)) brackets -= 1;
      return brackets === 1 && token.startsWith('"') && tokens[at + 1] === ':';
    })
    .map((token) => JSON.parse(token) as unknown);
}

function readJson(body: Buffer): Parameters {
  const text = body.toString('utf8');
  let json: unknown;
  try {
    // A byte order mark is not part of the text.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Refused('BODY_INVALID');
  }
  const isUtf8 = Buffer.from(text).equals(body);
  if (!isUtf8 || typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Refused('BODY_INVALID');
  const fields = new Map<string, unknown>(Object.entries(json));
  for (const key of ['__proto__', 'constructor', 'prototype'])
    if (fields.has(key)) throw new Refused('BODY_INVALID');
  const repeated = NAMES.filter((name) => keysOf(text).filter((key) => key === name).length > 1);
  if (repeated.includes('url')) throw new Refused('URL_REPEATED');
  if (repeated.length > 0) throw new Refused('PARAMETER_REPEATED');
  const parameters: Parameters = {};
  for (const name of NAMES) {
    const value = fields.get(name);
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string') throw new Refused('BODY_INVALID');
    parameters[name] = value;
  }
  return parameters;
}

/** Percent-encoding of UTF-8 in ASCII, byte by byte; undefined when it is something else. */
function decode(raw: string): string | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return undefined;
    if (raw[at] !== '%') {
      bytes.push(code);
      continue;
    }
    const digits = raw.slice(at + 1, at + 3);
    if (!/^[\da-f]{2}$/i.test(digits)) return undefined;
    bytes.push(parseInt(digits, 16));
    at += 2;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
