import { expect, it } from 'vitest';
import { amocArea, amocCurve } from '../../../../core/stats/amoc.ts';

it('a detector that finds nothing has the area of the missed delay', () => {
  expect(amocArea([{ falsePerWeek: 2, medianDelay: null, pod: 0 }])).toBe(14);
});

it('a curve that ends before one a week is carried on at its last height', () => {
  expect(amocArea([{ falsePerWeek: 0.5, medianDelay: 4, pod: 1 }])).toBeCloseTo(0.5 * 9 + 0.5 * 4, 12);
});

it('the order of the thresholds does not matter, and no points have no area', () => {
  const points = [
    { falsePerWeek: 0.9, medianDelay: 2, pod: 0.9 },
    { falsePerWeek: 0.1, medianDelay: 6, pod: 0.4 },
  ];
  expect(amocArea([...points].reverse())).toBe(amocArea(points));
  expect(amocCurve(points)[0]).toEqual({ x: 0, y: 14 });
  expect(amocArea([])).toBeNull();
});
