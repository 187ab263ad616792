import { cellArea, cellToBoundary, cellToLatLng, getResolution, gridDisk, isValidCell } from 'h3-js';
import type { Area, AreaOp, AreaPart, Shape } from '../../../core/geo/area/area.ts';
import { crossesItself } from '../../../core/geo/area/crossings.ts';
import { type DrawnShape, type InsideTest, insideTest } from '../../../core/geo/area/inside.ts';
import { type ShapeProblem, shapeProblem } from '../../../core/geo/area/shape-problem.ts';
import { crossesAntimeridian } from '../../../core/geo/area/unwrap.ts';
import type { Bounds } from '../../../core/geo/polygon.ts';
import {
  type CellTree,
  cellTree,
  partRanges,
  rowHolding,
  type WholeRange,
  wholeRanges,
} from '../../../core/grid/cell-tree.ts';
import {
  cellsIn,
  combinedRanges,
  DIFFERENCE,
  type IdRange,
  INTERSECTION,
  type RangeRule,
  rangesOfIds,
  UNION,
} from '../../../core/grid/id-range.ts';

/** The grid of a snapshot as an area sees it. Centres come when a shape is near, and stay. */
export interface AreaGrid {
  readonly h3: BigUint64Array;
  /** Deepest division of each cell's centre. */
  readonly division: Uint32Array;
  readonly tree: CellTree;
  readonly blocks: readonly Block[];
}

/** Neighbouring ids: the finest cells of one coarser cell. */
interface Block extends IdRange {
  readonly bounds: Bounds;
  /** Area of one of its cells: they differ by less than one in a thousand. */
  readonly cellKm2: number;
  /** lng, lat, …; null until a shape is near. */
  centres: Float64Array | null;
}

/** Why a part selects nothing; closed. */
export type PartProblem = ShapeProblem | 'outside' | 'no-centre' | 'unknown-division' | 'bad-cell';
/** What a reader should know of a part that does select. */
export type PartNote = 'crosses-itself' | 'antimeridian';

export interface PartFound {
  readonly cells: number;
  readonly problem: PartProblem | null;
  readonly notes: readonly PartNote[];
}

export interface AreaFound {
  /** Ascending, disjoint: the filter. */
  readonly ranges: readonly WholeRange[];
  /** Coarser cells that lie in it in part, by resolution: incidents known no better than to one of them are not counted. */
  readonly inPart: readonly WholeRange[];
  readonly cells: number;
  /** Of the chosen cells together, not of the shapes. */
  readonly km2: number;
  readonly parts: readonly PartFound[];
}

/** What a shape of a division is in this snapshot; null = it has none of that code. */
export type DivisionRange = (code: string) => IdRange | null;

const BLOCK_STEP = 3;

export function areaGrid(options: {
  readonly h3: BigUint64Array;
  readonly division: Uint32Array;
  readonly finest: number;
  readonly coarsest: number;
}): AreaGrid {
  const { h3, division, finest, coarsest } = options;
  const tree = cellTree(h3, finest, coarsest);
  const starts = tree.starts(Math.max(coarsest, finest - BLOCK_STEP));
  const blocks: Block[] = [];
  for (let row = 0; row + 1 < starts.length; row++) {
    const [id, end] = [starts[row] as number, starts[row + 1] as number];
    if (id < end) blocks.push(blockOf(h3, { id, end }, finest, Math.max(coarsest, finest - BLOCK_STEP)));
  }
  return { h3, division, tree, blocks };
}

/** Two words of an index, as h3-js takes them without making text. */
const split = (index: bigint): [number, number] => [Number(index & 0xffffffffn), Number(index >> 32n)];

