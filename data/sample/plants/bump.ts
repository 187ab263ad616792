import { CATALOGUE } from '../catalogue/index.ts';
import { STREAM_OF, STREAMS } from '../catalogue/streams.ts';
import type { City } from '../city.ts';
import { cumulative, pickIndex, type Random } from '../random.ts';
import type { Span } from '../split.ts';
import { describe, drawEpisode, excess } from './outbreak.ts';
import type { Episode, PlantKind } from './plant.ts';

/** Small ones: detectability and days. */
const KAPPAS = [2, 3, 4] as const;
const DURATIONS = [2, 3, 5, 7] as const;
const POPULATED_SHARE = 0.75;
const DAYS_A_MONTH = 30.4;
/**
 * Bumps a stream and month. METHODS.md part 2: 1–2 in the training days; in the calibration days few, so that thresholds learned there are those
 * of the clean test days, and none in the test days.
 */
const TRAINING_RATE = 1.5;
const CALIBRATION_RATE = 0.15;

/** Contamination: small unlabelled bumps, so that no baseline is learned from clean data. Scored as nothing. */
export const bumps: PlantKind = {
  kind: 'bump',
  plan: (city, draw) => {
    const episodes = [
      ...bumpsWithin(city, draw, { within: city.split.training, rate: TRAINING_RATE }),
      ...bumpsWithin(city, draw, { within: city.split.calibration, rate: CALIBRATION_RATE }),
    ];
    return episodes.map((episode, n) => {
      const id = `bump-${n + 1}`;
      const incidents = excess(city, episode, { plant: id, theme: null }, draw);
      return {
        kind: 'bump',
        id,
        episode,
        incidents,
        truth: { ...describe(city, episode), theme: null, planned: incidents.length },
      };
    });
  },
};

function bumpsWithin(city: City, draw: Random, { within, rate }: { within: Span; rate: number }): Episode[] {
  const months = (within.endDay - within.firstDay) / DAYS_A_MONTH;
  return STREAMS.flatMap((_, stream) => {
    const categories = CATALOGUE.flatMap((_, c) => (STREAM_OF[c] === stream ? [c] : []));
    const shares = cumulative(categories.map((c) => CATALOGUE[c]!.share));
    return Array.from({ length: draw.poisson(rate * months) }, () => {
      const days = draw.pick(DURATIONS);
      const firstDay = within.firstDay + draw.integer(Math.max(1, within.endDay - days - within.firstDay));
      const span = { firstDay, endDay: Math.min(firstDay + days, within.endDay) };
      const category = categories[pickIndex(shares, draw.uniform() * shares[shares.length - 1]!)]!;
      const where = draw.uniform() < POPULATED_SHARE ? 'populated' : 'even';
      return drawEpisode(city, draw, { category, kappa: draw.pick(KAPPAS), span, where });
    }).filter((episode) => episode !== null);
  });
}
