import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import { STREAM_OF, STREAMS } from '../catalogue/streams.ts';
import { inflation } from '../process/rates.ts';
import { cellsOfCommunities, placeDrawer, placesOfCommunities, shareAt } from './footprint.ts';
import type { Planted, PlantKind } from './plant.ts';

/** What shifts, and where: one district, one street. */
const SHIFTS = [
  { stream: 'hotline/sanitation', level: 'district', rise: 0.5 },
  { stream: 'hotline/housing', level: 'street', rise: 1.5 },
] as const;

/** Negative control: from a day on one stream of one division stays higher (a district by half, a street by one and a half). One alert, then the engine adapts within six weeks. */
export const levelShifts: PlantKind = {
  kind: 'level-shift',
  plan: (city, draw) =>
    SHIFTS.map(({ stream, level, rise }, n) => {
      const id = `level-shift-${n + 1}`;
      const busiest = [...city.divisions.streets.keys()]
        .sort((a, b) => city.divisions.streets[b]!.population - city.divisions.streets[a]!.population)
        .slice(0, 40);
      const street = draw.pick(busiest);
      const division = level === 'street' ? city.divisions.streets[street]! : districtOf(street);
      const communities = city.divisions.communities.flatMap((one, c) =>
        (level === 'street' ? one.street === street : city.divisions.districts[one.district]!.code === division.code)
          ? [c]
          : [],
      );
      const { firstDay, endDay } = city.split.test;
      // In the second or third sixth of the test days: there is time to adapt.
      const from = firstDay + Math.floor((endDay - firstDay) * (1 / 6 + draw.uniform() / 3));
      const places = placesOfCommunities(city, communities);
      const incidents: Planted[] = [];
      let background = 0;
      CATALOGUE.forEach((_, category) => {
        if (STREAMS[STREAM_OF[category]!] !== stream) return;
        const place = placeDrawer(city, category, places, draw);
        const share = shareAt(city, category, places);
        for (let day = from; day < endDay; day++) {
          const mean = share * city.expected[category]![day - city.firstDay]!;
          background += mean * inflation(CATALOGUE[category]!);
          for (let i = draw.poisson(rise * mean); i > 0; i--)
            incidents.push({ day, category, place: place(), plant: id });
        }
      });
      const cells = cellsOfCommunities(city, communities);
      const truth = {
        stream,
        level,
        division: division.code,
        cells,
        day: isoDate(from),
        rise,
        backgroundPerWeek: Number(((7 * background) / (endDay - from)).toFixed(3)),
        planned: incidents.length,
      };
      // A whole district is too large to keep out of; its rise is a few incidents a cell and year.
      return { kind: 'level-shift', id, incidents, truth, ...(level === 'street' ? { reserves: cells } : {}) };

      function districtOf(index: number): { readonly code: string } {
        const code = city.divisions.streets[index]!.parent;
        return city.divisions.districts.find((district) => district.code === code)!;
      }
    }),
};
