import { AREA_LIMITS, type LngLat, type Shape } from './area.ts';
import { unwrapped } from './unwrap.ts';

/** Why a shape selects nothing by its form alone; a closed list, each has a sentence on the screen. */
export const SHAPE_PROBLEMS = [
  'few-points',
  'off-earth',
  'around-pole',
  'bad-size',
  'too-many-points',
  'bad-cell',
] as const;
export type ShapeProblem = (typeof SHAPE_PROBLEMS)[number];

const CELL = /^8[0-9a-f]{14}$/;

/** null = it can be evaluated. */
export function shapeProblem(shape: Shape): ShapeProblem | null {
  switch (shape.kind) {
    case 'polygon':
      return shape.rings.length === 0 ? 'few-points' : first(shape.rings.map((ring) => pointsProblem(ring, 3, true)));
    case 'box': {
      const { west, south, east, north } = shape;
      if (!onEarth([west, south]) || !onEarth([east, north])) return 'off-earth';
      return south < north && west !== east ? null : 'bad-size';
    }
    case 'circle':
      if (!onEarth(shape.centre)) return 'off-earth';
      return shape.radiusM >= 1 && shape.radiusM <= AREA_LIMITS.radiusM ? null : 'bad-size';
    case 'line':
      if (!(shape.widthM >= 1 && shape.widthM <= AREA_LIMITS.widthM)) return 'bad-size';
      return pointsProblem(shape.points, 2, false);
    case 'division':
      return null;
    case 'disk':
      if (!CELL.test(shape.cell)) return 'bad-cell';
      return Number.isInteger(shape.k) && shape.k >= 0 && shape.k <= AREA_LIMITS.k ? null : 'bad-size';
    default:
      return shape satisfies never;
  }
}

function pointsProblem(points: readonly LngLat[], fewest: number, ring: boolean): ShapeProblem | null {
  if (points.length > AREA_LIMITS.vertices) return 'too-many-points';
  if (!points.every(onEarth)) return 'off-earth';
  if (new Set(points.map(([lng, lat]) => `${lng},${lat}`)).size < fewest) return 'few-points';
  return ring && unwrapped(points, true) === null ? 'around-pole' : null;
}

const onEarth = ([lng, lat]: LngLat): boolean => Math.abs(lng) <= 180 && Math.abs(lat) <= 90;

const first = (problems: readonly (ShapeProblem | null)[]): ShapeProblem | null =>
  problems.find((problem) => problem !== null) ?? null;
