import { expect, it } from 'vitest';
import { measureMap } from '../bench/map.ts';

/** Figures of the issue that hold on a machine with nothing else to do; the short form is test/e2e/map-harness/layers.test.ts. */
it('100,000 cells: picking without a wrong cell, 20 lost contexts without a blank screen, panning and recolouring', async () => {
  const figures = await measureMap({ cells: 100_000, losses: 20, geoLayers: null, log: console.log });
  console.log('map', JSON.stringify(figures));
  for (const { name, checked, wrong } of figures.picking) {
    expect(checked, name).toBeGreaterThan(5000);
    expect(wrong, name).toBe(0);
  }
  expect(figures.losses.blank).toBe(0);
  expect(figures.losses.slowestMs).toBeLessThan(5000);
  expect(figures.recolour.setMs.median).toBeLessThan(8);
  expect(figures.pan.asChosen.share).toBeGreaterThan(0.6);
});
