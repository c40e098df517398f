// Every single mistake that is known, made on pages of many kinds: it is found, and called proved only when nothing else gives the signature.
import { explain } from '../../../src/explain/explain';
import { urlMistakes } from '../../../src/explain/url-mistakes';
import { compute, valueMistakes, type Recipe } from '../../../src/explain/value-mistakes';
import { heldTicket } from '../../support/held-ticket';

const TICKET = '0560604568baf296731aa37f0c8ebe3e049c19d7';
const tickets = [
  heldTicket('current', 'cli_a', TICKET),
  heldTicket('previous', 'cli_a', '91f5b1c3a8d24c0e9f6b7a5d4e3c2b1a09f8e7d6'),
  heldTicket('access-token', 'cli_a', 't-g1044qeGEDXTB6NDJOGV4JQCYDGHRBARFTGT1234'),
];
const FRAGMENT = '#/list';

test.each([
  'https://h5.example.com/orders?id=42&tab=a&from=message',
  'https://h5.example.com/',
  'https://h5.example.com/a',
  'https://h5.example.com/s?status=1&from=message',
  'https://h5.example.com/m?n=%E7%BD%91%20-%20%E5%A4%A9&k=1',
  'https://h.cn:8443/p?x=a+b&y=a%20b&z=%2B&lk_a=1',
  'https://xn--fiqs8s.example.com/%C3%A9?b=2&a=1&x&y=',
  'https://h.cn/a?bdp_launch_query=%7B%7D',
  'http://10.0.0.7:8080/a/b/?amp;=2&u=https%3A%2F%2Fh.cn%2F',
])('on %s', (url) => {
  const right: Recipe = { ticket: TICKET, nonceStr: 'Ab3bacf905b64367', timestamp: '1767225600123', url };
  const recipes = [
    ...[...urlMistakes(url, [FRAGMENT])].map((mistake) => ({
      code: mistake.code,
      recipe: { ...right, url: mistake.url },
    })),
    ...valueMistakes(right, { held: tickets, otherTimestamps: [] }).map(({ code, change }) => ({
      code,
      recipe: { ...right, ...change },
    })),
  ];
  let made = 0;
  for (const { code, recipe } of recipes) {
    const signature = compute(recipe);
    if (signature === compute(right)) continue;
    made += 1;
    const { verdict, findings } = explain(
      {
        pageUrl: url + FRAGMENT,
        nonceStr: right.nonceStr,
        timestamp: Number(right.timestamp),
        signature,
      },
      { tickets, nowMs: 1_767_225_605_000 },
    );
    const firm = findings.filter(({ strength }) => strength !== 'possible');
    const [first] = firm;
    expect({ code, verdict, listed: findings.map((finding) => finding.code) }).toMatchObject({
      verdict: 'explained',
      listed: expect.arrayContaining([code]) as unknown,
    });
    // Broader statements of the same are possible, next to the narrow one.
    const isBroad = /QUERY_MISSING|DECODED|ENCODED|REBUILT/.test(code);
    if (!isBroad) expect(firm.map((finding) => finding.code)).toContain(code);
    expect(first?.strength).toBe(firm.length === 1 ? 'proved' : 'alternative');
  }
  expect(made).toBeGreaterThan(90);
});
