// Where two texts differ.
import { difference } from '../../../src/explain/collector';

test.each([
  ['a?x=1', 'a?x=1&y=2', ['a?x=1', '', ''], ['a?x=1', '&y=2', '']],
  ['http://h', 'https://h', ['http', '', '://h'], ['http', 's', '://h']],
  ['aXc', 'aYc', ['a', 'X', 'c'], ['a', 'Y', 'c']],
  ['same', 'same', ['same', '', ''], ['same', '', '']],
  ['', 'abc', ['', '', ''], ['', 'abc', '']],
  ['aa', 'aaa', ['aa', '', ''], ['aa', 'a', '']],
  // The two share half a surrogate pair.
  ['x😀', 'x😁', ['x', '😀', ''], ['x', '😁', '']],
])('%j and %j', (signed, expected, markedSigned, markedExpected) => {
  expect(difference(signed, expected)).toEqual({ signed: markedSigned, expected: markedExpected });
});
