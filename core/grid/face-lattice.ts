import { cellToLatLng, cellToVertexes, getPentagons, latLngToCell, vertexToLatLng } from 'h3-js';
import { cellKey, cellOfKey } from './study-grid.ts';

/**
 * The cells of a study area as a table over the plane of one face of H3's icosahedron, so that a point finds its cell without a call of
 * h3-js and the text it gives back: 0.1 µs instead of 2 µs.
 *
 * H3 projects a point from the centre of the globe onto the plane of the nearest face and takes the nearest point of a hexagonal lattice
 * there. The lattice has its origin in the middle of the face; at resolution 0 its first axis leads to a corner of the face, which is two
 * steps away, and every resolution divides the step by √7 and turns it by asin √(3/28), there and back. The corners of the faces are the
 * centres of the twelve pentagons, which h3-js names: nothing else of H3 is assumed, and what is assumed is checked against h3-js when
 * the table is made.
 *
 * A lattice coordinate (column, row) is a quotient of two linear forms of the unit vector of the point.
 */
export interface FaceLattice {
  /** Linear forms: column, row, divisor; three numbers each. */
  readonly forms: Float64Array;
  /** Column and row of the first slot, number of columns and rows. */
  readonly frame: Int32Array;
  /** Cell id + 1, by row and column; 0 = not known here. */
  readonly slots: Int32Array;
}

/** Nearer to the border of a cell than this part of a lattice step (0.1 mm at resolution 10), rounding may decide: h3-js is asked. */
const BORDER = 1e-6;
/** Centres of cells must lie this near to lattice points, in lattice steps. */
const CENTRE = 1e-7;
/** H3 takes the arc cosine of the distance from the middle of the face, which is blunt near it: 0.02 rad, 127 km. */
const BLUNT_COS = Math.cos(0.02);
/** No point of a face is farther from its middle than a corner, 37.4°. */
const FARTHEST_COS = 0.5;
/** Of so many cells one is checked all around; a prime, so that no order of the cells hides the others. */
const CHECKED_EVERY = 61;
/** The table holds at most so many slots a cell. */
const SLOTS_A_CELL = 16;

/** The table does not say. */
export const ASK_H3 = -2;

/**
 * Id of the cell that holds a point, WGS 84 degrees; ASK_H3 outside the table, or too near to a border.
 * Never another answer than that of `latLngToCell`. Cost: about 0.1 µs.
 */
export function latticeCell({ forms, frame, slots }: FaceLattice, lng: number, lat: number): number {
  const latRad = lat * RAD;
  const lngRad = lng * RAD;
  const cosLat = Math.cos(latRad);
  const x = cosLat * Math.cos(lngRad);
  const y = cosLat * Math.sin(lngRad);
  const z = Math.sin(latRad);
  const divisor = (forms[6] as number) * x + (forms[7] as number) * y + (forms[8] as number) * z;
  if (!(divisor > FARTHEST_COS)) return ASK_H3;
  const a = ((forms[0] as number) * x + (forms[1] as number) * y + (forms[2] as number) * z) / divisor;
  const b = ((forms[3] as number) * x + (forms[4] as number) * y + (forms[5] as number) * z) / divisor;
  let column = Math.floor(a + 0.5);
  let row = Math.floor(b + 0.5);
  const third = Math.floor(0.5 - a - b);
  if (column + row + third !== 0) {
    const offA = Math.abs(a - column);
    const offB = Math.abs(b - row);
    const offC = Math.abs(a + b + third);
    if (offA > offB && offA > offC) column = -row - third;
    else if (offB > offC) row = -column - third;
  }
  const restA = a - column;
  const restB = b - row;
  const most = 1 - 2 * BORDER;
  if (!(Math.abs(2 * restA + restB) < most && Math.abs(restA + 2 * restB) < most && Math.abs(restB - restA) < most))
    return ASK_H3;
  column -= frame[0] as number;
  row -= frame[1] as number;
  const columns = frame[2] as number;
  if (column < 0 || column >= columns || row < 0 || row >= (frame[3] as number)) return ASK_H3;
  const entry = slots[row * columns + column] as number;
  return entry === 0 ? ASK_H3 : entry - 1;
}

