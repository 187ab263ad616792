import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import { KM_PER_DEG_LAT, KM_PER_DEG_LNG, round6 } from '../geography/projection.ts';
import type { Random } from '../random.ts';
import { expectedAt, placesIn } from './footprint.ts';
import { type Plant, type Planted, type PlantKind, reservedCells } from './plant.ts';

const COUNT = 8;
/** Two addresses this near to each other, in different streets, are on a seam. */
const NEAR_KM = 0.16;
const SPOT_KM = 0.12;
const CATEGORIES = ['sanitation.waste.garbage', 'sanitation.street-scene.stalls', 'traffic.road-use.road-occupied'];

/**
 * Chronic problems astride the border of two streets (every other one of two districts), half on either side: high in the city's list, lower in
 * each street's own. Size: three times what the seam's cell would have over the last half of the window, 50 at least in a city of 600 000 incidents.
 */
export const seams: PlantKind = {
  kind: 'seam',
  plan: (city, draw, before) => {
    const reserved = reservedCells(before);
    const plants: Plant[] = [];
    for (let tries = 0; plants.length < COUNT && tries < 20_000; tries++) {
      const plant = trySeam(city, draw, plants.length);
      const known = plants.some((other) => String(other.truth.streets) === String(plant?.truth.streets));
      const free = plant?.reserves?.every((cell) => !reserved.has(cell));
      if (plant && free && !known) plants.push(plant);
    }
    return plants;
  },
};

function trySeam(city: City, draw: Random, n: number): Plant | null {
  const { places, divisions } = city;
  const a = draw.integer(places.count);
  const ours = CATEGORIES[n % CATEGORIES.length]!;
  const category = CATALOGUE.findIndex((entry) => entry.ours === ours && entry.source === 'hotline');
  const streetOf = (place: number): number => divisions.communities[places.community[place]!]!.street;
  const districtOf = (place: number): number => divisions.communities[places.community[place]!]!.district;
  const across = (b: number): boolean => (n % 2 === 0 ? districtOf(b) !== districtOf(a) : streetOf(b) !== streetOf(a));
  const cell = places.cells[a]!;
  const b = placesIn(city, [cell]).find((other) => across(other) && kmBetween(city, a, other) < NEAR_KM);
  if (b === undefined) return null;
  const firstDay = city.firstDay + Math.floor((city.endDay - city.firstDay) / 2);
  const span = { firstDay, endDay: city.endDay };
  const expected = expectedAt(city, { category, places: placesIn(city, [cell]), ...span });
  const id = `seam-${n + 1}`;
  const least = 10 + 40 * Math.min(1, city.options.incidents / 600_000);
  const count = draw.poisson(Math.max(least, 3 * expected));
  const incidents: Planted[] = Array.from({ length: count }, (_, i) => {
    const place = i % 2 === 0 ? a : b;
    const day = span.firstDay + draw.integer(span.endDay - span.firstDay);
    return { day, category, place, spot: spotNear(city, place, streetOf, draw), plant: id };
  });
  const truth = {
    source: 'hotline',
    category: ours,
    streets: [a, b].map((place) => divisions.streets[streetOf(place)]!.code),
    districts: [a, b].map((place) => divisions.districts[districtOf(place)]!.code),
    spots: [a, b].map((place) => [places.lng[place]!, places.lat[place]!]),
    cells: [cell],
    firstDay: isoDate(span.firstDay),
    endDay: isoDate(span.endDay),
    expectedInCell: Number(expected.toFixed(3)),
    planned: count,
    plannedPerStreet: [Math.ceil(count / 2), Math.floor(count / 2)],
  };
  return { kind: 'seam', id, incidents, reserves: truth.cells, truth };
}

function kmBetween(city: City, a: number, b: number): number {
  const { lng, lat } = city.places;
  return Math.hypot((lng[a]! - lng[b]!) * KM_PER_DEG_LNG, (lat[a]! - lat[b]!) * KM_PER_DEG_LAT);
}

/** An address of the same street within reach, or a step aside where there is room. */
function spotNear(
  city: City,
  place: number,
  streetOf: (place: number) => number,
  draw: Random,
): { lng: number; lat: number } {
  const { lng, lat, cells } = city.places;
  const near = placesIn(city, [cells[place]!]).filter(
    (other) => streetOf(other) === streetOf(place) && kmBetween(city, place, other) < SPOT_KM,
  );
  const chosen = draw.pick(near);
  return { lng: round6(lng[chosen]!), lat: round6(lat[chosen]!) };
}
