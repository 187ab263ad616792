import {
  WALL_PLACE,
  WALL_PLAYED_RESOLUTION,
  WALL_PLAYED_WEEKS,
  WALL_RESOLUTION,
  WALL_WINDOWS,
} from '../contract/wall-tables.ts';
import { coveringAtoms, floorTo, partition, smallestAtom, type Tree, type TreeOrder, treeOrder } from './partition.ts';
import { DOWN, type RowOrder, slackOf, UP, unprovenRows } from './undetermined.ts';
import { type CellParents, firstCells, NONE, type PlaceTree, partsOf, placeTree } from './wall-tree.ts';
import { type CoarsePlaces, coarsePlaces } from './wall-weeks.ts';

/** Base counts of grade wall, one entry a row; rows with the same key are added up, their order does not matter. */
export interface WallRows {
  /** Row of the resolution-8 grid; NONE = not known. Of a sensitive report: any cell inside the place it is known to. */
  readonly cell: Uint32Array;
  /** Id of the level-1 division; 0 = in none, NONE = unlocated. */
  readonly division: Uint32Array;
  /** Index of the ISO week. */
  readonly week: Uint16Array;
  readonly source: Uint8Array;
  /** Id of the level-1 category. */
  readonly group: Uint16Array;
  /** 1 = sensitive. */
  readonly sensitive: Uint8Array;
  readonly n: Uint32Array;
}

export interface WallInput {
  readonly rows: WallRows;
  readonly parents: CellParents;
  /** Ids of the level-1 divisions, ascending, without 0. */
  readonly divisions: ArrayLike<number>;
  /** Ids are below these. */
  readonly groups: number;
  readonly sources: number;
  /** Index of the last complete week; later weeks are not published at this grade. −1 = there is none. */
  readonly lastWeek: number;
  readonly k: number;
  readonly kSensitive: number;
  /** Finest resolution a sensitive report may be shown at; 5..10. */
  readonly sensitiveResolution: number;
}

/** Columns of WALL_MAP, WALL_TIME and WALL_WEEKS; NONE stands for null. */
export interface MapColumns {
  readonly weeks: Uint8Array;
  readonly group: Uint32Array;
  readonly sensitive: Uint8Array;
  readonly place: Uint8Array;
  readonly division: Uint32Array;
  readonly cell: Uint32Array;
  readonly floor: Uint32Array;
}
export interface TimeColumns {
  readonly week: Uint32Array;
  readonly sensitive: Uint8Array;
  readonly depth: Uint8Array;
  readonly division: Uint32Array;
  readonly source: Uint32Array;
  readonly group: Uint32Array;
  readonly floor: Uint32Array;
}
export interface WeekColumns {
  readonly week: Uint32Array;
  readonly sensitive: Uint8Array;
  readonly place: Uint8Array;
  readonly division: Uint32Array;
  readonly cell: Uint32Array;
  readonly floor: Uint32Array;
}

/** Reports of one window by the place whose atom counts them: what was merged upward, and how far. */
export interface WindowReach {
  readonly weeks: number;
  readonly sensitive: boolean;
  readonly atoms: number;
  readonly reports: number;
  /** Reports by place of their atom: `r8`, `r7`, `r6`, `r5`, `division`, `city`; and `withheld`. Exact: for grade desk only. */
  readonly byPlace: Readonly<Record<PlaceKey, number>>;
}
type PlaceKey = 'r8' | 'r7' | 'r6' | 'r5' | 'division' | 'city' | 'withheld';

export interface WallTables {
  readonly map: MapColumns;
  readonly time: TimeColumns;
  readonly weeks: WeekColumns;
  readonly reach: readonly WindowReach[];
  /** Atoms pulled into a remainder that alone would have been below k. */
  readonly complementary: number;
  /** Atoms that went up a level because some small count was not proven open with them. */
  readonly barred: number;
  /** Slices (a window, or a table and week) of which nothing is published: fewer than k, or not proven open. */
  readonly withheldSlices: number;
  /** Small base counts looked at, all proven open in the end. */
  readonly proven: number;
}

