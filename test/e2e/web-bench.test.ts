import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchCity } from '../bench/bench-city.ts';
import { webFigures } from '../bench/web.ts';
import type { SmallCity } from '../golden/bad-input/small-city.ts';

const INCIDENTS = 200_000;

/** `npm run bench -- web`, small: it runs to its end, and what does not depend on the machine is held to the figure. */
describe('the bench of the page', () => {
  let city: SmallCity;
  beforeAll(async () => {
    city = await benchCity(INCIDENTS);
  }, 120_000);
  afterAll(() => city?.remove());

  it('finds no difference, and every figure', { timeout: 240_000 }, async () => {
    const figures = await webFigures({
      snapshot: city.out,
      changes: 8,
      compared: 25,
      memoryChanges: 10,
      firstMaps: 1,
      viewport: { width: 480, height: 320 },
    });
    expect(figures.incidents).toBe(INCIDENTS);
    expect(figures.firstDifference).toBeNull();
    expect(figures.viewsThatDiffer).toBe(0);
    expect(figures.viewsCompared).toBe(25 * 7);
    const missing = Object.entries(figures).filter(([, value]) => typeof value === 'number' && !Number.isFinite(value));
    expect(missing).toEqual([]);
    // On the wire and in the page; so few rows a file weigh more than millions do.
    expect(figures.wireBytesPerIncident).toBeLessThan(8);
    expect(figures.heldBytesPerIncident).toBeLessThan(40);
    // A tenth of a second at 5 M: here one that is a hundred times slower would be noticed.
    expect(figures.scanCpuP50Ms).toBeLessThan(100);
  });
});
