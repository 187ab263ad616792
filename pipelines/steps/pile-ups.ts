import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Feed, hasCoordinates } from '../../core/contract/profile.ts';
import { pointHash } from '../../core/geo/datum-sample.ts';
import { type DivisionCentre, type PileUp, pileUps } from '../../core/geo/pile-up.ts';
import { decimalsOf, mergePointCounts, type PointCounts, pointCounter } from '../../core/geo/point-counter.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';
import type { Division, DivisionSet } from './divisions.ts';
import { feedConverter } from './feed-crs.ts';
import type { PartColumns } from './incident-columns.ts';
import { monthOfDay, unitOf } from './part.ts';
import { planUnits, type Unit, type UnitInput } from './units.ts';

/** Points with fewer rows in a month are not kept. */
const KEPT_FROM_ROWS = 8;
const MOST_POINTS = 1_000_000;

/**
 * Coordinates that many rows of a feed share: an address with a chronic problem, or the point a geocoder gives when it knows nothing?
 * Counted unit by unit over the rows that stand, so that the answer does not depend on files or their order. Counts of units that
 * did not change are kept in the store.
 */
export function feedPileUps(
  store: string,
  feed: Feed,
  inputs: readonly UnitInput[],
  basis: string,
  context: {
    readonly set: DivisionSet;
    readonly centres: readonly DivisionCentre[];
    readonly divisionAt: (lng: number, lat: number) => number | null;
    readonly minRows: number;
  },
): PileUp[] {
  if (!hasCoordinates(feed)) return [];
  const folder = join(store, 'points');
  mkdirSync(folder, { recursive: true });
  const units = planUnits(inputs, basis);
  const kept = new Set<string>();
  const rowsOf = rowsByUnit(inputs);
  const counts = units.map((unit) => {
    // No feed's key holds a dot: the files of `a` are not taken for those of `a-b`.
    const name = `${feed.id}.${unit.id}-${unit.signature.slice(0, 24)}.json`;
    kept.add(name);
    const path = join(folder, name);
    const known = readCheckedJson(path) as Kept | undefined;
    if (known?.name === name) return known.counts;
    const made = countUnit(unit, rowsOf(unit));
    writeCheckedJson(path, { name, counts: made } satisfies Kept);
    return made;
  });
  for (const name of readdirSync(folder))
    if (name.startsWith(`${feed.id}.`) && !kept.has(name)) rmSync(join(folder, name), { force: true });
  return pileUps(mergePointCounts(counts), {
    read: feedConverter(feed),
    divisionAt: context.divisionAt,
    parentOf: context.set.divisions.map((division: Division) => division.parent),
    centres: context.centres,
    minRows: context.minRows,
  });
}

/** Says which counts it holds: a file under another's name is not believed. */
interface Kept {
  readonly name: string;
  readonly counts: PointCounts;
}

/**
 * Most coordinates stand alone: a first pass counts rows per hash of the coordinate, and only rows of a hash with enough of them go
 * through the exact counter. The others are no pile-up; they only add to the mix of categories and decimals that a point is compared with.
 */
function countUnit(unit: Unit, rows: UnitRows): PointCounts {
  let slots = 1 << 12;
  while (slots < unit.rows * 4 && slots < 1 << 24) slots *= 2;
  const seen = new Uint16Array(slots);
  const { count, x, y, place, own, category, day } = rows;
  const slotOf = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const slot = pointHash(x[i] as number, y[i] as number, 0) & (slots - 1);
    slotOf[i] = slot;
    if ((seen[slot] as number) < 65_535) seen[slot] = (seen[slot] as number) + 1;
  }
  const counter = pointCounter(Math.max(16, Math.min(unit.rows, MOST_POINTS)));
  const categories = new Float64Array(1 << 16);
  const decimals = new Float64Array(16);
  let light = 0;
  for (let i = 0; i < count; i++) {
    const lng = x[i] as number;
    const lat = y[i] as number;
    const kind = category[i] as number;
    if ((seen[slotOf[i] as number] as number) >= KEPT_FROM_ROWS) {
      counter.add(lng, lat, place[i] as number, own[i] as number, kind, day[i] as number);
      continue;
    }
    light++;
    categories[kind] = (categories[kind] as number) + 1;
    const written = Math.max(decimalsOf(lng), decimalsOf(lat));
    decimals[written] = (decimals[written] as number) + 1;
  }
  const pairs = (counts: Float64Array): [number, number][] => {
    const list: [number, number][] = [];
    for (let value = 0; value < counts.length; value++)
      if ((counts[value] as number) > 0) list.push([value, counts[value] as number]);
    return list;
  };
  const rest: PointCounts = {
    rows: light,
    points: light,
    droppedPoints: 0,
    categories: pairs(categories),
    decimals: pairs(decimals),
    summaries: [],
  };
  return mergePointCounts([counter.summary(KEPT_FROM_ROWS), rest]);
}

