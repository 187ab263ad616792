import { type ShapeTest, shapeTest } from './edge-bands.ts';
import { type Bounds, boundsOf, type MultiPolygon, type Ring } from './polygon.ts';

/** A division as the index needs it; ids are pre-order. */
export interface DivisionShape {
  readonly id: number;
  readonly level: number;
  readonly polygons: MultiPolygon;
}

/** Flat form of many shapes: can be shared between threads. */
export interface PackedShapes {
  /** Per shape: division id, level, first polygon, end polygon. */
  readonly shapes: Int32Array;
  /** Per polygon: first ring, end ring. */
  readonly polygons: Int32Array;
  /** Per ring: first coordinate, end coordinate (numbers, not pairs). */
  readonly rings: Int32Array;
  readonly coordinates: Float64Array;
}

export function packShapes(
  shapes: readonly DivisionShape[],
  allocate: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): PackedShapes {
  let polygonCount = 0;
  let ringCount = 0;
  let numbers = 0;
  for (const shape of shapes) {
    for (const polygon of shape.polygons) {
      polygonCount++;
      for (const ring of polygon) {
        ringCount++;
        numbers += ring.length;
      }
    }
  }
  const packed = {
    shapes: new Int32Array(allocate(shapes.length * 16)),
    polygons: new Int32Array(allocate(polygonCount * 8)),
    rings: new Int32Array(allocate(ringCount * 8)),
    coordinates: new Float64Array(allocate(numbers * 8)),
  };
  let p = 0;
  let r = 0;
  let c = 0;
  shapes.forEach((shape, s) => {
    packed.shapes.set([shape.id, shape.level, p, p + shape.polygons.length], s * 4);
    for (const polygon of shape.polygons) {
      packed.polygons.set([r, r + polygon.length], p * 2);
      p++;
      for (const ring of polygon) {
        packed.rings.set([c, c + ring.length], r * 2);
        r++;
        packed.coordinates.set(ring, c);
        c += ring.length;
      }
    }
  });
  return packed;
}

function unpack(packed: PackedShapes): DivisionShape[] {
  const shapes: DivisionShape[] = [];
  for (let s = 0; s < packed.shapes.length; s += 4) {
    const [id, level, first, end] = packed.shapes.subarray(s, s + 4) as unknown as [number, number, number, number];
    const polygons: Ring[][] = [];
    for (let p = first; p < end; p++) {
      const rings: Ring[] = [];
      for (let r = packed.polygons[p * 2] as number; r < (packed.polygons[p * 2 + 1] as number); r++) {
        rings.push(
          packed.coordinates.subarray(packed.rings[r * 2] as number, packed.rings[r * 2 + 1] as number) as Ring,
        );
      }
      polygons.push(rings);
    }
    shapes.push({ id, level, polygons });
  }
  return shapes;
}

const BUCKET_DEG = 0.005;
/** A tenth of a millimetre: far more than rounding moves a point or an edge. */
const SLACK_DEG = 1e-9;

interface Bucket {
  /** Shapes to ask, deepest first, and their ids. */
  readonly crossing: readonly ShapeTest[];
  readonly ids: readonly number[];
  /** The answer when none of them holds the point. */
  readonly otherwise: number | null;
}

export interface DivisionIndex {
  /** Id of the deepest division that holds the point; null outside every division. WGS 84 degrees. */
  readonly at: (lng: number, lat: number) => number | null;
  readonly bounds: Bounds;
}

/**
 * Point in polygon over a tree of divisions. Candidates come from a grid of buckets of 0.005°; in a bucket that a border crosses the
 * verdict is the exact test, so a cell that a border crosses is split correctly; in the others it is that of every point of the bucket. Siblings that share vertices own a border point exactly once.
 */