interface Slice {
  readonly kind: 'map' | 'time' | 'weeks';
  /** map: weeks of the window; time and weeks: week. */
  readonly key: number;
  readonly sensitive: number;
  readonly order: TreeOrder;
  readonly counts: Uint32Array;
  readonly k: number;
  /** First atom number: that of node i is base + i. */
  base: number;
  barred: Uint8Array | null;
  withheld: boolean;
  stale: boolean;
  atom: Uint32Array;
  covering: Int32Array;
  complementary: number;
}

/** Windows, then the places of a week, then its time. */
const LAYERS = WALL_WINDOWS.length + 2;
const WEEKS_LAYER = WALL_WINDOWS.length;
const TIME_LAYER = WEEKS_LAYER + 1;
/** After PATIENCE rounds everything that pins an unproven row goes up, after ROUNDS its whole slices go. */
const PATIENCE = 4;
const ROUNDS = 32;

/**
 * The published tables of grade wall. Every window and every week is partitioned by itself; then each small base count must be proven
 * open against all of them together (`unprovenRows`), else the smallest atom that pins it goes up a level, until all are. Sensitive
 * reports have tables of their own with a k of their own. No chance, no clock: equal counts give equal tables whatever the order of rows.
 *
 * Cost: about O(rows × layers). @throws RangeError for ids outside their range, or k < 3
 */
export function wallTables(input: WallInput): WallTables {
  const sides = [0, 1].map((sensitive) => publishSide(input, sensitive));
  const slices = sides.flatMap((side) => side.slices);
  return {
    map: mapColumns(input, sides),
    time: timeColumns(input, slices),
    weeks: weekColumns(input, sides),
    reach: sides.flatMap(({ base, slices: own }) => reachOf(base, own)),
    complementary: slices.reduce((sum, slice) => sum + slice.complementary, 0),
    barred: sides.reduce((sum, side) => sum + side.barred, 0),
    withheldSlices: slices.filter(isWithheld).length,
    proven: sides.reduce((sum, side) => sum + side.proven, 0),
  };
}

interface Side {
  readonly base: BaseRows;
  readonly slices: readonly Slice[];
  readonly barred: number;
  readonly proven: number;
}

function publishSide(input: WallInput, sensitive: number): Side {
  const k = sensitive ? input.kSensitive : input.k;
  const base = canonicalRows(input, sensitive);
  const slices = slicesOf(input, base, { sensitive, k });
  const atoms = slices.all.reduce((sum, slice) => {
    slice.base = sum;
    return sum + slice.counts.length;
  }, 0);
  const atomOf = new Int32Array(base.n.length * LAYERS).fill(-1);
  const slack = new Uint8Array(atoms);
  const system = { layers: LAYERS, atomOf, slack, n: base.n, k, orders: base.orders };
  let barred = 0;
  let open: Uint32Array | null = null; // rows without a proof so far; the last look is at all
  for (let round = 0; ; round++) {
    for (const slice of slices.all) if (slice.stale) settle(slice, slack);
    fillAtoms(base, slices, atomOf);
    let unproven: Uint32Array = unprovenRows(system, open);
    if (unproven.length === 0 && open !== null) unproven = unprovenRows(system);
    if (unproven.length === 0) break;
    barred += bar(unproven, { slices: slices.all, atomOf, slack, round });
    open = unproven;
  }
  let proven = 0;
  for (let i = 0; i < base.n.length; i++) if ((base.n[i] as number) < k) proven++;
  return { base, slices: slices.all, barred, proven };
}

const belowK = ({ atom, k }: Slice): boolean => (atom[0] as number) > 0 && (atom[0] as number) < k;
const isWithheld = (slice: Slice): boolean => slice.withheld || belowK(slice);