const COUNTED = ['x', 'y', 'place_hash', 'own', 'category', 'day'] as const;
type Columns = Pick<PartColumns, (typeof COUNTED)[number]>;

interface UnitRows {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly place: Uint32Array;
  readonly own: Uint32Array;
  readonly category: Uint16Array;
  readonly day: Uint16Array;
}

/** A segment's rows that stand and have coordinates, by unit: their numbers. */
interface Segment {
  readonly columns: Columns;
  readonly rowsOf: ReadonlyMap<number, Uint32Array>;
}

/** Segments of files are looked at by every unit that has rows in them: those asked for last are kept, about 50 bytes a row. */
const KEPT_ROWS = 2_000_000;

/** @returns function giving the rows of a unit that stand and have coordinates, in the order of the inputs */
function rowsByUnit(inputs: readonly UnitInput[]): (unit: Unit) => UnitRows {
  // By position: two inputs of the same bytes are one part, but only one of them has rows that stand.
  const kept = new Map<string, Segment>();
  let keptRows = 0;
  const segmentOf = (position: number, segment: number, offset: number): Segment => {
    const name = `${position}.${segment}`;
    const made = kept.get(name) ?? readSegment(inputs[position] as UnitInput, segment, offset);
    if (!kept.delete(name)) keptRows += made.columns.x.length;
    kept.set(name, made); // the last to be dropped
    for (const [oldest, { columns }] of kept) {
      if (keptRows <= KEPT_ROWS || oldest === name) break;
      kept.delete(oldest);
      keptRows -= columns.x.length;
    }
    return made;
  };
  return (unit) => {
    const found: { columns: Columns; rows: Uint32Array }[] = [];
    inputs.forEach(({ summary, rows: part }, position) => {
      if (!(String(unit.id) in summary.units)) return;
      let offset = 0;
      part.segments.forEach((length, segment) => {
        const { columns, rowsOf } = segmentOf(position, segment, offset);
        const rows = rowsOf.get(unit.id);
        if (rows) found.push({ columns, rows });
        offset += length;
      });
    });
    return gathered(found);
  };
}

function readSegment({ rows, lost }: UnitInput, segment: number, offset: number): Segment {
  const columns = Object.fromEntries(COUNTED.map((name) => [name, rows.column(segment, name)])) as unknown as Columns;
  const status = rows.column(segment, 'status');
  const source = rows.column(segment, 'source');
  const { x, y, day } = columns;
  const length = rows.segments[segment] as number;
  /** Units in the order in which they are met; per row the position of its unit, -1 for a row that does not count. */
  const units: number[] = [];
  const counts: number[] = [];
  const unitOfRow = new Int32Array(length).fill(-1);
  let at = 0;
  let next = 0;
  while ((lost.position[next] as number) < offset) next++;
  for (let i = 0; i < length; i++) {
    while ((lost.position[next] as number) < offset + i) next++;
    if (status[i] !== 0 || lost.position[next] === offset + i) continue;
    const lng = x[i] as number;
    // 0/0 is no coordinate at all, and has a reason of its own.
    if (Number.isNaN(lng) || (lng === 0 && y[i] === 0)) continue;
    const unit = unitOf(source[i] as number, monthOfDay(day[i] as number));
    if (units[at] !== unit) {
      at = units.indexOf(unit);
      if (at < 0) {
        at = units.push(unit) - 1;
        counts.push(0);
      }
    }
    unitOfRow[i] = at;
    counts[at] = (counts[at] as number) + 1;
  }
  const lists = counts.map((count) => new Uint32Array(count));
  const filled = new Uint32Array(units.length);
  for (let i = 0; i < length; i++) {
    const of = unitOfRow[i] as number;
    if (of < 0) continue;
    (lists[of] as Uint32Array)[filled[of] as number] = i;
    filled[of] = (filled[of] as number) + 1;
  }
  return { columns, rowsOf: new Map(units.map((unit, u) => [unit, lists[u] as Uint32Array])) };
}

function gathered(found: readonly { columns: Columns; rows: Uint32Array }[]): UnitRows {
  const count = found.reduce((sum, { rows }) => sum + rows.length, 0);
  const all = {
    count,
    x: new Float64Array(count),
    y: new Float64Array(count),
    place: new Uint32Array(count),
    own: new Uint32Array(count),
    category: new Uint16Array(count),
    day: new Uint16Array(count),
  };
  let at = 0;
  for (const { columns, rows } of found) {
    for (let i = 0; i < rows.length; i++, at++) {
      const row = rows[i] as number;
      all.x[at] = columns.x[row] as number;
      all.y[at] = columns.y[row] as number;
      all.place[at] = columns.place_hash[row] as number;
      all.own[at] = columns.own[row] as number;
      all.category[at] = columns.category[row] as number;
      all.day[at] = columns.day[row] as number;
    }
  }
  return all;
}
