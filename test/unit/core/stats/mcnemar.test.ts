import { expect, it } from 'vitest';
import { mcnemarP } from '../../../../core/stats/mcnemar.ts';

it('agrees with binom.test(2, 12) and binom.test(0, 5) of R', () => {
  expect(mcnemarP({ onlyFirst: 2, onlySecond: 10 })).toBeCloseTo(0.03857421875, 12);
  expect(mcnemarP({ onlyFirst: 5, onlySecond: 0 })).toBeCloseTo(0.0625, 12);
  expect(mcnemarP({ onlyFirst: 4, onlySecond: 4 })).toBe(1);
});

it('no difference is no evidence, and a fraction is no count', () => {
  expect(mcnemarP({ onlyFirst: 0, onlySecond: 0 })).toBe(1);
  expect(mcnemarP({ onlyFirst: 1.5, onlySecond: 0 })).toBeNull();
});

it('a thousand to none does not overflow', () => {
  expect(mcnemarP({ onlyFirst: 1000, onlySecond: 0 })).toBeGreaterThanOrEqual(0);
  expect(mcnemarP({ onlyFirst: 1000, onlySecond: 0 })).toBeLessThan(1e-300);
});
