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
  const columns = Math.floor((bounds[2] - bounds[0]) / BUCKET_DEG) + 1;
  const buckets = new Map<number, number[]>();
  const bucketX = (lng: number): number => Math.floor((lng - bounds[0]) / BUCKET_DEG);
  const bucketY = (lat: number): number => Math.floor((lat - bounds[1]) / BUCKET_DEG);
  boxes.forEach((box, index) => {
    for (let y = bucketY(box[1]); y <= bucketY(box[3]); y++) {
      for (let x = bucketX(box[0]); x <= bucketX(box[2]); x++) {
        const key = y * columns + x;
        const bucket = buckets.get(key);
        if (bucket) bucket.push(index);
        else buckets.set(key, [index]);
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
  const settled = new Map<number, Bucket>();
  /** What is left to test in a bucket: shapes whose border passes it, up to the first that holds all of it. */
  const settle = (key: number): Bucket => {
    const [x, y] = [key % columns, Math.floor(key / columns)];
    const west = bounds[0] + x * BUCKET_DEG;
    const south = bounds[1] + y * BUCKET_DEG;
    const box: Bounds = [
      west - SLACK_DEG,
      south - SLACK_DEG,
      west + BUCKET_DEG + SLACK_DEG,
      south + BUCKET_DEG + SLACK_DEG,
    ];
    const crossing: ShapeTest[] = [];
    const ids: number[] = [];
    let otherwise: number | null = null;
    for (const index of buckets.get(key) ?? []) {
      const test = testOf(index);
      const { id } = shapes[index] as DivisionShape;
      if (test.mayCross(box)) {
        crossing.push(test);
        ids.push(id);
      } else if (test.holds(west + BUCKET_DEG / 2, south + BUCKET_DEG / 2)) {
        otherwise = id;
        break;
      }
    }
    const bucket = { crossing, ids, otherwise };
    settled.set(key, bucket);
    return bucket;
  };
  return {
    bounds,
    at: (lng, lat) => {
      if (!(lng >= bounds[0] && lng <= bounds[2] && lat >= bounds[1] && lat <= bounds[3])) return null;
      const key = bucketY(lat) * columns + bucketX(lng);
      const { crossing, ids, otherwise } = settled.get(key) ?? settle(key);
      for (let i = 0; i < crossing.length; i++) if ((crossing[i] as ShapeTest).holds(lng, lat)) return ids[i] as number;
      return otherwise;
    },
  };
}
