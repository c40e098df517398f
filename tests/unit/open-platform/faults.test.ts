import { VARIABLES } from '../../../src/base/setting-names';
import { adviceOf, classify, FAULTS } from '../../../src/open-platform/faults';

const advised = (code: number | undefined, httpStatus?: number): string =>
  adviceOf(classify(code, httpStatus).advice, VARIABLES);

describe('the fault table', () => {
  it.each([
    [10003, 'configuration'],
    [10005, 'configuration'],
    [10014, 'configuration'],
    [10015, 'configuration'],
    [99991543, 'configuration'],
    [10012, 'app-ticket'],
    [99991400, 'rate-limit'],
    [99991403, 'quota'],
    [99991401, 'configuration'],
    [99991661, 'configuration'],
    [99991663, 'token'],
    [99991664, 'token'],
    [99991665, 'token'],
    [99991671, 'token'],
    [99991662, 'configuration'],
    [99991672, 'configuration'],
    [99991673, 'configuration'],
    [10013, 'configuration'],
    [10016, 'configuration'],
    [9499, 'configuration'],
    [99991201, 'configuration'],
    [99991301, 'configuration'],
    [99991676, 'configuration'],
    [99991679, 'configuration'],
    [99991668, 'token'],
    [99991677, 'token'],
    [20013, 'token'],
    [2200, 'retry'],
    [5000, 'retry'],
    [1500, 'retry'],
    [10101, 'retry'],
    [10500, 'retry'],
    [1503, 'retry'],
  ])('says what code %i calls for: %s', (code, kind) => {
    expect(classify(code).kind).toBe(kind);
  });

  it('has a sentence of advice for every code', () => {
    for (const code of FAULTS.keys()) expect(advised(code)).toMatch(/^[A-Z].{20,}\.$/);
  });

  it.each([
    [99991661, /without the word Bearer.*removes or rewrites/],
    [99991668, /sign the user in again/],
    [99991677, /sign the user in again/],
    [99991676, /lacks a permission: add the permission scope/],
    [99991679, /has not granted .* permission scope/],
    [99991201, /LARK_DOMAIN and its path.*changes the path or the method/],
    [99991301, /LARK_DOMAIN and its path.*changes the path or the method/],
    [10016, /no store app/],
    [9499, /LARK_DOMAIN.*headers or body/],
    [10013, /LARK_APP_ID and LARK_APP_SECRET belong together/],
    [2200, /inside the platform/],
    [5000, /inside the platform/],
  ])('advises on %i: %s', (code, advice) => {
    expect(advised(code)).toMatch(advice);
  });

  it('has advice for what is not in the table, too', () => {
    expect(advised(424242)).toMatch(/list of error codes/);
    expect(advised(undefined, 429)).toMatch(/proxy|gateway/);
    expect(advised(undefined, 502)).toMatch(/LARK_DOMAIN/);
  });

  it.each([200, 400, 429, 500])('lets the code decide whatever the HTTP status is (%i)', (httpStatus) => {
    expect(classify(10014, httpStatus).kind).toBe('configuration');
    expect(classify(99991403, httpStatus).kind).toBe('quota');
  });

  it('backs off on an unknown code, whatever the HTTP status is', () => {
    expect(classify(424242, 429).kind).toBe('retry');
  });

  it('judges by the HTTP status only what has no code', () => {
    expect(classify(undefined, 429).kind).toBe('rate-limit');
    expect(classify(undefined, 502).kind).toBe('retry');
    expect(classify(undefined, 403).kind).toBe('retry');
    expect(classify(undefined).kind).toBe('retry');
  });
});
