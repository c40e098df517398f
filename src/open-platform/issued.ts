// What a reply of the platform must hold before the service believes that it issues a token or a ticket. Read without a schema
// library, which would be half of what a back end loads for a signer. Unknown fields pass: the platform adds some.

/** A place in a reply, and what has to be there. */
interface Field<T> {
  readonly path: readonly string[];
  readonly accepts: (value: unknown) => value is T;
}

/** Where a reply has the issued value, and its life. */
export interface IssuedFields {
  readonly value: Field<string>;
  readonly life: Field<number>;
}

/** A value as it was issued, or the places of the reply that are missing or wrong, `data.ticket`. */
export type ReadIssued = { value: string; lifeSeconds: number } | { faultyFields: readonly string[] };

/** 1 second to 1 day: the platform documents 2 hours; anything beyond a day, negative or fractional is not a lifetime. */
const isLife = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 86_400;

/** Visible ASCII, because it travels in an `Authorization` header; of any length. */
const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

/** Opaque, but part of `jsapi_ticket=…&noncestr=…`: whitespace, control characters or `&` would make that ambiguous. */
const isTicket = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s&\p{C}]+$/u.test(value);

const tokenIn = (name: string): IssuedFields => ({
  value: { path: [name], accepts: isToken },
  life: { path: ['expire'], accepts: isLife },
});

/** Reply of `auth/v3/tenant_access_token` and its `/internal`. */
export const TENANT_ACCESS_TOKEN = tokenIn('tenant_access_token');

/** Reply of `auth/v3/app_access_token` and its `/internal`. */
export const APP_ACCESS_TOKEN = tokenIn('app_access_token');

/** Reply of `jssdk/ticket/get`. */
export const JSAPI_TICKET: IssuedFields = {
  value: { path: ['data', 'ticket'], accepts: isTicket },
  life: { path: ['data', 'expire_in'], accepts: isLife },
};

/** The value that the parsed reply `json` issues. */
export function readIssued(json: unknown, { value, life }: IssuedFields): ReadIssued {
  const issued = memberAt(json, value.path);
  const lifeSeconds = memberAt(json, life.path);
  if (value.accepts(issued) && life.accepts(lifeSeconds)) return { value: issued, lifeSeconds };
  const faulty = [value, life].filter(({ path, accepts }) => !accepts(memberAt(json, path)));
  return { faultyFields: [...new Set(faulty.map(({ path }) => faultyPlace(json, path)))] };
}

/** `path`, or its beginning as far as `json` has it and one further. */
function faultyPlace(json: unknown, path: readonly string[]): string {
  const missing = path.findIndex((_, at) => memberAt(json, path.slice(0, at + 1)) === undefined);
  return (missing < 0 ? path : path.slice(0, missing + 1)).join('.');
}

/** The own member of `json` at `path`; undefined where there is none. */
export function memberAt(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
        ? (parent as Record<string, unknown>)[name]
        : undefined,
    json,
  );
}
