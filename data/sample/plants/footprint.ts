import { cellToLatLng, greatCircleDistance, gridDisk, gridRing } from 'h3-js';
import { CATALOGUE } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import { FIELDS } from '../geography/places.ts';
import { inflation } from '../process/rates.ts';
import { cumulative, pickIndex, type Random } from '../random.ts';

/** H3 cells of resolution 8 with at least one address. */
export interface Footprint {
  readonly shape: 'disk-0' | 'disk-1' | 'disk-2' | 'line' | 'half-ring' | 'two-blobs';
  readonly centre: string;
  readonly cells: readonly string[];
}

/** Three quarters disks of 1, 7 or 19 cells; one quarter irregular. Cells without any address are left out. */
export function drawFootprint(city: City, centre: string, draw: Random): Footprint {
  const shape: Footprint['shape'] =
    draw.uniform() < 0.75
      ? draw.pick(['disk-0', 'disk-1', 'disk-2'] as const)
      : draw.pick(['line', 'half-ring', 'two-blobs'] as const);
  const cells = cellsOf(shape, centre, draw).filter((cell) => city.places.placesInCell.has(cell));
  return { shape, centre, cells };
}

function cellsOf(shape: Footprint['shape'], centre: string, draw: Random): string[] {
  switch (shape) {
    case 'disk-0':
      return [centre];
    case 'disk-1':
      return gridDisk(centre, 1);
    case 'disk-2':
      return gridDisk(centre, 2);
    case 'line':
      return line(centre, draw);
    case 'half-ring': {
      const ring = gridRing(centre, 2);
      const from = draw.integer(ring.length);
      return Array.from({ length: 6 }, (_, i) => ring[(from + i) % ring.length]!);
    }
    case 'two-blobs':
      return [...new Set([...gridDisk(centre, 1), ...gridDisk(draw.pick(gridRing(centre, 3)), 1)])];
    default:
      return shape satisfies never;
  }
}

/** Seven cells, each a neighbour of the last, never nearer to the start. */
function line(centre: string, draw: Random): string[] {
  const cells = [centre];
  for (let k = 1; k < 7; k++) {
    const last = cells[cells.length - 1]!;
    const onward = gridRing(centre, k).filter((cell) => gridDisk(last, 1).includes(cell));
    cells.push(draw.pick(onward));
  }
  return cells;
}

/** A centre drawn in proportion to the category's field (a populated place), or evenly over all inhabited cells. */
export function drawCentre(city: City, field: number, how: 'populated' | 'even', draw: Random): string {
  if (how === 'even') return draw.pick([...city.places.placesInCell.keys()]);
  const sums = city.places.communityWeight[field]!;
  const community = pickIndex(cumulative([...sums]), draw.uniform() * sums.reduce((a, b) => a + b, 0));
  return city.places.cells[drawPlaceOf(city, community, field, draw)]!;
}

/** The same, outside of cells that other plants hold. */
export function drawFreeCentre(
  city: City,
  {
    field,
    how,
    reserved,
  }: { readonly field: number; readonly how: 'populated' | 'even'; readonly reserved: ReadonlySet<string> },
  draw: Random,
): string {
  for (;;) {
    const centre = drawCentre(city, field, how, draw);
    if (!gridDisk(centre, 2).some((cell) => reserved.has(cell))) return centre;
  }
}

function drawPlaceOf(city: City, community: number, field: number, draw: Random): number {
  const { first, sums, communityWeight } = city.places;
  const target = draw.uniform() * communityWeight[field]![community]!;
  return pickIndex(sums[field]!, target, first[community]!, first[community + 1]!);
}

export function fieldOf(category: number): number {
  return FIELDS.indexOf(CATALOGUE[category]!.field);
}

export function placesIn(city: City, cells: readonly string[]): number[] {
  return cells.flatMap((cell) => city.places.placesInCell.get(cell) ?? []);
}

/** Share of a category's background in the city that falls on these places. */
export function shareAt(city: City, category: number, places: readonly number[]): number {
  const field = fieldOf(category);
  const total = city.places.communityWeight[field]!.reduce((sum, weight) => sum + weight, 0);
  const weights = city.places.weight[field]!;
  return places.reduce((sum, place) => sum + weights[place]!, 0) / total;
}

/**
 * Expected background incidents of a category at these places over days [firstDay, endDay), repeats and followers included, without the slow
 * level shifts of districts.
 */
export function expectedAt(
  city: City,
  at: { category: number; places: readonly number[]; firstDay: number; endDay: number },
): number {
  let events = 0;
  for (let day = at.firstDay; day < at.endDay; day++) events += city.expected[at.category]![day - city.firstDay] ?? 0; // days to come
  return events * inflation(CATALOGUE[at.category]!) * shareAt(city, at.category, at.places);
}

/** Draws one of the places in proportion to the category's field. */
export function placeDrawer(city: City, category: number, places: readonly number[], draw: Random): () => number {
  const weights = city.places.weight[fieldOf(category)]!;
  const sums = cumulative(places.map((place) => weights[place]!));
  const total = sums[sums.length - 1]!;
  return () => places[pickIndex(sums, draw.uniform() * total)]!;
}

/** Inhabited cells of communities. */
export function cellsOfCommunities(city: City, communities: Iterable<number>): string[] {
  const cells = new Set<string>();
  for (const community of communities) {
    for (let place = city.places.first[community]!; place < city.places.first[community + 1]!; place++) {
      cells.add(city.places.cells[place]!);
    }
  }
  return [...cells];
}

export function placesOfCommunities(city: City, communities: Iterable<number>): number[] {
  const places: number[] = [];
  for (const community of communities) {
    for (let place = city.places.first[community]!; place < city.places.first[community + 1]!; place++)
      places.push(place);
  }
  return places;
}

export function distanceKm(a: string, b: string): number {
  return greatCircleDistance(cellToLatLng(a), cellToLatLng(b), 'km');
}