/** Base counts of one side, one row a key, sorted by place, week, group, source. */
interface BaseRows {
  readonly tree: PlaceTree;
  readonly coarse: CoarsePlaces;
  /** Nodes: of the place tree, and of the tree of a week. */
  readonly placeLeaf: Uint32Array;
  readonly timeLeaf: Uint32Array;
  readonly week: Uint16Array;
  readonly n: Uint32Array;
  readonly orders: readonly RowOrder[];
}

const MOST_IN_A_ROW = 2 ** 24;

function canonicalRows(input: WallInput, sensitive: number): BaseRows {
  const { rows, groups, sources, parents } = input;
  const picked = pick(input, sensitive);
  const dense = denseDivisions(input);
  const total = picked.length;
  const division = new Uint32Array(total);
  const cell = new Uint32Array(total);
  const finest = sensitive ? Math.min(WALL_RESOLUTION, input.sensitiveResolution) : WALL_RESOLUTION;
  const first = finest < WALL_RESOLUTION ? firstCells(parents, finest) : null;
  for (let r = 0; r < total; r++) {
    const i = picked[r] as number;
    const id = rows.division[i] as number;
    const at = id === NONE ? NONE : (dense.get(id) ?? -1);
    if (at === -1) throw new RangeError(`row ${i}: ${id} is not a division of level 1`);
    division[r] = at;
    const c = rows.cell[i] as number;
    cell[r] = first && c !== NONE ? (first[c] as number) : c;
    if (
      (rows.group[i] as number) >= groups ||
      (rows.source[i] as number) >= sources ||
      (rows.n[i] as number) >= MOST_IN_A_ROW
    )
      throw new RangeError(`row ${i}: group ${rows.group[i]}, source ${rows.source[i]}, n ${rows.n[i]}`);
  }
  const parts = partsOf({ division, cell }, { divisions: dense.size, cells: parents.r7.length });
  const count = parts.cell.length;
  const groupsOf = new Uint8Array(count * groups);
  const starts = new Uint32Array(count + 1);
  for (let r = 0; r < total; r++) {
    const part = parts.of[r] as number;
    starts[part + 1] = (starts[part + 1] as number) + 1;
    groupsOf[part * groups + (rows.group[picked[r] as number] as number)] = 1;
  }
  for (let b = 0; b < count; b++) starts[b + 1] = (starts[b + 1] as number) + (starts[b] as number);
  const packed = new Float64Array(total);
  const next = starts.slice();
  for (let r = 0; r < total; r++) {
    const i = picked[r] as number;
    const part = parts.of[r] as number;
    const key = ((rows.week[i] as number) * groups + (rows.group[i] as number)) * sources + (rows.source[i] as number);
    packed[next[part] as number] = key * MOST_IN_A_ROW + (rows.n[i] as number);
    next[part] = (next[part] as number) + 1;
  }
  const { tree, leaf } = placeTree(parts, parents, { groupsOf, groups, finest });
  const out = {
    run: new Uint32Array(total),
    placeLeaf: new Uint32Array(total),
    timeLeaf: new Uint32Array(total),
    week: new Uint16Array(total),
    n: new Uint32Array(total),
  };
  let length = 0;
  for (let part = 0; part < count; part++) {
    const run = packed.subarray(starts[part], starts[part + 1]).sort();
    const d = parts.division[part] as number;
    let last = -1;
    for (let r = 0; r < run.length; r++) {
      const key = Math.floor((run[r] as number) / MOST_IN_A_ROW);
      const n = (run[r] as number) - key * MOST_IN_A_ROW;
      if (key === last) {
        out.n[length - 1] = (out.n[length - 1] as number) + n;
        continue;
      }
      last = key;
      const source = key % sources;
      const group = Math.floor(key / sources) % groups;
      out.run[length] = part;
      out.placeLeaf[length] = leaf[part * groups + group] as number;
      out.timeLeaf[length] = timeNode(input, { division: d === NONE ? dense.size : d, source, group });
      out.week[length] = Math.floor(key / sources / groups);
      out.n[length++] = n;
    }
  }
  const cut = <T extends Uint16Array | Uint32Array>(values: T): T => values.subarray(0, length) as T;
  const week = cut(out.week);
  return {
    tree,
    coarse: coarsePlaces(tree, WALL_PLAYED_RESOLUTION),
    placeLeaf: cut(out.placeLeaf),
    timeLeaf: cut(out.timeLeaf),
    week,
    n: cut(out.n),
    orders: [{ rows: null, position: null, run: cut(out.run) }, byWeek(week, input.lastWeek + 1)],
  };
}

