import { isoDate } from '../../../core/time/local-date.ts';
import type { City } from '../city.ts';
import type { Random } from '../random.ts';
import { cellsOfCommunities } from './footprint.ts';
import type { PlantKind } from './plant.ts';

const COUNT = 12;
const KEEP = 0.35;
/** Reports come later too, by so many days in the mean. */
const LATER_DAYS = 2;
const POPULATION = 4000;

/**
 * Communities where problems are as frequent as elsewhere, but each report to the hotline is made with probability 0.35 only and comes two days
 * later: fewer tickets, fewer repeats of one problem, a longer delay. Police and disputes are as elsewhere. Silence is not safety.
 */
export const underReporting: PlantKind = {
  kind: 'under-reporting',
  plan: (city, draw) =>
    chooseCommunities(city, draw, { count: COUNT, but: new Set() }).map((community, n) => {
      const id = `under-reporting-${n + 1}`;
      const communities = new Set([community]);
      const { firstDay, endDay } = city;
      return {
        kind: 'under-reporting',
        id,
        thinning: { plant: id, of: 'reports', sources: ['hotline'], communities, firstDay, endDay, keep: KEEP },
        lateness: { source: 'hotline', communities, meanDays: LATER_DAYS },
        reserves: cellsOfCommunities(city, communities),
        truth: {
          source: 'hotline',
          community: city.divisions.communities[community]!.code,
          keep: KEEP,
          laterDays: LATER_DAYS,
          firstDay: isoDate(firstDay),
          endDay: isoDate(endDay),
        },
      };
    }),
};

/** Different communities of 4000 people at least. */
export function chooseCommunities(
  city: City,
  draw: Random,
  { count, but }: { readonly count: number; readonly but: ReadonlySet<number> },
): number[] {
  const large = city.divisions.communities.flatMap(({ population }, c) => (population >= POPULATION ? [c] : []));
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const community = draw.pick(large);
    if (!but.has(community)) chosen.add(community);
  }
  return [...chosen];
}
