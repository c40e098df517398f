// Whatever prints a reply and a failure, with whatever around them: the values come back as they are.
import { inspect } from 'node:util';
import fc from 'fast-check';
import { readPasted } from '../../../src/explain/read-pasted';
import { runs } from '../../support/runs';

const RUNS = runs(5_000);

/** What is in a URL or a text, and what ends, escapes or looks like something in a console. */
const PIECES = [
  'a',
  '1',
  '/',
  '?',
  '&',
  '=',
  '#',
  '%E9%A3%9E',
  '飞',
  '😀',
  ' ',
  ', ',
  ': ',
  '"',
  "'",
  '`',
  '\\',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  'url: ',
  'code: 1',
  'ticket',
  '\u200b',
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
const word = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019')), minLength: 1, maxLength: 32 });
const signed = fc.record({
  appId: word.map((id) => `cli_${id}`),
  timestamp: fc.integer({ min: 1, max: 9_999_999_999_999 }),
  nonceStr: word.map((nonce) => `n${nonce}`),
  signature: fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: 40,
    maxLength: 40,
  }),
  url: text.map((rest) => `https://h.cn/${rest}z`),
});

type Print = (value: unknown) => string;
const prints: readonly Print[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(JSON.stringify(value)),
  (value) => JSON.stringify({ code: 0, msg: 'ok', data: { result: value } }),
  (value) => inspect(value),
  (value) => inspect({ a: { b: value } }, { depth: Infinity, compact: false }),
  (value) => inspect(value, { colors: true }),
  (value) => inspect([value], { breakLength: Infinity }),
  (value) => inspect(new Map(Object.entries(value as object))),
];
const LABELS = ['', 'get_signature ', 'reply: ', '[INFO] 12:00:01 ', 'INFO:root:', 'config =', 'sign('];

test('a reply, and the words of a failure', () => {
  fc.assert(
    fc.property(
      signed,
      text.map((rest) => `fail ${rest.replaceAll('code: 1', '')}!`),
      fc.constantFrom(...prints),
      fc.constantFrom(...prints),
      fc.constantFrom(...LABELS),
      fc.boolean(),
      (reply, errString, printReply, printFailure, label, isFailureFirst) => {
        const parts = [label + printReply(reply), `Uncaught ${printFailure({ errno: 2601002, errString })}`];
        const { facts } = readPasted((isFailureFirst ? parts.reverse() : parts).join('\n'));
        expect(facts).toMatchObject(reply);
        expect(facts.errorCode).toBe(2601002);
        if (printFailure !== prints[3]) expect(facts.errorText).toContain(errString);
      },
    ),
    { numRuns: RUNS },
  );
});

test('anything at all, without an exception', () => {
  fc.assert(
    fc.property(text, (anything) => {
      expect(() => readPasted(anything)).not.toThrow();
    }),
    { numRuns: RUNS },
  );
});