export function divisionIndex(packed: PackedShapes): DivisionIndex {
  // Deepest first; within a level by id, so that overlapping outlines give one answer.
  const shapes = unpack(packed).sort((a, b) => b.level - a.level || a.id - b.id);
  const boxes = shapes.map((shape) => boundsOf(shape.polygons));
  const bounds: Bounds = [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
  const bucketX = (lng: number): number => Math.floor((lng - bounds[0]) / BUCKET_DEG);
  const bucketY = (lat: number): number => Math.floor((lat - bounds[1]) / BUCKET_DEG);
  const columns = bucketX(bounds[2]) + 1;
  /** Per bucket: the shapes whose box meets it, twice their position, and 1 more where an edge may pass. */
  const buckets: (number[] | undefined)[] = new Array(columns * (bucketY(bounds[3]) + 1)).fill(undefined);
  shapes.forEach(({ polygons }, index) => {
    const [west, south, east, north] = boxes[index] as Bounds;
    const [x0, y0, x1, y1] = [bucketX(west), bucketY(south), bucketX(east), bucketY(north)];
    const passed = bucketsPassed(polygons, bucketX, bucketY, [x0, y0, x1, y1]);
    for (let y = y0, at = 0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++, at++) {
        const entry = index * 2 + (passed[at] as number);
        const bucket = buckets[y * columns + x];
        if (bucket) bucket.push(entry);
        else buckets[y * columns + x] = [entry];
      }
    }
  });
  // Prepared when it is first asked: a run over a few files meets few shapes.
  const tests: (ShapeTest | undefined)[] = shapes.map(() => undefined);
  const testOf = (index: number): ShapeTest => {
    const known = tests[index];
    if (known) return known;
    const made = shapeTest((shapes[index] as DivisionShape).polygons);
    tests[index] = made;
    return made;
  };
  const settled: (Bucket | undefined)[] = new Array(buckets.length).fill(undefined);
  /** What is left to test in a bucket: shapes whose border may pass it, up to the first that holds all of it. */
  const settle = (key: number): Bucket => {
    const lng = bounds[0] + ((key % columns) + 0.5) * BUCKET_DEG;
    const lat = bounds[1] + (Math.floor(key / columns) + 0.5) * BUCKET_DEG;
    const crossing: ShapeTest[] = [];
    const ids: number[] = [];
    let otherwise: number | null = null;
    for (const entry of buckets[key] ?? []) {
      const test = testOf(entry >> 1);
      const { id } = shapes[entry >> 1] as DivisionShape;
      if (entry % 2 === 1) {
        crossing.push(test);
        ids.push(id);
      } else if (test(lng, lat)) {
        otherwise = id;
        break;
      }
    }
    const bucket = { crossing, ids, otherwise };
    settled[key] = bucket;
    return bucket;
  };
  return {
    bounds,
    at: (lng, lat) => {
      if (!(lng >= bounds[0] && lng <= bounds[2] && lat >= bounds[1] && lat <= bounds[3])) return null;
      const key = bucketY(lat) * columns + bucketX(lng);
      const { crossing, ids, otherwise } = settled[key] ?? settle(key);
      for (let i = 0; i < crossing.length; i++) if ((crossing[i] as ShapeTest)(lng, lat)) return ids[i] as number;
      return otherwise;
    },
  };
}

/** 1 where an edge of the shape may pass a bucket of the frame (x0, y0, x1, y1), row by row. False is certain. */
function bucketsPassed(
  polygons: MultiPolygon,
  bucketX: (lng: number) => number,
  bucketY: (lat: number) => number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): Uint8Array {
  const columns = x1 - x0 + 1;
  const passed = new Uint8Array(columns * (y1 - y0 + 1));
  for (const polygon of polygons) {
    for (const ring of polygon) {
      const n = ring.length;
      for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
        const [ax, ay, bx, by] = [ring[j], ring[j + 1], ring[i], ring[i + 1]] as [number, number, number, number];
        const west = Math.max(x0, bucketX(Math.min(ax, bx) - SLACK_DEG));
        const east = Math.min(x1, bucketX(Math.max(ax, bx) + SLACK_DEG));
        const north = Math.min(y1, bucketY(Math.max(ay, by) + SLACK_DEG));
        for (let y = Math.max(y0, bucketY(Math.min(ay, by) - SLACK_DEG)); y <= north; y++)
          for (let x = west; x <= east; x++) passed[(y - y0) * columns + x - x0] = 1;
      }
    }
  }
  return passed;
}
