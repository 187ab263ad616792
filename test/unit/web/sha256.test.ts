import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../web/src/snapshot/sha256.ts';

describe('SHA-256 without a secure context', () => {
  it('equals the digest of Node for every length around the block size', async () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(await sha256Hex(bytes, undefined)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('equals the digest of Node and of Web Crypto for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (array) => {
        const bytes = new Uint8Array(array);
        const expected = createHash('sha256').update(bytes).digest('hex');
        expect(await sha256Hex(bytes, undefined)).toBe(expected);
        expect(await sha256Hex(bytes)).toBe(expected);
      }),
    );
  });
});
