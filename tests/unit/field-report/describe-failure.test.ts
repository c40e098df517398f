// What a field report says of a client's failure: codes and names of fields, and nothing of what they hold.
import { describeForm, describeRefusal } from '../../../src/field-report/describe-failure';
import { describeFailure } from '../../../src/sandbox/client/describe-failure';

const PRIVATE = 'https://h5.example.com/MARKED?code=MARKED cli_MARKED g10MARKED';

it.each([
  ['errCode', 'errCode: code; errMsg: text'],
  ['errno', 'errMsg: text; errno: code'],
  ['errorCode', 'errorCode: code; errorMessage: text'],
  ['errString', 'errString: text with the code; errno: code 2601002'],
  ['wrapped', 'errCode: code 2601002; errMsg: text with the code'],
] as const)('names the fields of the form %s', (form, described) => {
  const failure = describeFailure(form, 333441, PRIVATE);
  expect(describeForm(failure)).toBe(described);
  expect(describeRefusal(failure)).toBe('refused 333441');
});

it.each<[unknown, string, string]>([
  ['invalid signature', 'no object: text', 'refused 333441'],
  ['something else', 'no object: text', 'refused without a code'],
  [undefined, 'no object: undefined', 'refused without a code'],
  [null, 'no object: null', 'refused without a code'],
  [{}, 'no fields', 'refused without a code'],
  [{ errno: '104' }, 'errno: code as text', 'refused 104'],
  [
    { errCode: 104, requestId: 7012345678901234, at: '1510045655000' },
    'at: number as text; errCode: code; requestId: number',
    'refused 104',
  ],
  [
    { message: '', data: { a: 1 }, ok: false },
    'data: object; message: empty text; ok: boolean',
    'refused without a code',
  ],
  [{ message: 'undefined is not an object' }, 'message: text', 'refused without a code'],
  [{ errno: 9, errString: 'since 1999' }, 'errString: text; errno: code', 'refused 9'],
  [new Error('errno: 105'), 'message: text with the code', 'refused 105'],
])('%j is %s', (failure, form, refusal) => {
  expect(describeForm(failure)).toBe(form);
  expect(describeRefusal(failure)).toBe(refusal);
});

it('says nothing of a value, nor an invalid name', () => {
  const failure = {
    ...{ errString: PRIVATE, url: PRIVATE, ticket: 'MARKED', [PRIVATE]: 1, ['MARKED'.repeat(7)]: 2 },
    ...{ userId: 1234567, nested: { MARKED: 1 } },
  };
  const form = describeForm(failure);
  expect(form).toBe(
    '?: number; errString: text; ?: number; nested: object; ticket: text; url: text; userId: number',
  );
  const many = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`f${index}`, 1]));
  expect(describeForm(many).split('; ')).toHaveLength(12);
});