/** Rows of one side that count: complete weeks, at least one report. */
function pick({ rows, lastWeek }: WallInput, sensitive: number): Uint32Array {
  const picked = new Uint32Array(rows.n.length);
  let length = 0;
  for (let i = 0; i < rows.n.length; i++)
    if (rows.sensitive[i] === sensitive && (rows.week[i] as number) <= lastWeek && (rows.n[i] as number) > 0)
      picked[length++] = i;
  return picked.subarray(0, length);
}

/** Level-1 id → dense number; 0 stays 0, the unlocated come after all. */
function denseDivisions({ divisions }: WallInput): Map<number, number> {
  const dense = new Map([[0, 0]]);
  for (let i = 0; i < divisions.length; i++) dense.set(divisions[i] as number, i + 1);
  return dense;
}

/** Leaf of the tree of a week: division > source > group, full. */
const timeNode = (
  { sources, groups }: WallInput,
  at: { readonly division: number; readonly source: number; readonly group: number },
): number => 1 + at.division * (1 + sources * (1 + groups)) + 1 + at.source * (1 + groups) + 1 + at.group;

/** Rows by week, within a week by place: near rows share the coarse atoms of the map and many of the week's. */
function byWeek(week: Uint16Array, weeks: number): RowOrder {
  const starts = new Uint32Array(weeks + 1);
  for (let i = 0; i < week.length; i++) {
    const w = (week[i] as number) + 1;
    starts[w] = (starts[w] as number) + 1;
  }
  for (let w = 0; w < weeks; w++) starts[w + 1] = (starts[w + 1] as number) + (starts[w] as number);
  const rows = new Uint32Array(week.length);
  const position = new Uint32Array(week.length);
  for (let i = 0; i < week.length; i++) {
    const w = week[i] as number;
    const at = starts[w] as number;
    starts[w] = at + 1;
    rows[at] = i;
    position[i] = at;
  }
  return { rows, position, run: Uint32Array.from(week) };
}

interface Slices {
  readonly all: readonly Slice[];
  /** Per window, and per week; null = no report. */
  readonly map: readonly (Slice | null)[];
  readonly time: readonly (Slice | null)[];
  /** Of the last WALL_PLAYED_WEEKS. */
  readonly weeks: readonly (Slice | null)[];
  readonly lastWeek: number;
}

