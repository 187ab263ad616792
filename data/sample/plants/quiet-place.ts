import { isoDate } from '../../../core/time/local-date.ts';
import type { SourceKey } from '../catalogue/types.ts';
import { cellsOfCommunities } from './footprint.ts';
import type { PlantKind } from './plant.ts';
import { chooseCommunities } from './under-reporting.ts';

const COUNT = 12;
const KEEP = 0.35;
const SOURCES: readonly SourceKey[] = ['hotline', 'police', 'dispute'];

/** The control of under-reporting: a third of the problems, in every source, each reported as soon and as often as elsewhere. Truly quiet. */
export const quietPlaces: PlantKind = {
  kind: 'quiet-place',
  plan: (city, draw, before) => {
    const but = new Set(before.flatMap((plant) => [...(plant.thinning?.communities ?? [])]));
    return chooseCommunities(city, draw, { count: COUNT, but }).map((community, n) => {
      const id = `quiet-place-${n + 1}`;
      const communities = new Set([community]);
      const { firstDay, endDay } = city;
      return {
        kind: 'quiet-place',
        id,
        thinning: { plant: id, of: 'problems', sources: SOURCES, communities, firstDay, endDay, keep: KEEP },
        reserves: cellsOfCommunities(city, communities),
        truth: {
          community: city.divisions.communities[community]!.code,
          keep: KEEP,
          firstDay: isoDate(firstDay),
          endDay: isoDate(endDay),
        },
      };
    });
  },
};
