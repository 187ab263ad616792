import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import { drawFreeCentre, fieldOf, placesIn } from './footprint.ts';
import { type Planted, type PlantKind, reservedCells } from './plant.ts';

const COUNT = 12;
const MEAN_GAP_DAYS = 11;
const CATEGORIES = [
  'sanitation.waste.garbage',
  'sanitation.street-scene.stalls',
  'noise.construction-noise.night-works',
  'noise.social-noise.venue-noise',
  'facilities.pipelines.drainage',
  'housing.property.elevator',
];

/** One address, one kind of complaint, closed (within two days) and back again every week or two, for a year or more. */
export const recurring: PlantKind = {
  kind: 'recurring',
  plan: (city, draw, before) => {
    const reserved = reservedCells(before);
    return Array.from({ length: COUNT }, (_, n) => {
      const id = `recurring-${n + 1}`;
      const ours = CATEGORIES[n % CATEGORIES.length]!;
      const category = CATALOGUE.findIndex((entry) => entry.ours === ours && entry.source === 'hotline');
      const place = draw.pick(
        placesIn(city, [drawFreeCentre(city, { field: fieldOf(category), how: 'populated', reserved }, draw)]),
      );
      const days = city.endDay - city.firstDay;
      const firstDay = city.firstDay + draw.integer(Math.max(1, Math.floor(days / 2)));
      const incidents: Planted[] = [];
      for (let day = firstDay; day < city.endDay; day += 4 + Math.round((MEAN_GAP_DAYS - 4) * draw.exponential())) {
        incidents.push({ day, category, place, plant: id });
      }
      const truth = {
        source: 'hotline',
        category: ours,
        cell: city.places.cells[place]!,
        lng: city.places.lng[place]!,
        lat: city.places.lat[place]!,
        firstDay: isoDate(firstDay),
        endDay: isoDate(city.endDay),
        planned: incidents.length,
      };
      return {
        kind: 'recurring',
        id,
        incidents,
        closesBeforeNext: true,
        reserves: [city.places.cells[place]!],
        truth,
      };
    });
  },
};
