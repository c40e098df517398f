// A sealer whose secret changes: what was sealed under the present secret or the one before opens, and nothing else does.
import { Secret } from '../../../src/base/secret';
import { ChangingSealer } from '../../../src/tickets/changing-sealer';
import { createSealer } from '../../../src/tickets/sealer';

const NAME = 'https://open.feishu.cn cli_a';

test('seals with the present secret and opens what it sealed', () => {
  const sealer = new ChangingSealer(new Secret('one'));
  expect(sealer.open(NAME, sealer.seal(NAME, 'text'))).toBe('text');
  expect(createSealer('one').open(NAME, sealer.seal(NAME, 'text'))).toBe('text');
  expect(sealer.open(NAME, createSealer('another').seal(NAME, 'text'))).toBeUndefined();
});

test('after a change opens what was sealed under the secret before, not under the one before that', () => {
  const sealer = new ChangingSealer(new Secret('one'));
  const underOne = sealer.seal(NAME, 'text');
  sealer.change(new Secret('two'));
  expect(sealer.open(NAME, underOne)).toBe('text');
  expect(createSealer('two').open(NAME, sealer.seal(NAME, 'new'))).toBe('new');
  expect(sealer.open(NAME, sealer.seal(NAME, 'new'))).toBe('new');
  sealer.change(new Secret('three'));
  expect(sealer.open(NAME, underOne)).toBeUndefined();
});
