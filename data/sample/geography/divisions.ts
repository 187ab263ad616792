import type { Random } from '../random.ts';
import { random } from '../random.ts';
import { type District, readDistricts, readStreets, readWater, type StreetName } from './profile-files.ts';
import { toLat, toLng, toPlane } from './projection.ts';
import { boxOf, counterClockwise, inside, type PlaneArea, voronoiCells } from './tessellation.ts';

/** Share of a district's streets: real codes and names; every outline below the district is made. */
export interface Division {
  readonly code: string;
  readonly name: string;
  readonly parent: string;
  readonly area: PlaneArea;
  population: number;
}

export interface Community extends Division {
  readonly street: number;
  readonly district: number;
  /** Sampled points on land inside, in the local plane; at least one. */
  readonly land: readonly (readonly [number, number])[];
  /** Mean density over the sampled land, and its share of the area. */
  readonly density: number;
  readonly landShare: number;
}

export interface Divisions {
  readonly districts: readonly District[];
  readonly streets: readonly Division[];
  readonly communities: readonly Community[];
  readonly grids: readonly Division[];
}

export interface Terrain {
  readonly density: (lng: number, lat: number) => number;
  readonly water: (lng: number, lat: number) => boolean;
}

const CITY_POPULATION = 13_000_000;
const LAND_SAMPLES = 24;
const SEED_CANDIDATES = 12;

export function terrain(density: Terrain['density']): Terrain {
  return { density, water: readWater() };
}

/** Streets, communities and grids, each the Voronoi cells of seeds inside its parent; denser places get smaller ones. */
export function makeDivisions(seed: number, land: Terrain): Divisions {
  const districts = readDistricts();
  const names = readStreets();
  const streets: Division[] = [];
  const communities: Community[] = [];
  const grids: Division[] = [];
  districts.forEach((district, districtIndex) => {
    const area = planeArea(district);
    for (const [street, streetArea] of cutDistrict(seed, district, area, names, land)) {
      const streetIndex = streets.length;
      streets.push({ code: street.code, name: street.name, parent: district.code, area: streetArea, population: 0 });
      const draw = random(seed, 'communities', street.code);
      const cells = voronoiCells(streetArea, spread(streetArea, street.communities.length, draw, land));
      street.communities.forEach(({ code, name }, i) => {
        const sampled = sampleLand(cells[i]!, draw, land);
        communities.push({
          code,
          name,
          parent: street.code,
          street: streetIndex,
          district: districtIndex,
          area: cells[i]!,
          population: 0,
          ...sampled,
        });
      });
    }
  });
  populate(seed, communities, streets);
  for (const community of communities) grids.push(...cutGrids(seed, community, land));
  return { districts, streets, communities, grids };
}

/** Dense cells become 街道, sparse ones 镇 and zones. */
function cutDistrict(
  seed: number,
  district: District,
  area: PlaneArea,
  names: readonly StreetName[],
  land: Terrain,
): [StreetName, PlaneArea][] {
  const draw = random(seed, 'streets', district.code);
  const own = names.filter((street) => street.district === district.code);
  const seeds = spread(area, own.length, draw, land);
  const cells = voronoiCells(area, seeds);
  const byDensity = cells
    .map((cell, i) => ({ cell, density: land.density(toLng(seeds[i]![0]), toLat(seeds[i]![1])) }))
    .sort((a, b) => b.density - a.density);
  const urban = (street: StreetName): number => (street.name.endsWith('街道') ? 0 : 1);
  const ordered = [...own].sort((a, b) => urban(a) - urban(b) || (a.code < b.code ? -1 : 1));
  return ordered.map((street, i) => [street, byDensity[i]!.cell]);
}

function cutGrids(seed: number, community: Community, land: Terrain): Division[] {
  const draw = random(seed, 'grids', community.code);
  const count = community.population > 9000 ? 4 + draw.integer(2) : 3 + draw.integer(2);
  const cells = voronoiCells(community.area, spread(community.area, count, draw, land));
  const shares = cells.map(() => 0.5 + draw.uniform());
  const total = shares.reduce((sum, share) => sum + share, 0);
  let left = community.population;
  return cells.map((area, i) => {
    const population = i === count - 1 ? left : Math.round((community.population * shares[i]!) / total);
    left -= population;
    const number = String(i + 1).padStart(3, '0');
    return {
      code: community.code + number,
      name: `${community.name}第${i + 1}网格`,
      parent: community.code,
      area,
      population,
    };
  });
}

/** Seeds that keep their distance, closer together where it is dense, on land where there is any. */
function spread(area: PlaneArea, count: number, draw: Random, land: Terrain): [number, number][] {
  const box = boxOf(area);
  const seeds: [number, number][] = [];
  while (seeds.length < count) {
    let best: [number, number] | null = null;
    let bestScore = -1;
    for (let i = 0; i < SEED_CANDIDATES; i++) {
      const [x, y] = pointInside(area, box, draw);
      const lng = toLng(x);
      const lat = toLat(y);
      let nearest = 100;
      for (const seed of seeds) nearest = Math.min(nearest, Math.hypot(seed[0] - x, seed[1] - y));
      const score = nearest * land.density(lng, lat) ** 0.35 * (land.water(lng, lat) ? 1e-3 : 1);
      if (score > bestScore) {
        best = [x, y];
        bestScore = score;
      }
    }
    seeds.push(best!);
  }
  return seeds;
}

export function pointInside(area: PlaneArea, box: readonly number[], draw: Random): [number, number] {
  for (let i = 0; i < 10_000; i++) {
    const x = box[0]! + draw.uniform() * (box[2]! - box[0]!);
    const y = box[1]! + draw.uniform() * (box[3]! - box[1]!);
    if (inside(area, x, y)) return [x, y];
  }
  // A sliver that 10 000 throws miss: its first vertex.
  return [area[0]![0]!, area[0]![1]!];
}

function sampleLand(area: PlaneArea, draw: Random, land: Terrain): Pick<Community, 'land' | 'density' | 'landShare'> {
  const box = boxOf(area);
  const points: [number, number][] = [];
  let density = 0;
  for (let i = 0; i < LAND_SAMPLES; i++) {
    const point = pointInside(area, box, draw);
    const lng = toLng(point[0]);
    const lat = toLat(point[1]);
    if (land.water(lng, lat)) continue;
    points.push(point);
    density += land.density(lng, lat);
  }
  if (points.length === 0) return { land: [pointInside(area, box, draw)], density: 1e-3, landShare: 1 / LAND_SAMPLES };
  return { land: points, density: density / points.length, landShare: points.length / LAND_SAMPLES };
}

function populate(seed: number, communities: readonly Community[], streets: readonly Division[]): void {
  const draw = random(seed, 'population');
  const weights = communities.map(({ area, density, landShare }) => {
    const km2 = area.reduce((sum, ring) => sum + planeRingKm2(ring), 0) * landShare;
    return km2 ** 0.8 * density ** 0.9 * Math.exp(0.3 * draw.normal());
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  communities.forEach((community, i) => {
    community.population = Math.max(60, Math.round((CITY_POPULATION * weights[i]!) / total));
    streets[community.street]!.population += community.population;
  });
}

function planeRingKm2(ring: readonly number[]): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    twice += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  }
  return Math.abs(twice / 2);
}

function planeArea(district: District): PlaneArea {
  return district.polygons.map((rings) => {
    const outer = rings[0]!;
    const ring: number[] = [];
    for (let i = 0; i < outer.length; i += 2) {
      const { x, y } = toPlane(outer[i]!, outer[i + 1]!);
      ring.push(x, y);
    }
    return counterClockwise(ring);
  });
}