function slicesOf(input: WallInput, base: BaseRows, of: { readonly sensitive: number; readonly k: number }): Slices {
  const wholeTree = treeOrder(base.tree);
  const week = treeOrder(fullTree([input.divisions.length + 2, input.sources, input.groups]));
  const made = { base: 0, barred: null, withheld: false, stale: true, covering: new Int32Array(0), complementary: 0 };
  const slice = (kind: Slice['kind'], key: number, order: TreeOrder): Slice => ({
    ...made,
    ...of,
    kind,
    key,
    order,
    counts: new Uint32Array(order.tree.parent.length),
    atom: new Uint32Array(0),
  });
  const map: (Slice | null)[] = WALL_WINDOWS.map(() => null);
  const time: (Slice | null)[] = Array.from({ length: input.lastWeek + 1 }, () => null);
  const weeks = [...time];
  const coarse = treeOrder(base.coarse.tree);
  for (let i = 0; i < base.n.length; i++) {
    const n = base.n[i] as number;
    const w = base.week[i] as number;
    const leaf = base.placeLeaf[i] as number;
    for (let m = WALL_WINDOWS.length - 1; m >= 0 && w > input.lastWeek - (WALL_WINDOWS[m] as number); m--) {
      map[m] ??= slice('map', WALL_WINDOWS[m] as number, wholeTree);
      const { counts } = map[m] as Slice;
      counts[leaf] = (counts[leaf] as number) + n;
    }
    time[w] ??= slice('time', w, week);
    const { counts } = time[w] as Slice;
    const node = base.timeLeaf[i] as number;
    counts[node] = (counts[node] as number) + n;
    if (w <= input.lastWeek - WALL_PLAYED_WEEKS) continue;
    weeks[w] ??= slice('weeks', w, coarse);
    const { counts: places } = weeks[w] as Slice;
    const place = base.coarse.nodeOf[leaf] as number;
    places[place] = (places[place] as number) + n;
  }
  const all = [...map, ...time, ...weeks].filter((part) => part !== null);
  return { all, map, time, weeks, lastWeek: input.lastWeek };
}

/** A full tree with so many children at each depth. */
function fullTree(widths: readonly number[]): Tree {
  const parent: number[] = [-1];
  const end: number[] = [0];
  const grow = (up: number, depth: number): void => {
    const width = depth < widths.length ? (widths[depth] as number) : 0; // below the last dimension nothing grows
    for (let child = 0; child < width; child++) {
      const node = parent.length;
      parent.push(up);
      end.push(0);
      grow(node, depth + 1);
      end[node] = parent.length;
    }
  };
  grow(0, 0);
  end[0] = parent.length;
  return { parent: Int32Array.from(parent), end: Int32Array.from(end) };
}

/** Partitions a slice and notes how far each of its atoms can move unseen. */
function settle(slice: Slice, slack: Uint8Array): void {
  const { atom, complementary } = partition(slice.order, slice.counts, { k: slice.k, barred: slice.barred });
  slice.atom = atom;
  slice.complementary = complementary;
  slice.covering = coveringAtoms(slice.order.tree, atom);
  slice.stale = false;
  for (let node = 0; node < atom.length; node++) {
    const n = atom[node] as number;
    if (n > 0) slack[slice.base + node] = slackOf(n, slice.k);
  }
  // Withheld, or fewer than k at the top: it is known that there is at least one report; the highest count stays as open as the rule.
  const top = atom[0] as number;
  if (slice.withheld) slack[slice.base] = top > 1 ? UP | DOWN : UP;
  else if (belowK(slice)) slack[slice.base] = (top > 1 ? DOWN : 0) | (top < slice.k - 1 ? UP : 0);
}

function fillAtoms(base: BaseRows, slices: Slices, atomOf: Int32Array): void {
  for (let i = 0; i < base.n.length; i++) {
    const week = base.week[i] as number;
    const leaf = base.placeLeaf[i] as number;
    const at = i * LAYERS;
    for (let m = WALL_WINDOWS.length - 1; m >= 0 && week > slices.lastWeek - (WALL_WINDOWS[m] as number); m--) {
      const slice = slices.map[m] as Slice;
      atomOf[at + m] = slice.base + (slice.covering[leaf] as number);
    }
    const played = slices.weeks[week];
    if (played)
      atomOf[at + WEEKS_LAYER] = played.base + (played.covering[base.coarse.nodeOf[leaf] as number] as number);
    const slice = slices.time[week] as Slice;
    atomOf[at + TIME_LAYER] = slice.base + (slice.covering[base.timeLeaf[i] as number] as number);
  }
}

/**
 * For each unproven row the smallest atom that pins it goes up a level (the remainder of the top takes another atom in); from round
 * PATIENCE on all that pin it; from round ROUNDS on the slice is withheld whole. Atoms are barred, never freed: it comes to an end.
 */
