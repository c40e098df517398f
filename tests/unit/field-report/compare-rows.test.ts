// The comparison of a field report, and its text.
import { compareRows, renderReport } from '../../../src/field-report/compare-rows';
import type { Row } from '../../../src/field-report/rows';

const row = (id: string): Row => ({
  id,
  question: { en: `Question ${id}`, zh: `问题 ${id}` },
  assumed: 'accepted',
  settles: [`assumption-${id}`],
});

it('says of every row whether the answer is the assumed one, and gives more where it is not', () => {
  const rows = compareRows(['a', 'b', 'c', 'd', 'e'].map(row), {
    a: { observed: 'accepted' },
    b: { observed: 'refused 1012', detail: 'after 2 s' },
    c: { observed: 'refused 7', assumed: 'refused 7' },
    d: { observed: 'refused 8', assumed: null },
  });
  expect(rows.map(({ verdict }) => verdict)).toEqual(['agrees', 'differs', 'agrees', 'unseen', 'unseen']);
  expect(renderReport(['Client report', 'Client: Lark 7.1'], 'client', rows)).toBe(`Client report
Client: Lark 7.1
2 agree, 1 differ, 2 unseen

agrees  a: Question a: accepted
DIFFERS b: Question b [assumption-b]
          client: refused 1012 (after 2 s)
          simulated client: accepted
agrees  c: Question c: refused 7
unseen  d: Question d [assumption-d]
          client: refused 8
          simulated client: nothing is assumed
unseen  e: Question e [assumption-e]
          client: not asked
          simulated client: accepted
`);
});