function blockOf(h3: BigUint64Array, { id, end }: IdRange, finest: number, resolution: number): Block {
  const index = h3[id] as bigint;
  const parent = ancestor(index, finest, resolution);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const [lat0, lng0] = cellToLatLng(split(parent));
  for (const [lat, lng] of cellToBoundary(split(parent))) {
    const x = lng - Math.round((lng - lng0) / 360) * 360;
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  // Descendants overhang the outline of their ancestor by less than a fifth of its reach.
  const [padLng, padLat] = [0.3 * (east - west), 0.3 * (north - south)];
  const middle = split(h3[(id + end) >> 1] ?? index);
  return {
    id,
    end,
    bounds: [Math.min(west, lng0) - padLng, Math.min(south, lat0) - padLat, east + padLng, north + padLat],
    cellKm2: cellArea(middle, 'km2'),
    centres: null,
  };
}

/** The cell of a coarser resolution that holds this one by index: its resolution is written anew, the digits below it are 7. */
function ancestor(index: bigint, from: number, to: number): bigint {
  const withResolution = (index & ~(0xfn << 52n)) | (BigInt(to) << 52n);
  return withResolution | (((1n << BigInt(3 * (from - to))) - 1n) << BigInt(3 * (15 - from)));
}

function centresOf(block: Block, h3: BigUint64Array): Float64Array {
  if (block.centres) return block.centres;
  const centres = new Float64Array(2 * (block.end - block.id));
  for (let id = block.id; id < block.end; id++) {
    const [lat, lng] = cellToLatLng(split(h3[id] as bigint));
    centres[2 * (id - block.id)] = lng;
    centres[2 * (id - block.id) + 1] = lat;
  }
  block.centres = centres;
  return centres;
}

/**
 * The finest cells whose centre lies inside. A division takes the cells whose centre lies in it, as the grid says; a cell and its disk take the
 * finest cells below them by index, as the map draws them.
 */
export function cellsInArea(area: Area, grid: AreaGrid, divisionRange: DivisionRange): AreaFound {
  let ranges: readonly IdRange[] = [];
  const parts: PartFound[] = [];
  for (const { op, shape } of area.parts) {
    const found = partCells(shape, grid, divisionRange);
    parts.push({ cells: cellsIn(found.ranges), problem: found.problem, notes: found.problem ? [] : notesOf(shape) });
    ranges = combinedRanges(ranges, found.ranges, RULES[op]);
  }
  const whole = wholeRanges(ranges, grid.tree);
  return {
    ranges: whole,
    inPart: partRanges(whole, grid.tree),
    cells: cellsIn(ranges),
    km2: areaOf(ranges, grid),
    parts,
  };
}

const RULES: Readonly<Record<AreaOp, RangeRule>> = { union: UNION, intersection: INTERSECTION, difference: DIFFERENCE };

interface PartCells {
  readonly ranges: readonly IdRange[];
  readonly problem: PartProblem | null;
}
const failed = (problem: PartProblem): PartCells => ({ ranges: [], problem });

function partCells(shape: AreaPart['shape'], grid: AreaGrid, divisionRange: DivisionRange): PartCells {
  const problem = shapeProblem(shape);
  if (problem) return failed(problem);
  if (shape.kind === 'division') {
    const range = divisionRange(shape.code);
    return range ? found(divisionIds(range, grid)) : failed('unknown-division');
  }
  if (shape.kind === 'disk') return diskCells(shape, grid);
  return drawnCells(shape, grid);
}

const found = (ids: Iterable<number>): PartCells => {
  const ranges = rangesOfIds(ids);
  return { ranges, problem: ranges.length === 0 ? 'no-centre' : null };
};

function* divisionIds({ id, end }: IdRange, { division }: AreaGrid): Generator<number> {
  for (let cell = 0; cell < division.length; cell++) {
    const at = division[cell] as number;
    if (at >= id && at < end) yield cell;
  }
}

function drawnCells(shape: DrawnShape, { blocks, h3 }: AreaGrid): PartCells {
  const inside: InsideTest = insideTest(shape);
  const ids: number[] = [];
  let near = false;
  for (const block of blocks) {
    const test = inside(block.bounds);
    if (!test) continue;
    near = true;
    const centres = centresOf(block, h3);
    for (let i = 0; i < centres.length; i += 2) {
      if (test(centres[i] as number, centres[i + 1] as number)) ids.push(block.id + i / 2);
    }
  }
  return near ? found(ids) : failed('outside');
}

function diskCells({ cell, k }: Extract<Shape, { kind: 'disk' }>, { h3, tree }: AreaGrid): PartCells {
  if (!isValidCell(cell)) return failed('bad-cell');
  const resolution = getResolution(cell);
  if (resolution > tree.finest) return failed('bad-cell');
  const spans = gridDisk(cell, k)
    .map((member) => descendants(BigInt(`0x${member}`), resolution, tree.finest))
    .map(({ low, high }) => ({ id: lowerBound(h3, low), end: lowerBound(h3, high + 1n) }))
    .filter(({ id, end }) => id < end)
    .sort((a, b) => a.id - b.id);
  let ranges: readonly IdRange[] = [];
  for (const span of spans) {
    const last = ranges.at(-1);
    ranges = last?.end === span.id ? [...ranges.slice(0, -1), { id: last.id, end: span.end }] : [...ranges, span];
  }
  return ranges.length > 0 ? { ranges, problem: null } : failed('outside');
}

/** Least and greatest index a cell can have below it at the finest resolution. */
function descendants(index: bigint, from: number, finest: number): { readonly low: bigint; readonly high: bigint } {
  const width = BigInt(3 * (finest - from));
  const place = BigInt(3 * (15 - finest));
  const base = ((index & ~(0xfn << 52n)) | (BigInt(finest) << 52n)) & ~(((1n << width) - 1n) << place);
  let sixes = 0n;
  for (let r = from; r < finest; r++) sixes = (sixes << 3n) | 6n;
  return { low: base, high: base | (sixes << place) };
}

function lowerBound(sorted: BigUint64Array, wanted: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as bigint) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function notesOf(shape: Shape): readonly PartNote[] {
  const notes: PartNote[] = [];
  if (shape.kind === 'polygon' && shape.rings.some(crossesItself)) notes.push('crosses-itself');
  const lines = shape.kind === 'polygon' ? shape.rings : shape.kind === 'line' ? [shape.points] : [];
  const crossing =
    lines.some((points) => crossesAntimeridian(points)) || (shape.kind === 'box' && shape.west > shape.east);
  return crossing ? [...notes, 'antimeridian'] : notes;
}

function areaOf(ranges: readonly IdRange[], { blocks }: AreaGrid): number {
  const starts = Uint32Array.from([...blocks.map(({ id }) => id), blocks.at(-1)?.end ?? 0]);
  let km2 = 0;
  for (const range of ranges) {
    for (let id = range.id; id < range.end; ) {
      const block = blocks[rowHolding(starts, id)] as Block;
      const end = Math.min(range.end, block.end);
      km2 += (end - id) * block.cellKm2;
      id = end;
    }
  }
  return km2;
}
