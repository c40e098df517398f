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
