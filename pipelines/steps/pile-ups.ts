import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Feed, hasCoordinates } from '../../core/contract/profile.ts';
import { pointHash } from '../../core/geo/datum-sample.ts';
import { type DivisionCentre, type PileUp, pileUps } from '../../core/geo/pile-up.ts';
import { decimalsOf, mergePointCounts, type PointCounts, pointCounter } from '../../core/geo/point-counter.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';
import type { Division, DivisionSet } from './divisions.ts';
import { feedConverter } from './feed-crs.ts';
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
  const counts = units.map((unit) => {
    // No feed's key holds a dot: the files of `a` are not taken for those of `a-b`.
    const name = `${feed.id}.${unit.id}-${unit.signature.slice(0, 24)}.json`;
    kept.add(name);
    const path = join(folder, name);
    const known = readCheckedJson(path) as Kept | undefined;
    if (known?.name === name) return known.counts;
    const made = countUnit(unit, inputs);
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
function countUnit(unit: Unit, inputs: readonly UnitInput[]): PointCounts {
  let slots = 1 << 12;
  while (slots < unit.rows * 4 && slots < 1 << 24) slots *= 2;
  const seen = new Uint16Array(slots);
  eachRow(unit, inputs, (x, y) => {
    const slot = pointHash(x, y, 0) & (slots - 1);
    if ((seen[slot] as number) < 65_535) seen[slot] = (seen[slot] as number) + 1;
  });
  const counter = pointCounter(Math.max(16, Math.min(unit.rows, MOST_POINTS)));
  const categories = new Float64Array(1 << 16);
  const decimals = new Float64Array(16);
  let light = 0;
  eachRow(unit, inputs, (x, y, place, own, category, day) => {
    if ((seen[pointHash(x, y, 0) & (slots - 1)] as number) >= KEPT_FROM_ROWS) {
      counter.add(x, y, place, own, category, day);
      return;
    }
    light++;
    categories[category] = (categories[category] as number) + 1;
    const written = Math.max(decimalsOf(x), decimalsOf(y));
    decimals[written] = (decimals[written] as number) + 1;
  });
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

type Visit = (x: number, y: number, place: number, own: number, category: number, day: number) => void;

/** Rows of a unit that stand and have coordinates, in the order of the inputs. */
function eachRow(unit: Unit, inputs: readonly UnitInput[], visit: Visit): void {
  for (const { summary, rows, lost } of inputs) {
    if (!(String(unit.id) in summary.units)) continue;
    let next = 0;
    let offset = 0;
    rows.segments.forEach((count, segment) => {
      const status = rows.column(segment, 'status');
      const source = rows.column(segment, 'source');
      const day = rows.column(segment, 'day');
      const x = rows.column(segment, 'x');
      const y = rows.column(segment, 'y');
      const place = rows.column(segment, 'place_hash');
      const own = rows.column(segment, 'own');
      const category = rows.column(segment, 'category');
      for (let i = 0; i < count; i++) {
        while ((lost.position[next] as number) < offset + i) next++;
        if (status[i] !== 0 || lost.position[next] === offset + i) continue;
        if (unitOf(source[i] as number, monthOfDay(day[i] as number)) !== unit.id) continue;
        const lng = x[i] as number;
        const lat = y[i] as number;
        // 0/0 is no coordinate at all, and has a reason of its own.
        if (Number.isNaN(lng) || (lng === 0 && lat === 0)) continue;
        visit(lng, lat, place[i] as number, own[i] as number, category[i] as number, day[i] as number);
      }
      offset += count;
    });
  }
}
