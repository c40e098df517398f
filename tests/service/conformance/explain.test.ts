// Every known mistake, as data: the right cause comes first, and it is called proved only where the data proves it.
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../../src/explain/explain';
import { FINDINGS } from '../../../src/explain/findings';
import { readPasted } from '../../../src/explain/read-pasted';
import type { Explanation, Facts, HeldTicket } from '../../../src/explain/types';
import { heldTicket } from '../../support/held-ticket';

interface Case {
  name: string;
  /** What was hashed, and how: an independent record of what is wrong. */
  signed: string;
  algorithm: string;
  /** The bytes that were hashed, in Base64, when they are not those of UTF-8. */
  bytes?: string;
  /** Text as it is copied out of a reply or a console. */
  pasted?: string;
  facts: Facts;
  expect: {
    verdict: Explanation['verdict'];
    first?: string;
    firstTwo?: string[];
    /** Of the first finding, or of the first two. */
    strength?: string;
    also?: string;
  };
}

const folder = join(__dirname, 'explain');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const context = read('context.json') as {
  nowMs: number;
  tickets: { kind: HeldTicket['kind']; owner: string; value: string }[];
};
const held = context.tickets.map(({ kind, owner, value }) => heldTicket(kind, owner, value));
const tickets = held.filter(({ kind }) => kind !== 'other');
const others = held.filter(({ kind }) => kind === 'other');
const files = readdirSync(folder).filter((name) => name !== 'context.json');
const cases = files.flatMap((name) => read(name) as Case[]);

function digest({ algorithm, signed, bytes }: Case): Buffer {
  const keyed = algorithm.startsWith('hmac-') ? tickets[0]!.value.reveal() : undefined;
  if (keyed !== undefined) return createHmac(algorithm.slice(5), keyed).update(signed).digest();
  return createHash(algorithm)
    .update(bytes === undefined ? signed : Buffer.from(bytes, 'base64'))
    .digest();
}

test('there are at least 60 cases, with every finding among them', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  const named = new Set(
    cases.flatMap(({ expect: { first, firstTwo = [], also } }) => [first, also, ...firstTwo]),
  );
  expect(Object.keys(FINDINGS).filter((code) => !named.has(code))).toEqual([]);
});

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const { pasted = '', expect: wanted } = one;
  const facts = { ...readPasted(pasted).facts, ...one.facts };
  const explanation = explain(facts, { tickets, others, nowMs: context.nowMs });
  const { verdict, findings } = explanation;
  const codes = findings.map(({ code }) => code as string);
  expect({ verdict, codes }).toMatchObject({ verdict: wanted.verdict });
  if (wanted.verdict === 'valid') expect(codes).toEqual([]);
  if (wanted.first !== undefined) {
    expect({ codes, first: codes[0] }).toEqual({ codes, first: wanted.first });
    expect(findings[0]).toMatchObject({ strength: wanted.strength });
  }
  if (wanted.firstTwo !== undefined) {
    expect(codes.slice(0, 2).sort()).toEqual([...wanted.firstTwo].sort());
    expect(findings.slice(0, 2)).toMatchObject([{ strength: 'proved' }, { strength: 'proved' }]);
  }
  if (wanted.also !== undefined) expect(codes).toContain(wanted.also);

  const isProved = findings.some(({ strength }) => strength === 'proved');
  if (isProved) {
    const hash = digest(one);
    const written = [...hash].map((byte) => byte.toString(16)).join('');
    const forms = [
      hash.toString('hex'),
      hash.toString('hex').replace(/^0+/, ''),
      hash.toString('base64'),
      written,
    ];
    expect([...forms, ...forms.map((form) => form.toUpperCase())]).toContain(facts.signature);
  }
  for (const { value } of held) expect(JSON.stringify(explanation)).not.toContain(value.reveal());
});
