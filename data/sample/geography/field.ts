import { random } from '../random.ts';
import { toPlane } from './projection.ts';

/** Side of the lattice that carries spatially correlated noise. */
export const LATTICE_KM = 1.5;
const HALF_WIDTH = 56;
const HALF_HEIGHT = 56;
export const LATTICE_COLUMNS = 2 * HALF_WIDTH + 1;
export const LATTICE_NODES = LATTICE_COLUMNS * (2 * HALF_HEIGHT + 1);

/** Four lattice nodes around a point, and weights whose squares sum to 1: unit variance in, unit variance out. */
export interface LatticeSite {
  readonly node: number;
  readonly weights: readonly [number, number, number, number];
}

/**
 * Bilinear interpolation of independent nodes 1.5 km apart: correlation about 0.8 at 0.5 km, 0.3 at 1.5 km, 0 beyond 3 km. It stands for
 * the exponential correlation exp(−d / 1.5 km) of METHODS.md part 2, which needs a dense matrix, at a hundredth of the cost.
 */
export function latticeSite(lng: number, lat: number): LatticeSite {
  const { x, y } = toPlane(lng, lat);
  const column = Math.min(Math.max(x / LATTICE_KM + HALF_WIDTH, 0), 2 * HALF_WIDTH - 1e-9);
  const row = Math.min(Math.max(y / LATTICE_KM + HALF_HEIGHT, 0), 2 * HALF_HEIGHT - 1e-9);
  const i = Math.floor(column);
  const j = Math.floor(row);
  const u = column - i;
  const v = row - j;
  const raw = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v] as const;
  const norm = Math.hypot(...raw);
  return { node: j * LATTICE_COLUMNS + i, weights: [raw[0] / norm, raw[1] / norm, raw[2] / norm, raw[3] / norm] };
}

export function latticeValue(nodes: Float64Array | Float32Array, site: LatticeSite): number {
  const n = site.node;
  const w = site.weights;
  return (
    w[0] * nodes[n]! +
    w[1] * nodes[n + 1]! +
    w[2] * nodes[n + LATTICE_COLUMNS]! +
    w[3] * nodes[n + LATTICE_COLUMNS + 1]!
  );
}

/** Centres of the city: where density decays from, with scale in km. Approximate WGS 84 positions of well-known places. */
const CENTRES = [
  { name: '观前', lng: 120.62, lat: 31.311, weight: 1, scaleKm: 6 },
  { name: '湖西', lng: 120.668, lat: 31.319, weight: 0.8, scaleKm: 5 },
  { name: '狮山', lng: 120.555, lat: 31.298, weight: 0.65, scaleKm: 5 },
  { name: '吴中', lng: 120.625, lat: 31.262, weight: 0.5, scaleKm: 4 },
  { name: '元和', lng: 120.64, lat: 31.37, weight: 0.35, scaleKm: 4 },
  { name: '木渎', lng: 120.51, lat: 31.265, weight: 0.35, scaleKm: 3 },
  { name: '浒墅关', lng: 120.5, lat: 31.375, weight: 0.25, scaleKm: 3 },
  { name: '松陵', lng: 120.64, lat: 31.16, weight: 0.5, scaleKm: 4 },
  { name: '盛泽', lng: 120.655, lat: 30.905, weight: 0.4, scaleKm: 3 },
  { name: '玉山', lng: 120.955, lat: 31.385, weight: 0.9, scaleKm: 5 },
  { name: '花桥', lng: 121.1, lat: 31.3, weight: 0.35, scaleKm: 3 },
  { name: '城厢', lng: 121.11, lat: 31.455, weight: 0.45, scaleKm: 4 },
  { name: '虞山', lng: 120.745, lat: 31.65, weight: 0.65, scaleKm: 5 },
  { name: '杨舍', lng: 120.545, lat: 31.875, weight: 0.65, scaleKm: 5 },
].map((centre) => ({ ...centre, ...toPlane(centre.lng, centre.lat) }));

const FIELD_SD = 0.9;
const RURAL_FLOOR = 0.02;

/** Relative density of people and problems: log-normal field (sd 0.9) times the decay from several centres. */
export function densityField(seed: number): (lng: number, lat: number) => number {
  const draw = random(seed, 'density');
  const nodes = Float64Array.from({ length: LATTICE_NODES }, () => draw.normal());
  return (lng, lat) => {
    const { x, y } = toPlane(lng, lat);
    let decay = RURAL_FLOOR;
    for (const centre of CENTRES) {
      decay += centre.weight * Math.exp(-Math.hypot(x - centre.x, y - centre.y) / centre.scaleKm);
    }
    return decay * Math.exp(FIELD_SD * latticeValue(nodes, latticeSite(lng, lat)) - (FIELD_SD * FIELD_SD) / 2);
  };
}
