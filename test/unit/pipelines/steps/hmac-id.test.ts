import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { idHasher } from '../../../../pipelines/steps/hmac-id.ts';
import { generator } from '../../../support/three-feeds.ts';

it('is the HMAC of node:crypto, whatever length came before', () => {
  const random = generator(12);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const key = bytes(32);
  const feed = 'hotline';
  const hasher = idHasher(key, feed);
  // Around the ends of blocks (64 bytes, 55 of them free in the last), longer than the buffer, and back again.
  const lengths = [0, 1, 20, 46, 47, 48, 20, 55, 56, 110, 111, 112, 3, 119, 120, 300, 2, 1000, 64, 63, 20, 21, 19];
  for (let i = 0; i < 500; i++) lengths.push(Math.floor(random() * 200));
  for (const length of lengths) {
    const around = bytes(length + 5);
    hasher.hash(around, 2, 2 + length);
    const expected = createHmac('sha256', key)
      .update(`${feed}\0`)
      .update(around.subarray(2, 2 + length))
      .digest();
    expect([...hasher.words], `length ${length}`).toEqual([0, 4, 8, 12].map((at) => expected.readUInt32BE(at)));
  }
});
