import { describe, expect, it } from 'vitest';
import { Xxh64 } from '../../../pipelines/io/xxh64.ts';

const hashOf = (bytes: Uint8Array): string => {
  const hash = new Xxh64();
  hash.update(bytes);
  return hash.digest().toString(16).padStart(16, '0');
};

describe('XXH64 with seed 0', () => {
  // The first ones as published with the algorithm; the checksum that zstd 1.5.4 writes is the lower half of the last one.
  it.each([
    ['', 'ef46db3751d8e999'],
    ['a', 'd24ec4f1a98c6e5b'],
    ['abc', '44bc2cf5ad770999'],
    ['Nobody inspects the spammish repetition', 'fbcea83c8a378bf1'],
  ])('of "%s"', (text, expected) => expect(hashOf(Buffer.from(text))).toBe(expected));

  it('of a megabyte is what the zstd command writes behind it', () => {
    const noise = Uint8Array.from({ length: 1 << 20 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    expect(hashOf(noise).slice(8)).toBe('a34abdcf');
  });

  it('does not depend on how the bytes are cut, at any length', () => {
    for (let length = 0; length <= 100; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255);
      for (const step of [1, 3, 8, 31, 32, 33]) {
        const hash = new Xxh64();
        for (let at = 0; at < length; at += step) hash.update(bytes.subarray(at, at + step));
        expect(hash.digest().toString(16).padStart(16, '0')).toBe(hashOf(bytes));
      }
    }
  });
});
