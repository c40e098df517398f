// Values as the platform hands them out, in every form that was seen: no length and no prefix may be assumed.

const part = (length: number): string => 'eyJhbGciOiJFUzI1NiIs-_'.repeat(length).slice(0, length);
const jwt = (length: number): string => `${part(36)}.${part(length - 36 - 2 - 86)}.${part(86)}`;

/** Tokens and tickets: the documented form, `g1014…`, JWTs, and 4 KB of each. By a name for the test. */
export const LONG_VALUES: readonly (readonly [string, string])[] = [
  ['a ticket of 40 hexadecimal digits', '0560604568baf296731aa37f0c8ebe3e049c19d7'],
  ['a value that begins with g1014', `g1014${part(120)}`],
  ['a JWT of 700 characters', jwt(700)],
  ['a JWT of 4,096 characters', jwt(4_096)],
  ['a token of 4,096 characters', `t-${part(4_094)}`],
  ['a value with the marks of base64', `u-${'a+/='.repeat(500)}`],
];
