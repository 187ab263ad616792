import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { cellToBoundary } from 'h3-js';
import { borderOf } from '../../sense/border.ts';
import { rowHolding } from '../../sense/holding.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import type { CoarseGrid } from '../../snapshot/model.ts';

/** A small map as shapes: hexagons of the week, division outlines, the cells of the alert. All from the snapshot; no base map is invented. */
export interface MapShapes {
  /** Width and height of the view box; one unit = `metresAUnit` metres. */
  readonly width: number;
  readonly height: number;
  readonly hexagons: readonly { readonly d: string; readonly n: number }[];
  readonly outlines: readonly { readonly d: string; readonly level: number; readonly own: boolean }[];
  readonly focus: string | null;
  /** Length of the scale bar, and what it stands for. */
  readonly bar: { readonly units: number; readonly km: number };
  readonly n: number;
}

export interface Area {
  readonly level: number;
  readonly features: FeatureCollection<Polygon | MultiPolygon>;
}
export type Bounds = readonly [west: number, south: number, east: number, north: number];

const WIDTH = 240;
const HEIGHT = 168;
const KM_A_DEGREE = 111.32;
/** Of its width and height, around a division. */
const AROUND = 0.1;
/** Degrees around the outermost cells. */
const MARGIN = 0.028;

/** WGS 84 degrees around a finding: its cells, else its division, else null. */
export function findingBounds(
  finding: {
    readonly division: number | null;
    readonly cells: readonly number[];
    readonly centre: readonly [number, number] | null;
  },
  grid: CoarseGrid | null,
  areas: readonly Area[],
): Bounds | null {
  let box: [number, number, number, number] | null = null;
  const add = (lng: number, lat: number) => {
    if (box === null) box = [lng, lat, lng, lat];
    else box = [Math.min(box[0], lng), Math.min(box[1], lat), Math.max(box[2], lng), Math.max(box[3], lat)];
  };
  if (grid) for (const row of finding.cells) add((grid.lngE6[row] ?? 0) / 1e6, (grid.latE6[row] ?? 0) / 1e6); // cells are rows of this grid
  const own = box !== null || finding.division === null ? null : featureOf(areas, finding.division);
  if (own) {
    for (const ring of ringsOf(own)) for (const [lng, lat] of ring) add(lng as number, lat as number);
    if (box === null) return null;
    const [west, south, east, north] = box as Bounds;
    // A cell on the border is not to be cut off.
    const [x, y] = [AROUND * (east - west), AROUND * (north - south)];
    return [west - x, south - y, east + x, north + y];
  }
  if (box === null && finding.centre) add(...finding.centre);
  if (box === null) return null;
  const [west, south, east, north] = box as Bounds;
  return [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
}

export function featureOf(areas: readonly Area[], division: number): Feature<Polygon | MultiPolygon> | null {
  for (const { features } of areas)
    for (const feature of features.features) if (feature.properties?.id === division) return feature;
  return null;
}

const ringsOf = ({ geometry }: Feature<Polygon | MultiPolygon>) =>
  geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();

/** Resolution whose hexagons can be seen one by one in a map so wide. */
export function mapResolution([west, south, east, north]: Bounds): number {
  const km = (east - west) * KM_A_DEGREE * Math.cos((((south + north) / 2) * Math.PI) / 180);
  return km > 14 ? 8 : 9;
}

export function mapShapes(options: {
  readonly bounds: Bounds;
  readonly grid: CoarseGrid;
  readonly rows: DayFacts['rows'];
  /** Pre-order range of categories; null = all. */
  readonly category: { readonly id: number; readonly end: number } | null;
  readonly areas: readonly Area[];
  readonly division: number | null;
  readonly cells: BigUint64Array;
}): MapShapes {
  const { bounds, grid, rows, category, areas, division, cells } = options;
  const [west, south, east, north] = bounds;
  const cos = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(WIDTH / ((east - west) * cos), HEIGHT / (north - south));
  const [midLng, midLat] = [(west + east) / 2, (south + north) / 2];
  const x = (lng: number) => WIDTH / 2 + (lng - midLng) * cos * scale;
  const y = (lat: number) => HEIGHT / 2 - (lat - midLat) * scale;
  const path = (ring: readonly (readonly number[])[]) =>
    `M${ring.map(([lng, lat]) => `${x(lng as number).toFixed(1)} ${y(lat as number).toFixed(1)}`).join('L')}Z`;
  const inside = (lng: number, lat: number) => {
    const [px, py] = [x(lng), y(lat)];
    return px > -12 && px < WIDTH + 12 && py > -12 && py < HEIGHT + 12;
  };

  // By their boxes: a large division may hold the whole picture without a corner in it.
  const crosses = (ring: readonly (readonly number[])[]) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [lng, lat] of ring) {
      const [px, py] = [x(lng as number), y(lat as number)];
      [left, right] = [Math.min(left, px), Math.max(right, px)];
      [top, bottom] = [Math.min(top, py), Math.max(bottom, py)];
    }
    return left < WIDTH && right > 0 && top < HEIGHT && bottom > 0;
  };

  const byRow = new Map<number, number>();
  for (let i = 0; i < rows.cell.length; i++) {
    const kind = rows.category[i] as number;
    if (category && (kind < category.id || kind >= category.end)) continue;
    if ((rows.res[i] as number) < grid.resolution) continue;
    const row = rowHolding(grid, rows.cell[i] as number);
    if (row !== null) byRow.set(row, (byRow.get(row) ?? 0) + 1); // first of its cell
  }
  const hexagons = [...byRow].flatMap(([row, n]) => {
    if (!inside((grid.lngE6[row] as number) / 1e6, (grid.latE6[row] as number) / 1e6)) return [];
    return [{ d: path(cellToBoundary((grid.h3[row] as bigint).toString(16), true)), n }];
  });
  const outlines = areas.flatMap(({ level, features }) =>
    features.features.flatMap((feature) => {
      const rings = ringsOf(feature);
      if (!rings.some((ring) => crosses(ring))) return [];
      return [{ d: rings.map(path).join(''), level, own: feature.properties?.id === division }];
    }),
  );
  const kmAUnit = KM_A_DEGREE / scale;
  const km = [20, 10, 5, 2, 1, 0.5].find((length) => length / kmAUnit <= WIDTH / 3) ?? 0.5;
  return {
    width: WIDTH,
    height: HEIGHT,
    hexagons,
    outlines,
    focus: cells.length === 0 ? null : borderOf(cells).map(path).join(''),
    bar: { units: km / kmAUnit, km },
    n: hexagons.reduce((sum, { n }) => sum + n, 0),
  };
}

/** Classes of the fill, the same on all maps of a brief: 1, 2–3, 4–7, 8 and more reports a cell. */
export const MAP_STEPS = [1, 2, 4, 8] as const;
export const stepOf = (n: number): number => MAP_STEPS.findLastIndex((from) => n >= from);