function bar(
  unproven: Uint32Array,
  state: { slices: readonly Slice[]; atomOf: Int32Array; slack: Uint8Array; round: number },
): number {
  const { slices, atomOf, slack, round } = state;
  const chosen = new Set<number>();
  for (const i of unproven) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = i * LAYERS; at < (i + 1) * LAYERS; at++) {
      const atom = atomOf[at] as number;
      if (atom < 0 || slack[atom] === (UP | DOWN)) continue;
      const slice = ownerOf(slices, atom);
      const node = atom - slice.base;
      if (slice.withheld) continue;
      if (round >= PATIENCE && node > 0) chosen.add(atom);
      // An atom below the top before one at it: the top can only be withheld whole.
      const weight = (slice.atom[node] as number) + (node === 0 ? 2 ** 32 : 0);
      if (weight < least) {
        least = weight;
        best = atom;
      }
    }
    if (best < 0) throw new Error('a row is pinned by atoms that are withheld already'); // its slack would be free
    chosen.add(best);
  }
  for (const atom of chosen) {
    const slice = ownerOf(slices, atom);
    slice.stale = true;
    slice.barred ??= new Uint8Array(slice.counts.length);
    const { tree } = slice.order;
    if (atom > slice.base && round < ROUNDS) slice.barred[atom - slice.base] = 1;
    else {
      // The remainder of the top grows by the smallest atom below it; when there is none, nothing of the slice can be told.
      const smallest = round < ROUNDS ? smallestAtom(slice.atom, tree.end, 0) : -1;
      slice.withheld = smallest < 0;
      if (slice.withheld) slice.barred.fill(1);
      for (let node = smallest; node > 0; node = tree.parent[node] as number) slice.barred[node] = 1;
    }
  }
  return chosen.size;
}

function ownerOf(slices: readonly Slice[], atom: number): Slice {
  let low = 0;
  let high = slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((slices[middle] as Slice).base <= atom) low = middle;
    else high = middle - 1;
  }
  return slices[low] as Slice;
}

const published = (slice: Slice, node: number): number => {
  const n = slice.atom[node] as number;
  return slice.withheld || n < slice.k ? NONE : floorTo(n, slice.k);
};

const atomsOf = (slices: readonly Slice[]): number =>
  slices.reduce((sum, slice) => sum + slice.atom.reduce((n, value) => n + (value > 0 ? 1 : 0), 0), 0);

function mapColumns(input: WallInput, sides: readonly Side[]): MapColumns {
  const ids = [0, ...Array.from(input.divisions), NONE];
  const size = sides.reduce((sum, side) => sum + atomsOf(side.slices.filter((slice) => slice.kind === 'map')), 0);
  const out = {
    weeks: new Uint8Array(size),
    group: new Uint32Array(size),
    sensitive: new Uint8Array(size),
    place: new Uint8Array(size),
    division: new Uint32Array(size),
    cell: new Uint32Array(size),
    floor: new Uint32Array(size),
  };
  let at = 0;
  for (const { base, slices } of sides) {
    for (const slice of slices) {
      if (slice.kind !== 'map') continue;
      for (let node = 0; node < slice.atom.length; node++) {
        if (slice.atom[node] === 0) continue;
        const dense = base.tree.division[node] as number;
        out.weeks[at] = slice.key;
        out.group[at] = base.tree.group[node] as number;
        out.sensitive[at] = slice.sensitive;
        out.place[at] = base.tree.place[node] as number;
        out.division[at] = dense === NONE ? NONE : (ids[dense] as number);
        out.cell[at] = base.tree.cell[node] as number;
        out.floor[at++] = published(slice, node);
      }
    }
  }
  return out;
}

