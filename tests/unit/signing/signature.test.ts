// The signature against the official vectors and the ones computed from them.
import { createHash } from 'node:crypto';
import vectors from '../../service/conformance/signature-vectors.json';
import { signature, stringToSign } from '../../../src/signing/signature';

describe('signature', () => {
  it.each(vectors)('agrees with the vector for $url ($source)', (vector) => {
    expect(signature(vector)).toBe(vector.signature);
  });

  it('hashes the UTF-8 bytes of a URL that is not ASCII', () => {
    const input = { ticket: 't', nonceStr: 'n', timestamp: 1, url: 'https://h.cn/中文😀' };
    const bytes = Buffer.from('jsapi_ticket=t&noncestr=n&timestamp=1&url=https://h.cn/中文😀', 'utf8');
    expect(signature(input)).toBe(createHash('sha1').update(bytes).digest('hex'));
  });
});

describe('stringToSign', () => {
  it('has the fixed order and lower-case names, and escapes nothing', () => {
    expect(
      stringToSign({
        ticket: 'a&b',
        nonceStr: 'n%20',
        timestamp: 1510045655000,
        url: 'https://h.cn/?x=1&y=+%2B',
      }),
    ).toBe('jsapi_ticket=a&b&noncestr=n%20&timestamp=1510045655000&url=https://h.cn/?x=1&y=+%2B');
  });
});
