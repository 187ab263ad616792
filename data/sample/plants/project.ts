import { gridDisk } from 'h3-js';
import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import type { Random } from '../random.ts';
import { drawFreeCentre, expectedAt, fieldOf, placeDrawer, placesIn } from './footprint.ts';
import { type Plant, type Planted, type PlantKind, reservedCells } from './plant.ts';

/** Daily excess before the project: one and a half times the background, but in a city of 600 000 incidents three a week at least. */
const BEFORE = 1.5;
const FLOOR_PER_DAY = 3 / 7;
const FLOOR_CITY = 600_000;
/** Share of the excess that stays when a project worked. */
const WORKED_STAYS = 0.1;
const CATEGORIES = [
  'traffic.parking.illegal-parking',
  'noise.social-noise.venue-noise',
  'sanitation.waste.overflow',
  'housing.property.service-quality',
];

/** A chronic local excess, then a project with a date. Half of the projects end the excess, half change nothing. */
export const projects: PlantKind = {
  kind: 'project',
  plan: (city, draw, before) => {
    const reserved = reservedCells(before);
    return [0, 1, 2, 3, 4, 5, 6, 7].map((n) => project(city, draw, { n, reserved }));
  },
};

function project(
  city: City,
  draw: Random,
  { n, reserved }: { readonly n: number; readonly reserved: ReadonlySet<string> },
): Plant {
  const id = `project-${n + 1}`;
  const worked = n % 2 === 0;
  const ours = CATEGORIES[(n >> 1) % CATEGORIES.length]!;
  const category = CATALOGUE.findIndex((entry) => entry.ours === ours && entry.source === 'hotline');
  const centre = drawFreeCentre(city, { field: fieldOf(category), how: 'populated', reserved }, draw);
  const cells = gridDisk(centre, 2).filter((cell) => city.places.placesInCell.has(cell));
  const places = placesIn(city, cells);
  const days = city.endDay - city.firstDay;
  const projectDay = city.firstDay + Math.floor(days * (0.4 + 0.3 * draw.uniform()));
  const place = placeDrawer(city, category, places, draw);
  const floor = FLOOR_PER_DAY * Math.min(1, city.options.incidents / FLOOR_CITY);
  const whole = city.expected[category]!.reduce((sum, value) => sum + value, 0);
  const background = expectedAt(city, { category, places, firstDay: city.firstDay, endDay: city.endDay });
  const share = background / whole;
  const incidents: Planted[] = [];
  for (let day = city.firstDay; day < city.endDay; day++) {
    const stays = worked && day >= projectDay ? WORKED_STAYS : 1;
    const mean = Math.max(floor, BEFORE * share * (city.expected[category]![day - city.firstDay] ?? 0)) * stays;
    for (let i = draw.poisson(mean); i > 0; i--) incidents.push({ day, category, place: place(), plant: id });
  }
  const truth = {
    source: 'hotline',
    category: ours,
    cells,
    day: isoDate(projectDay),
    worked,
    backgroundPerWeek: Number(((7 * background) / days).toFixed(3)),
    excessPerWeek: Number((7 * Math.max(floor, (BEFORE * background) / days)).toFixed(3)),
    staysAfter: worked ? WORKED_STAYS : 1,
    planned: incidents.length,
  };
  return { kind: 'project', id, incidents, reserves: cells, truth };
}
