// A user of the library reads its options in every failure, and no variable of the service; the service reads its variables.
import { OPTIONS, VARIABLES } from '../../../src/base/setting-names';
import { VARIABLE_NAMES } from '../../../src/config/config';
import { parsePlatformBaseUrl } from '../../../src/config/parse-platform-base-url';
import { checkOrigins } from '../../../src/http/cors';
import { FAULTS } from '../../../src/open-platform/faults';
import { PlatformError, type FailureReason } from '../../../src/open-platform/platform-error';
import { compileAllowedOrigins } from '../../../src/signing/allowed-origins';
import { parsePageUrl } from '../../../src/signing/page-url';

const REASONS = Object.keys({
  timeout: 0,
  connection: 0,
  tls: 0,
  dns: 0,
  'not-json': 0,
  malformed: 0,
  'too-large': 0,
  'http-status': 0,
  ceiling: 0,
  'no-app-ticket': 0,
  aborted: 0,
} satisfies Record<FailureReason, 0>) as FailureReason[];

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Every text that names settings, made for one way of calling them. */
function textsIn(settings: typeof OPTIONS): string[] {
  const endpoint = 'jsapi_ticket';
  const allowed = compileAllowedOrigins(['https://h5.example.com'], settings.allowedOrigins);
  const check = (url: string, origin: string) => () => {
    checkOrigins(parsePageUrl(url), origin, allowed);
  };
  return [
    ...[...FAULTS.keys(), 424_242].map((code) => new PlatformError({ endpoint, code, settings }).message),
    ...[429, 502].map(
      (httpStatus) => new PlatformError({ endpoint, reason: 'http-status', httpStatus, settings }).message,
    ),
    ...REASONS.map((reason) => new PlatformError({ endpoint, reason, settings }).message),
    messageOf(check('https://elsewhere.example/', 'https://elsewhere.example')),
    messageOf(check('https://h5.example.com/', 'https://elsewhere.example')),
    messageOf(() => parsePlatformBaseUrl('http://open.example.com', false, settings)),
  ];
}

/** A word as variables are written: LARK_DOMAIN. */
const VARIABLE = /\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b/g;

test('the texts of the library name no variable', () => {
  expect(textsIn(OPTIONS).filter((text) => text.match(VARIABLE))).toEqual([]);
});

test('they are the sentences of the service, with other names', () => {
  const [ofService, ofLibrary] = [textsIn(VARIABLES), textsIn(OPTIONS)];
  expect(new Set(ofService.flatMap((text) => text.match(VARIABLE) ?? [])).size).toBeGreaterThan(6);
  for (const [index, text] of ofLibrary.entries()) {
    const named = Object.entries(VARIABLES).reduce((rest, [key, variable]) => {
      return rest.replaceAll(variable, `<${key}>`);
    }, ofService[index]!);
    const filled = named.replace(/<(\w+)>/g, (_, key: keyof typeof OPTIONS) => OPTIONS[key]);
    expect(text).toBe(filled);
  }
});

test('what the service names are its variables', () => {
  const named = Object.values<string>({ ...VARIABLES }).flatMap((name) => name.match(VARIABLE) ?? []);
  expect(named.filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
});
