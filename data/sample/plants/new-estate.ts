import { gridDisk } from 'h3-js';
import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import { FIELDS } from '../geography/places.ts';
import { inflation } from '../process/rates.ts';
import { drawFreeCentre, expectedAt, fieldOf, placeDrawer, placesIn } from './footprint.ts';
import { type Planted, type PlantKind, reservedCells } from './plant.ts';

const COUNT = 4;
/** Growth a week. */
const GROWTH = 0.05;
const WEEKS = 40;
/** First tickets a week of the hotline in the footprint before people move in, in a city of 600 000 incidents at least. */
const FLOOR_PER_WEEK = 2;
const FLOOR_CITY = 600_000;
const HOME = FIELDS.indexOf('home');

/** Slow growth (灰犀牛): a new estate fills, and what its homes complain about grows by 5 % a week from the first tenants on until the last day. */
export const newEstates: PlantKind = {
  kind: 'new-estate',
  plan: (city, draw, before) => {
    const reserved = reservedCells(before);
    const categories = CATALOGUE.flatMap(({ source }, c) => (source === 'hotline' && fieldOf(c) === HOME ? [c] : []));
    const window = city.endDay - city.firstDay;
    return Array.from({ length: COUNT }, (_, n) => {
      const id = `new-estate-${n + 1}`;
      const centre = drawFreeCentre(city, { field: HOME, how: n % 2 === 0 ? 'populated' : 'even', reserved }, draw);
      const cells = gridDisk(centre, 1).filter((cell) => city.places.placesInCell.has(cell));
      const places = placesIn(city, cells);
      const weeks = Math.min(WEEKS - 4 * n, Math.floor(window / 21));
      const firstDay = city.endDay - 7 * weeks;
      const daily = categories.map(
        (category) => expectedAt(city, { category, places, firstDay, endDay: city.endDay }) / (7 * weeks),
      );
      const perWeek = 7 * daily.reduce((sum, mean) => sum + mean, 0);
      const floor = FLOOR_PER_WEEK * Math.min(1, city.options.incidents / FLOOR_CITY);
      const lift = Math.max(1, floor / perWeek);
      const incidents: Planted[] = [];
      categories.forEach((category, k) => {
        const place = placeDrawer(city, category, places, draw);
        for (let day = firstDay; day < city.endDay; day++) {
          const grown = (1 + GROWTH) ** ((day - firstDay) / 7) - 1;
          const mean = (daily[k]! * lift * grown) / inflation(CATALOGUE[category]!);
          for (let i = draw.poisson(mean); i > 0; i--) incidents.push({ day, category, place: place(), plant: id });
        }
      });
      const truth = {
        source: 'hotline',
        categories: [...new Set(categories.map((category) => CATALOGUE[category]!.ours))],
        cells,
        firstDay: isoDate(firstDay),
        endDay: isoDate(city.endDay),
        growthPerWeek: GROWTH,
        backgroundPerWeek: Number(perWeek.toFixed(3)),
        startPerWeek: Number((perWeek * lift).toFixed(3)),
        planned: incidents.length,
      };
      return { kind: 'new-estate', id, incidents, reserves: cells, truth };
    });
  },
};
