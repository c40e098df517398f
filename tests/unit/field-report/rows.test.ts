// The questions of both field reports, and the assumptions of the simulated platform that their answers settle.
import { CLIENT_ROWS, PLATFORM_ROWS, type Row } from '../../../src/field-report/rows';
import { ASSUMPTIONS, type Assumption } from '../../../src/sandbox/assumptions';

const REPORTS: Record<NonNullable<Assumption['settledBy']>, readonly Row[]> = {
  doctor: PLATFORM_ROWS,
  page: CLIENT_ROWS,
};
const assumptions: Readonly<Record<string, Assumption>> = ASSUMPTIONS;

describe.each(Object.entries(REPORTS))('the report of the %s', (report, rows) => {
  it('has a row for every assumption that it can settle, and settles no other', () => {
    const settled = [...new Set(rows.flatMap(({ settles }) => settles))].sort();
    const claimed = Object.keys(assumptions).filter((name) => assumptions[name]?.settledBy === report);
    expect(claimed.length).toBeGreaterThan(5);
    expect(settled).toEqual(claimed.sort());
  });

  it('asks everything once, in both languages', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const { question } of rows) {
      expect(question.en).toMatch(/^(?:[A-Z]|expire|h5sdk).*[^.]$/);
      expect(question.zh).toMatch(/\p{Script=Han}/u);
    }
  });
});
