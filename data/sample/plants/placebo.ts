import { describe, drawEpisodes, episodesOf } from './outbreak.ts';
import type { PlantKind } from './plant.ts';

/** Footprints and periods drawn like outbreaks, with nothing in them: an alert that "hits" one did so by chance. */
export const placebos: PlantKind = {
  kind: 'placebo',
  plan: (city, draw, before) => {
    const taken = episodesOf(before);
    return drawEpisodes(city, draw, { count: 48, running: 0, taken }).map((episode, n) => ({
      kind: 'placebo',
      id: `placebo-${n + 1}`,
      episode,
      truth: { ...describe(episode), kappa: 0, expectedExcess: 0, relativeRisk: 1 },
    }));
  },
};
