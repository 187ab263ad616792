import { expect, it } from 'vitest';
import { wholeNumber } from '../../../core/metric/whole-number.ts';

it('sets thousands apart', () => {
  expect([0, 999, 1000, 12_327, 1_234_567, -4_000].map(wholeNumber)).toEqual([
    '0',
    '999',
    '1,000',
    '12,327',
    '1,234,567',
    '-4,000',
  ]);
});
