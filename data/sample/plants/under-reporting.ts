import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { PlantKind } from './plant.ts';

const COUNT = 12;
const KEEP = 0.35;
const POPULATION = 4000;

/** Communities where problems are as frequent as elsewhere but only a third is reported to the hotline. Silence is not safety. */
export const underReporting: PlantKind = {
  kind: 'under-reporting',
  plan: (city, draw) => {
    const large = city.divisions.communities.flatMap(({ population }, c) => (population >= POPULATION ? [c] : []));
    const chosen = new Set<number>();
    while (chosen.size < COUNT) chosen.add(draw.pick(large));
    return [...chosen].map((community, n) => ({
      kind: 'under-reporting',
      id: `under-reporting-${n + 1}`,
      thinning: {
        plant: `under-reporting-${n + 1}`,
        category: (index) => CATALOGUE[index]!.source === 'hotline',
        place: (index) => city.places.community[index] === community,
        firstDay: city.firstDay,
        endDay: city.endDay,
        keep: KEEP,
      },
      truth: {
        source: 'hotline',
        community: city.divisions.communities[community]!.code,
        keep: KEEP,
        firstDay: isoDate(city.firstDay),
        endDay: isoDate(city.endDay),
      },
    }));
  },
};