/**
 * The tables of a grid: one a face that its cells lie on, the fullest first; none where h3-js disagrees anywhere. Cells that do not lie
 * on one face as a whole, or in its very middle, are in no table: for points in them `latticeCell` says that h3-js is to be asked.
 *
 * @param keys cells (`cellKey`), ascending
 * @param lngLat their centres, two numbers each
 * @param resolution of the cells
 * Cost: about 2 µs a cell.
 */
export function faceLattices(keys: Float64Array, lngLat: Float64Array, resolution: number): FaceLattice[] {
  const centres = new Float64Array(keys.length * 3);
  for (let id = 0; id < keys.length; id++)
    centres.set(unitVector(lngLat[id * 2] as number, lngLat[id * 2 + 1] as number), id * 3);
  const lattices: FaceLattice[] = [];
  for (const face of icosahedron()) {
    const lattice = latticeOn(planeOf(face, resolution), centres);
    if (!lattice) continue;
    if (!agrees(lattice, keys, resolution)) return [];
    lattices.push(lattice);
  }
  return lattices.sort((a, b) => filled(b) - filled(a));
}

const filled = ({ slots }: FaceLattice): number => slots.reduce((sum, entry) => sum + (entry > 0 ? 1 : 0), 0);

function latticeOn({ forms, holds }: Plane, centres: Float64Array): FaceLattice | null {
  const cells = centres.length / 3;
  const columns = new Int32Array(cells);
  const rows = new Int32Array(cells);
  const ids: number[] = [];
  let [west, south, east, north] = [2 ** 31, 2 ** 31, -(2 ** 31), -(2 ** 31)];
  for (let id = 0; id < cells; id++) {
    const x = centres[id * 3] as number;
    const y = centres[id * 3 + 1] as number;
    const z = centres[id * 3 + 2] as number;
    const divisor = form(forms, 6, x, y, z);
    if (!(divisor > FARTHEST_COS && divisor < BLUNT_COS)) continue;
    const a = form(forms, 0, x, y, z) / divisor;
    const b = form(forms, 3, x, y, z) / divisor;
    const column = Math.round(a);
    const row = Math.round(b);
    if (Math.abs(a - column) > CENTRE || Math.abs(b - row) > CENTRE || !holds(column, row)) continue;
    columns[id] = column;
    rows[id] = row;
    ids.push(id);
    west = Math.min(west, column);
    east = Math.max(east, column);
    south = Math.min(south, row);
    north = Math.max(north, row);
  }
  const width = east - west + 1;
  const height = north - south + 1;
  if (ids.length === 0 || width * height > SLOTS_A_CELL * ids.length + 4096) return null;
  const slots = new Int32Array(width * height);
  for (const id of ids) {
    const slot = ((rows[id] as number) - south) * width + (columns[id] as number) - west;
    if (slots[slot] !== 0) return null;
    slots[slot] = id + 1;
  }
  return { forms, frame: Int32Array.of(west, south, width, height), slots };
}

/** Just inside every corner and the middle of every side of some cells, h3-js says the same. */
function agrees(lattice: FaceLattice, keys: Float64Array, resolution: number): boolean {
  for (let id = 0; id < keys.length; id += CHECKED_EVERY) {
    const h3 = cellOfKey(keys[id] as number);
    const [lat, lng] = cellToLatLng(h3);
    const corners = cellToVertexes(h3).map(vertexToLatLng);
    for (let i = 0; i < corners.length; i++) {
      const [cornerLat, cornerLng] = corners[i] as [number, number];
      const [nextLat, nextLng] = corners[(i + 1) % corners.length] as [number, number];
      for (const [toLat, toLng] of [
        [cornerLat, cornerLng],
        [(cornerLat + nextLat) / 2, (cornerLng + nextLng) / 2],
      ] as const) {
        const nearLat = lat + (toLat - lat) * 0.9999;
        const nearLng = lng + (toLng - lng) * 0.9999;
        const found = latticeCell(lattice, nearLng, nearLat);
        if (found !== ASK_H3 && keys[found] !== cellKey(latLngToCell(nearLat, nearLng, resolution))) return false;
      }
    }
  }
  return true;
}

