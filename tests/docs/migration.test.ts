// docs/migration.md names only what exists: shapes and paths that can be set, codes, variables, JSAPIs; and its code does what it says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/base/errors';
import { CLIENT_CODES } from '../../src/client-failures/client-codes';
import { VARIABLE_NAMES } from '../../src/config/config';
import { parseCompatRoutes } from '../../src/config/parse-compat-routes';
import { SHAPE_NAMES } from '../../src/http/shapes';
import { MADE_UP_ANSWERS } from '../../src/sandbox/client/made-up-answers';
import { StandInPage } from '../support/stand-in-page';

const guide = readFileSync(join(__dirname, '../../docs/migration.md'), 'utf8');
const found = (pattern: RegExp): string[] => [
  ...new Set([...guide.matchAll(pattern)].map(([, name]) => name!)),
];

test('every COMPAT_ROUTES in it can be set, and every shape is in one', () => {
  const routes = found(/`COMPAT_ROUTES=([^`]+)`/g).flatMap((value) => parseCompatRoutes(value));
  expect(new Set(routes.map(({ shape }) => shape))).toEqual(new Set(SHAPE_NAMES));
});

test('every code of the client in it is known, and so are the service’s codes and variables', () => {
  // The year that seconds are taken for is none.
  const codes = found(/(?<![\d,.-])(\d{4}|\d{6,7})(?![\d,.-])/g).filter((number) => number !== '1970');
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !(code in CLIENT_CODES))).toEqual([]);
  const names = found(/`([A-Z]+(?:_[A-Z]+)+)\b[^`]*`/g).filter(
    (name) => !/^(NEXT_PUBLIC|REACT_APP)/.test(name),
  );
  for (const name of names) expect([...VARIABLE_NAMES, ...Object.keys(ERRORS)]).toContain(name);
});

test('every JSAPI of tt in it is one', () => {
  const stateful = ['requestAuthCode', 'requestAccess'];
  const names = found(/\btt\.(\w+)/g);
  expect(names).toEqual(expect.arrayContaining(['scanCode', 'requestAuthCode']));
  for (const name of names) expect([...Object.keys(MADE_UP_ANSWERS), ...stateful]).toContain(name);
});

describe('a JSAPI that is called', () => {
  const [, block = ''] = /^```js\n(\/\/ before.*?)^```$/ms.exec(guide) ?? [];
  const [before = '', after = ''] = block.split('// after\n');

  /** What `code` gets of scanCode when the platform answers to config only after the page's other callbacks. */
  async function scanned(code: string): Promise<object[]> {
    const page = new StandInPage();
    let answer = (): void => undefined;
    // The reply of the platform, once it comes.
    const verdict = new Promise((resolve) => {
      answer = () => {
        resolve({ errCode: 0, errMsg: 'ok' });
      };
    });
    Object.assign(page, { verdict });
    const got: object[] = [];
    const given = {
      ...{ appId: 'cli_a', timestamp: 1, nonceStr: 'n', signature: 's' },
      ...{ h5sdk: page.h5sdk, tt: page.tt, onFail: () => undefined },
      ...{
        success: (result: object) => got.push({ ...result }),
        fail: (failure: object) => got.push({ ...failure }),
      },
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code of the document
    const run = new Function(...Object.keys(given), code) as (...values: unknown[]) => unknown;
    run(...Object.values(given));
    await page.pass();
    answer();
    await page.pass();
    return got;
  }

  it('inside h5sdk.ready is refused while the platform has not answered', async () => {
    expect(await scanned(before)).toEqual([
      { errno: 2601002, errString: expect.stringContaining('333445') as string },
    ]);
  });

  it('in onSuccess is answered', async () => {
    expect(await scanned(after)).toEqual([expect.objectContaining({ errMsg: 'scanCode:ok' })]);
  });
});
