import { latLngToCell } from 'h3-js';
import { random } from '../random.ts';
import { type Divisions, pointInside, type Terrain } from './divisions.ts';
import { type LatticeSite, latticeSite } from './field.ts';
import { round6, toLat, toLng } from './projection.ts';
import { boxOf, inside } from './tessellation.ts';

/** What happens at an address: how strongly each kind of problem is drawn to it. */
export const FIELDS = ['home', 'street', 'night', 'work', 'site'] as const;
export type Field = (typeof FIELDS)[number];

/** Rows: kinds of place; columns: `FIELDS`. */
const ATTRACTION: readonly (readonly number[])[] = [
  [1.6, 0.5, 0.2, 0.1, 0.1], // dwelling
  [0.6, 2.0, 1.2, 0.6, 0.2], // shop street
  [0.2, 0.9, 5.0, 0.4, 0.1], // night life
  [0.1, 0.5, 0.2, 4.0, 0.5], // works and offices
  [0.1, 0.5, 0.1, 1.0, 8.0], // building site
];
const KIND_SHARES = [0.62, 0.2, 0.04, 0.1, 0.04];
const PLACE_SD = 0.8;
const BORDER_MARGIN_M = 5;
export const JITTER_MARGIN_M = 60;
/** Resolution of footprints of plants. */
export const FOOTPRINT_RESOLUTION = 8;

/** All addresses of the city, sorted by community, as columns. WGS 84, six decimals. */
export interface Places {
  readonly count: number;
  readonly lng: Float64Array;
  readonly lat: Float64Array;
  readonly community: Uint16Array;
  /** 1 where 60 m in every direction stay inside the community. */
  readonly roomy: Uint8Array;
  /** Row `first[c] … first[c + 1]` belong to community c. */
  readonly first: Uint32Array;
  /** Per field: weights, and their running sums inside each community. */
  readonly weight: readonly Float32Array[];
  readonly sums: readonly Float64Array[];
  /** Per field: total weight of each community. */
  readonly communityWeight: readonly Float64Array[];
  readonly communitySite: readonly LatticeSite[];
  readonly cells: readonly string[];
  readonly placesInCell: ReadonlyMap<string, readonly number[]>;
}

export function makePlaces(seed: number, divisions: Divisions, land: Terrain): Places {
  const lng: number[] = [];
  const lat: number[] = [];
  const community: number[] = [];
  const roomy: number[] = [];
  const weights: number[][] = FIELDS.map(() => []);
  const first = new Uint32Array(divisions.communities.length + 1);
  divisions.communities.forEach((here, c) => {
    const draw = random(seed, 'places', here.code);
    const box = boxOf(here.area);
    const wanted = Math.min(400, Math.max(8, Math.round(here.population / 90)));
    const persons = here.population / wanted;
    for (let tries = 0, made = 0; made < wanted && tries < wanted * 30; tries++) {
      const [x, y] = pointInside(here.area, box, draw);
      const pLng = round6(toLng(x));
      const pLat = round6(toLat(y));
      if (land.water(pLng, pLat) && here.landShare > 0.1) continue;
      if (!hasRoom(here.area, x, y, BORDER_MARGIN_M / 1000)) continue;
      made++;
      lng.push(pLng);
      lat.push(pLat);
      community.push(c);
      roomy.push(hasRoom(here.area, x, y, JITTER_MARGIN_M / 1000) ? 1 : 0);
      const kind = pickKind(draw.uniform());
      const size = persons * Math.exp(PLACE_SD * draw.normal());
      FIELDS.forEach((_, f) => {
        weights[f]!.push(size * ATTRACTION[kind]![f]!);
      });
    }
    first[c + 1] = lng.length;
  });
  const cells = lng.map((value, i) => latLngToCell(lat[i]!, value, FOOTPRINT_RESOLUTION));
  return {
    count: lng.length,
    lng: Float64Array.from(lng),
    lat: Float64Array.from(lat),
    community: Uint16Array.from(community),
    roomy: Uint8Array.from(roomy),
    first,
    weight: weights.map((column) => Float32Array.from(column)),
    sums: weights.map((column) => runningSums(column, first)),
    communityWeight: weights.map((column) => totals(column, first)),
    communitySite: divisions.communities.map((here) => latticeSite(toLng(here.land[0]![0]), toLat(here.land[0]![1]))),
    cells,
    placesInCell: groupByCell(cells),
  };
}

function groupByCell(cells: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  cells.forEach((cell, i) => {
    const group = groups.get(cell);
    if (group) group.push(i);
    else groups.set(cell, [i]);
  });
  return groups;
}

function hasRoom(area: Parameters<typeof inside>[0], x: number, y: number, km: number): boolean {
  return (
    inside(area, x - km, y - km) &&
    inside(area, x + km, y - km) &&
    inside(area, x - km, y + km) &&
    inside(area, x + km, y + km)
  );
}

function pickKind(u: number): number {
  let left = u;
  for (let kind = 0; kind < KIND_SHARES.length; kind++) {
    left -= KIND_SHARES[kind]!;
    if (left < 0) return kind;
  }
  return 0;
}

function runningSums(column: readonly number[], first: Uint32Array): Float64Array {
  const sums = new Float64Array(column.length);
  for (let c = 0; c + 1 < first.length; c++) {
    let sum = 0;
    for (let i = first[c]!; i < first[c + 1]!; i++) {
      sum += column[i]!;
      sums[i] = sum;
    }
  }
  return sums;
}

function totals(column: readonly number[], first: Uint32Array): Float64Array {
  const total = new Float64Array(first.length - 1);
  for (let c = 0; c < total.length; c++) {
    for (let i = first[c]!; i < first[c + 1]!; i++) total[c] = total[c]! + column[i]!;
  }
  return total;
}