const RAD = Math.PI / 180;
type Vector = readonly [number, number, number];

const unitVector = (lng: number, lat: number): Vector => {
  const cosLat = Math.cos(lat * RAD);
  return [cosLat * Math.cos(lng * RAD), cosLat * Math.sin(lng * RAD), Math.sin(lat * RAD)];
};
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const normal = (a: Vector): Vector => scaled(a, 1 / Math.sqrt(dot(a, a)));
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const form = (forms: Float64Array, at: number, x: number, y: number, z: number): number =>
  (forms[at] as number) * x + (forms[at + 1] as number) * y + (forms[at + 2] as number) * z;

/** Corners of a lattice cell around its centre, in columns and rows. */
const CORNERS = [
  [1, 1],
  [-1, 2],
  [-2, 1],
  [-1, -1],
  [1, -2],
  [2, -1],
].map(([column, row]) => [(column as number) / 3, (row as number) / 3] as const);

interface Plane {
  /** See `FaceLattice.forms`. */
  readonly forms: Float64Array;
  /** Does a lattice cell lie on the face with all its corners? */
  readonly holds: (column: number, row: number) => boolean;
}

function planeOf({ centre, corner, neighbours }: Face, resolution: number): Plane {
  const step = Math.tan(Math.acos(dot(centre, corner))) / 2 / Math.sqrt(7) ** resolution;
  const turn = resolution % 2 === 1 ? Math.asin(Math.sqrt(3 / 28)) : 0;
  const toCorner = normal(plus(corner, scaled(centre, -dot(centre, corner))));
  const left = cross(centre, toCorner);
  const first = plus(scaled(toCorner, Math.cos(turn)), scaled(left, Math.sin(turn)));
  const across = cross(centre, first);
  // A point of the plane is column · first + row · second, in steps; `second` is `first` turned by 60°.
  const second = plus(scaled(first, 0.5), scaled(across, Math.sqrt(3) / 2));
  const rowForm = scaled(across, 2 / Math.sqrt(3) / step);
  const columnForm = plus(scaled(first, 1 / step), scaled(rowForm, -0.5));
  // How much nearer the centre of a cell lies to this face than to a neighbour, and how much of that its corners can lose.
  const edges = neighbours.map((other) => {
    const inward = plus(centre, scaled(other, -1));
    const [ofColumn, ofRow] = [dot(first, inward) * step, dot(second, inward) * step];
    const loss = Math.max(...CORNERS.map(([column, row]) => -(ofColumn * column + ofRow * row)));
    return { atMiddle: dot(centre, inward) - loss - step, ofColumn, ofRow };
  });
  return {
    forms: Float64Array.from([...columnForm, ...rowForm, ...centre]),
    holds: (column, row) => edges.every((edge) => edge.atMiddle + edge.ofColumn * column + edge.ofRow * row > 0),
  };
}

interface Face {
  readonly centre: Vector;
  readonly corner: Vector;
  /** Centres of the faces on the other side of its three edges. */
  readonly neighbours: readonly Vector[];
}

/** The twenty faces, from the twelve corners: a face is three of them that are neighbours of each other. */
function icosahedron(): Face[] {
  const corners = getPentagons(0).map((h3) => {
    const [lat, lng] = cellToLatLng(h3);
    return unitVector(lng, lat);
  });
  const isNear = (a: Vector, b: Vector): boolean => dot(a, b) > 0; // neighbours 63.4° apart, all others 116.6° and more
  const faces: Omit<Face, 'neighbours'>[] = [];
  corners.forEach((a, i) => {
    corners.forEach((b, j) => {
      if (j <= i || !isNear(a, b)) return;
      corners.forEach((c, k) => {
        if (k > j && isNear(a, c) && isNear(b, c)) faces.push({ centre: normal(plus(a, plus(b, c))), corner: a });
      });
    });
  });
  return faces.map((face) => ({
    ...face,
    neighbours: faces
      .map(({ centre }) => centre)
      .sort((a, b) => dot(b, face.centre) - dot(a, face.centre))
      .slice(1, 4),
  }));
}
