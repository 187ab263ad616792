import { describe, drawEpisodes, episodesOf, excess, testDays } from './outbreak.ts';
import type { PlantKind } from './plant.ts';

/** Contamination: small unlabelled bumps in the training days, so that no baseline is learned from clean data. Scored as nothing. */
export const bumps: PlantKind = {
  kind: 'bump',
  plan: (city, draw, before) => {
    const within = { firstDay: city.firstDay, endDay: testDays(city).firstDay };
    const months = (within.endDay - within.firstDay) / 30.4;
    const count = Math.round(months * 3);
    return drawEpisodes(city, draw, { count, running: 0, taken: episodesOf(before), within }).map((drawn, n) => {
      const episode = { ...drawn, kappa: Math.min(drawn.kappa, 5) };
      const incidents = excess(city, episode, `bump-${n + 1}`, draw);
      return { kind: 'bump', id: `bump-${n + 1}`, episode, incidents, truth: describe(episode) };
    });
  },
};
