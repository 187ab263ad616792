import { Delaunay } from 'd3-delaunay';
import { type Geom, intersection } from 'polyclip-ts';

/** Open ring x, y, x, y, … in km of the local plane, counter-clockwise, no holes. */
export type PlaneRing = readonly number[];
/** Parts of one area. */
export type PlaneArea = readonly PlaneRing[];

const CRUMB_KM2 = 1e-7;

/**
 * Cuts an area into the Voronoi cells of seeds inside it. Neighbours share their Voronoi vertices exactly; together the cells are the area.
 * A cell whose clipped outline falls apart (the area is not convex there) is clipped once more by polyclip-ts, which keeps parts apart.
 */
export function voronoiCells(area: PlaneArea, seeds: readonly (readonly [number, number])[]): PlaneArea[] {
  if (seeds.length === 1) return [area];
  const box = boxOf(area);
  const margin = 1;
  const voronoi = Delaunay.from(seeds as [number, number][]).voronoi([
    box[0] - margin,
    box[1] - margin,
    box[2] + margin,
    box[3] + margin,
  ]);
  return seeds.map((_, i) => {
    const cell = voronoi.cellPolygon(i) as [number, number][];
    return area.flatMap((part) => clip(part, counterClockwise(cell.slice(0, -1).flat())));
  });
}

/** Part of a simple ring inside a convex ring. */
function clip(ring: PlaneRing, convex: PlaneRing): PlaneRing[] {
  let points: number[] = [...ring];
  let fallsApart = false;
  for (let i = 0; i < convex.length && points.length > 0; i += 2) {
    const j = (i + 2) % convex.length;
    const line = { ax: convex[i]!, ay: convex[i + 1]!, bx: convex[j]!, by: convex[j + 1]! };
    const cut = clipHalfPlane(points, line);
    points = cut.points;
    fallsApart ||= cut.entries > 1;
  }
  if (points.length < 6) return [];
  if (!fallsApart) return ringArea(points) > CRUMB_KM2 ? [points] : [];
  const parts = intersection([closed(ring)] as Geom, [closed(convex)] as Geom) as [number, number][][][];
  return parts
    .map((part) => counterClockwise(part[0]!.slice(0, -1).flat()))
    .filter((part) => ringArea(part) > CRUMB_KM2);
}

interface Line {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
}

/** Sutherland–Hodgman step: keeps the left side. More than one entry means that the result may touch itself along the line. */
function clipHalfPlane(points: readonly number[], line: Line): { points: number[]; entries: number } {
  const kept: number[] = [];
  let entries = 0;
  const n = points.length;
  let px = points[n - 2]!;
  let py = points[n - 1]!;
  let pSide = side(line, px, py);
  for (let i = 0; i < n; i += 2) {
    const qx = points[i]!;
    const qy = points[i + 1]!;
    const qSide = side(line, qx, qy);
    if (pSide >= 0 !== qSide >= 0) {
      if (qSide >= 0) entries++;
      kept.push(...crossing(line, pSide >= 0 ? [px, py, qx, qy] : [qx, qy, px, py]));
    }
    if (qSide >= 0) kept.push(qx, qy);
    px = qx;
    py = qy;
    pSide = qSide;
  }
  return { points: kept, entries };
}

function side(line: Line, x: number, y: number): number {
  return (line.bx - line.ax) * (y - line.ay) - (line.by - line.ay) * (x - line.ax);
}

/** Always computed in one direction, so that both neighbours of a Voronoi edge get the same point. */
function crossing(line: Line, [x1, y1, x2, y2]: [number, number, number, number]): [number, number] {
  const swap = x1 > x2 || (x1 === x2 && y1 > y2);
  const [ax, ay, bx, by] = swap ? [x2, y2, x1, y1] : [x1, y1, x2, y2];
  const s1 = side(line, ax, ay);
  const t = s1 / (s1 - side(line, bx, by));
  return [ax + t * (bx - ax), ay + t * (by - ay)];
}

export function ringArea(ring: PlaneRing): number {
  let twice = 0;
  const n = ring.length;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) twice += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  return twice / 2;
}

export function areaKm2(area: PlaneArea): number {
  return area.reduce((sum, ring) => sum + ringArea(ring), 0);
}

export function counterClockwise(ring: PlaneRing): PlaneRing {
  if (ringArea(ring) >= 0) return ring;
  const turned: number[] = [];
  for (let i = ring.length - 2; i >= 0; i -= 2) turned.push(ring[i]!, ring[i + 1]!);
  return turned;
}

export function boxOf(area: PlaneArea): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of area) {
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i]!);
      box[1] = Math.min(box[1], ring[i + 1]!);
      box[2] = Math.max(box[2], ring[i]!);
      box[3] = Math.max(box[3], ring[i + 1]!);
    }
  }
  return box;
}

export function inside(area: PlaneArea, x: number, y: number): boolean {
  return area.some((ring) => {
    let odd = false;
    const n = ring.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const yi = ring[i + 1]!;
      const yj = ring[j + 1]!;
      if (yi > y !== yj > y && x < ring[i]! + ((ring[j]! - ring[i]!) * (y - yi)) / (yj - yi)) odd = !odd;
    }
    return odd;
  });
}

function closed(ring: PlaneRing): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i]!, ring[i + 1]!]);
  points.push(points[0]!);
  return points;
}
