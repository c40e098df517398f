// Only pages of listed origins are signed for; the refusal names the origin and says where to add it.
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { parsePageUrl } from '../../../src/signing/page-url';
import { requireAllowedPage } from '../../../src/signing/require-allowed-page';

const allowed = compileAllowedOrigins(['https://h5.example.com']);

test('a page of a listed origin passes', () => {
  expect(() => requireAllowedPage(parsePageUrl('https://h5.example.com/a'), allowed)).not.toThrow();
});

test('an origin that was found on the list is not looked up again, one of another list is', () => {
  const found = parsePageUrl('https://h5.example.com/a', allowed);
  const allows = jest.spyOn(allowed, 'allows');
  requireAllowedPage(found, allowed);
  expect(allows).not.toHaveBeenCalled();
  allows.mockRestore();
  const other = compileAllowedOrigins(['https://other.example.com']);
  expect(() => requireAllowedPage(found, other)).toThrow('not an allowed origin');
});

test('a page of another origin is refused, with its origin, without its query, and with what to change', () => {
  const refused = () => requireAllowedPage(parsePageUrl('https://evil.example/?code=hush'), allowed);
  expect(refused).toThrow(expect.objectContaining({ code: 'URL_NOT_ALLOWED' }));
  expect(refused).toThrow(/https:\/\/evil\.example .*ALLOWED_ORIGINS/);
  expect(refused).not.toThrow(/hush/);
});

test.each(['https://h5.example.com&code=hush/', 'http://hush;x=1/', "https://h5.example.com'hush'/"])(
  '%s is refused without its host, which may be meant for a query',
  (received) => {
    const refused = () => requireAllowedPage(parsePageUrl(received), allowed);
    expect(refused).toThrow(/^https?:\/\/… is not an allowed origin/);
    expect(refused).not.toThrow(/hush/);
  },
);
