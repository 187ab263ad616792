import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Division, Divisions } from './divisions.ts';
import { round6, toLat, toLng } from './projection.ts';

/** GeoJSON of the three made levels; one feature a line, WGS 84, six decimals, counter-clockwise, no holes. */
export function writeDivisions(folder: string, divisions: Divisions): { file: string; rows: number; bytes: number }[] {
  const levels = { street: divisions.streets, community: divisions.communities, grid: divisions.grids };
  return Object.entries(levels).map(([level, list]) => {
    const file = `divisions-${level}.geojson`;
    const text = `{"type":"FeatureCollection","features":[\n${list.map(feature).join(',\n')}\n]}\n`;
    writeFileSync(join(folder, file), text);
    return { file, rows: list.length, bytes: Buffer.byteLength(text) };
  });
}

function feature({ code, name, parent, population, area }: Division): string {
  const parts = area.map(ringCoordinates).filter((ring) => ring.length >= 4);
  const geometry =
    parts.length === 1
      ? { type: 'Polygon', coordinates: [parts[0]] }
      : { type: 'MultiPolygon', coordinates: parts.map((ring) => [ring]) };
  return JSON.stringify({ type: 'Feature', properties: { code, name, parent, population, made: true }, geometry });
}

/** Closed; vertices that fall together after rounding are one. */
function ringCoordinates(ring: readonly number[]): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const point: [number, number] = [round6(toLng(ring[i]!)), round6(toLat(ring[i + 1]!))];
    const last = points[points.length - 1];
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  const [first] = points;
  const last = points[points.length - 1]!;
  if (points.length > 1 && first![0] === last[0] && first![1] === last[1]) points.pop();
  return [...points, first!];
}
