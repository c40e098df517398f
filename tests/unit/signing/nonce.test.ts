// Nonces: their form, and that no random byte serves twice.
import { createNonceSource } from '../../../src/signing/nonce';

/** A source of ever-different bytes: each group of four counts on, across draws. */
function countingSource() {
  const draws: number[] = [];
  let count = 0;
  return {
    draws,
    randomBytes: (size: number) => {
      draws.push(size);
      const bytes = Buffer.alloc(size);
      for (let at = 0; at < size; at += 4) bytes.writeUInt32BE(count++, at);
      return bytes;
    },
  };
}

describe('createNonceSource', () => {
  it('gives 32 lower-case hexadecimal characters', () => {
    expect(createNonceSource()()).toMatch(/^[0-9a-f]{32}$/);
  });

  it('uses every byte of the source once, in order, across several pools', () => {
    const source = countingSource();
    const nextNonce = createNonceSource(source.randomBytes);
    const nonces = Array.from({ length: 1_000 }, nextNonce);
    const expected = countingSource().randomBytes(16_000).toString('hex');
    expect(nonces.join('')).toBe(expected);
  });

  it('draws nothing before it is needed, and far less often than it gives', () => {
    const source = countingSource();
    const nextNonce = createNonceSource(source.randomBytes);
    expect(source.draws).toEqual([]);
    for (let given = 0; given < 257; given++) nextNonce();
    expect(source.draws).toEqual([4_096, 4_096]);
  });

  it('passes on the failure of its source, and gives no old bytes afterwards', () => {
    const source = countingSource();
    let failing = false;
    const nextNonce = createNonceSource((size) => {
      if (failing) throw new Error('no entropy');
      return source.randomBytes(size);
    });
    const before = new Set(Array.from({ length: 256 }, nextNonce));
    failing = true;
    expect(nextNonce).toThrow('no entropy');
    expect(nextNonce).toThrow('no entropy');
    failing = false;
    expect(before.has(nextNonce())).toBe(false);
  });
});
