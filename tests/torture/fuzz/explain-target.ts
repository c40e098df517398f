// What operators paste: whatever it is, an explanation in bounded time that tells no ticket.
import { inspect } from 'node:util';
import { explain } from '../../../src/explain/explain';
import { readPasted } from '../../../src/explain/read-pasted';
import { heldTicket } from '../../support/held-ticket';
import type { SeededRandom } from '../seeded-random';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';

const TICKET = 'hush-hush-ticket';
const NOW_MS = Date.UTC(2026, 0, 1);
/** Half of what the service accepts: it reads in one turn and computes in others, here both are one input. */
const MAX_PASTED = 8_192;
/** Every single mistake; the pairs after them are more of the same. */
const MAX_HASHES = 150;
const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '`',
    '“',
    '\\"',
    '\\\\\\"',
    ':',
    '=',
    ' => ',
    ' → ',
    ', ',
    '\n',
    ' + ',
  ],
  ...[
    'Map(2) {',
    'Sign(a=',
    '[a] =>',
    'string(3) "',
    "b'",
    '\x1b[32m',
    '[39m',
    'undefined',
    '… }',
    '"__proto__":',
  ],
  ...[
    'signature: c872****',
    ', timestamp: %!s(int64=',
    'url: https://',
    'jsticket: ',
    'errString',
    'code: ',
    '333441',
  ],
];
const words = (url: string): string =>
  `invalid signature: signature: c872b****, jsticket: hush-****, nonce_str: zdcW****, url: ${url}, timestamp: %!s(int64=${NOW_MS})`;

export function createExplainTarget(): FuzzTarget {
  const tickets = [heldTicket('current', 'cli_a', TICKET)];
  return {
    name: 'explain',
    share: 0.02,
    make,
    run({ pasted = '' }) {
      const { facts } = readPasted(pasted.slice(0, MAX_PASTED));
      if (facts.errorCode === 0 || Number.isNaN(facts.errorCode)) return `a code ${facts.errorCode}`;
      const explanation = explain(facts, { tickets, nowMs: NOW_MS, maxHashes: MAX_HASHES });
      if (explanation.hashes > MAX_HASHES) return `${explanation.hashes} hashes`;
      if (explanation.verdict === 'valid') return 'a signature that is wrong was called valid';
      return JSON.stringify(explanation).includes(TICKET) ? 'a ticket in the explanation' : undefined;
    },
  };
}

function make(dice: SeededRandom): Input {
  const url = `https://h.cn/${dice.pick(['', 'a?x=1&y=(2)', 'a?q=%E9%A3%9E b', '?f={"a":[1]}'])}`;
  const reply = { appId: 'cli_a', timestamp: NOW_MS, nonceStr: 'abc', signature: 'a'.repeat(40), url };
  const failure = { errno: dice.pick([2601002, 333441, 104]), errString: words(url) };
  const print = dice.pick<(value: unknown) => string>([
    (value) => JSON.stringify(value),
    (value) => JSON.stringify(value, null, 2),
    (value) => JSON.stringify(JSON.stringify(value)),
    (value) => inspect(value, { colors: dice.chance(0.3) }),
    (value) => inspect(new Map(Object.entries(value as object))),
  ]);
  const text = `${dice.pick(['', 'get_signature ', 'a\n'])}${print(reply)}\n${print(failure)}`;
  return { pasted: mutate(dice, text, WORDS) };
}