function timeColumns(input: WallInput, slices: readonly Slice[]): TimeColumns {
  const ids = [0, ...Array.from(input.divisions), NONE];
  const weeks = slices.filter((slice) => slice.kind === 'time');
  // A week of fewer than k reports has no row: with a row it would be known to hold one at least, and k − 1 such weeks under a window of
  // fewer than k would each hold exactly one.
  let size = 0;
  for (const slice of weeks)
    for (let node = 0; node < slice.atom.length; node++)
      if (slice.atom[node] !== 0 && published(slice, node) !== NONE) size++;
  const out = {
    week: new Uint32Array(size),
    sensitive: new Uint8Array(size),
    depth: new Uint8Array(size),
    division: new Uint32Array(size).fill(NONE),
    source: new Uint32Array(size).fill(NONE),
    group: new Uint32Array(size).fill(NONE),
    floor: new Uint32Array(size),
  };
  const perSource = 1 + input.groups;
  const perDivision = 1 + input.sources * perSource;
  let at = 0;
  for (const slice of weeks) {
    for (let node = 0; node < slice.atom.length; node++) {
      if (slice.atom[node] === 0 || published(slice, node) === NONE) continue;
      out.week[at] = slice.key;
      out.sensitive[at] = slice.sensitive;
      out.floor[at] = published(slice, node);
      if (node > 0) {
        const inDivision = (node - 1) % perDivision;
        const inSource = inDivision === 0 ? 0 : (inDivision - 1) % perSource;
        out.depth[at] = inDivision === 0 ? 1 : inSource === 0 ? 2 : 3;
        out.division[at] = ids[Math.floor((node - 1) / perDivision)] as number;
        if (inDivision > 0) out.source[at] = Math.floor((inDivision - 1) / perSource);
        if (inSource > 0) out.group[at] = inSource - 1;
      }
      at++;
    }
  }
  return out;
}

/** As in the time table, a week of fewer than k reports has no row. */
function weekColumns(input: WallInput, sides: readonly Side[]): WeekColumns {
  const ids = [0, ...Array.from(input.divisions), NONE];
  const shown = sides.flatMap(({ base, slices }) =>
    slices
      .filter((slice) => slice.kind === 'weeks' && !isWithheld(slice))
      .flatMap((slice) =>
        Array.from(slice.atom, (n, node) => ({ slice, node, n, tree: base.coarse.tree })).filter(({ n }) => n > 0),
      ),
  );
  return {
    week: Uint32Array.from(shown, ({ slice }) => slice.key),
    sensitive: Uint8Array.from(shown, ({ slice }) => slice.sensitive),
    place: Uint8Array.from(shown, ({ tree, node }) => tree.place[node] as number),
    division: Uint32Array.from(shown, ({ tree, node }) => {
      const dense = tree.division[node] as number;
      return dense === NONE ? NONE : (ids[dense] as number);
    }),
    cell: Uint32Array.from(shown, ({ tree, node }) => tree.cell[node] as number),
    floor: Uint32Array.from(shown, ({ slice, node }) => published(slice, node)),
  };
}

const PLACE_KEYS: Readonly<Record<number, PlaceKey>> = {
  [WALL_PLACE.city]: 'city',
  [WALL_PLACE.division]: 'division',
  [WALL_PLACE.divisionOnly]: 'division',
  5: 'r5',
  6: 'r6',
  7: 'r7',
  8: 'r8',
};

function reachOf(base: BaseRows, slices: readonly Slice[]): WindowReach[] {
  return slices
    .filter((slice) => slice.kind === 'map')
    .map((slice) => {
      const byPlace: Record<PlaceKey, number> = { r8: 0, r7: 0, r6: 0, r5: 0, division: 0, city: 0, withheld: 0 };
      let atoms = 0;
      let reports = 0;
      for (let node = 0; node < slice.atom.length; node++) {
        const n = slice.atom[node] as number;
        if (n === 0) continue;
        atoms++;
        reports += n;
        const key =
          published(slice, node) === NONE ? 'withheld' : (PLACE_KEYS[base.tree.place[node] as number] as PlaceKey);
        byPlace[key] += n;
      }
      return { weeks: slice.key, sensitive: slice.sensitive === 1, atoms, reports, byPlace };
    });
}
