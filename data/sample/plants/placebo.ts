import { COUNT, describe, drawEpisodes } from './outbreak.ts';
import type { PlantKind } from './plant.ts';

/** Footprints and periods drawn like outbreaks, with nothing in them: an alert that "hits" one did so by chance. */
export const placebos: PlantKind = {
  kind: 'placebo',
  plan: (city, draw, before) =>
    drawEpisodes(city, draw, { count: COUNT, running: 0, before, within: city.split.test }).map((episode, n) => ({
      kind: 'placebo',
      id: `placebo-${n + 1}`,
      episode,
      truth: { ...describe(city, episode), kappa: 0, expectedExcess: 0, relativeRisk: 1, theme: null, planned: 0 },
    })),
};
