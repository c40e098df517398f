// ADMIN_TOKEN: how many tokens, how long, of which characters; no fault quotes one.
import { parseAdminTokens } from '../../../src/config/parse-admin-tokens';
import { Secret } from '../../../src/base/secret';

const parse = (text: string): string[] => parseAdminTokens(new Secret(text)).map((token) => token.reveal());

describe('parseAdminTokens', () => {
  it.each([
    ['0123456789abcdef', ['0123456789abcdef']],
    ['0123456789abcdef,', ['0123456789abcdef']],
    ['AZaz09-._~+/AZaz== , 0123456789abcdef', ['AZaz09-._~+/AZaz==', '0123456789abcdef']],
  ])('reads %s', (text, tokens) => {
    expect(parse(text)).toEqual(tokens);
  });

  it.each([
    ['', /one token, or two/],
    [' , ', /one token, or two/],
    ['0123456789abcdef,0123456789abcdee,0123456789abcded', /one token, or two/],
    ['0123456789abcde', /shorter than 16 characters/],
    ['0123456789abcdef,0123456789abcde', /shorter than 16 characters/],
    ['0123456789 abcdef', /cannot carry/],
    ['0123456789abcdéf', /cannot carry/],
  ])('refuses %j without quoting it', (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).not.toThrow(/0123/);
  });
});
