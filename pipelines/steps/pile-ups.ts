import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Feed, hasCoordinates } from '../../core/contract/profile.ts';
import { divisionCentres, type PileUp, pileUps } from '../../core/geo/pile-up.ts';
import { mergePointCounts, type PointCounts, pointCounter } from '../../core/geo/point-counter.ts';
import { writeAtomic } from '../io/atomic.ts';
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
    const name = `${feed.id}-${unit.id}-${unit.signature.slice(0, 24)}.json`;
    kept.add(name);
    const path = join(folder, name);
    const known = existsSync(path) ? readCounts(path) : null;
    if (known) return known;
    const made = countUnit(unit, inputs);
    writeAtomic(path, JSON.stringify(made));
    return made;
  });
  for (const name of readdirSync(folder))
    if (name.startsWith(`${feed.id}-`) && !kept.has(name)) rmSync(join(folder, name), { force: true });
  return pileUps(mergePointCounts(counts), {
    read: feedConverter(feed),
    divisionAt: context.divisionAt,
    parentOf: context.set.divisions.map((division: Division) => division.parent),
    centres: divisionCentres(context.set.divisions),
    minRows: context.minRows,
  });
}

function readCounts(path: string): PointCounts | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PointCounts;
  } catch {
    return null; // a damaged count is made again
  }
}

function countUnit(unit: Unit, inputs: readonly UnitInput[]): PointCounts {
  const counter = pointCounter(Math.max(16, Math.min(unit.rows, MOST_POINTS)));
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
        counter.add(lng, lat, place[i] as number, own[i] as number, category[i] as number, day[i] as number);
      }
      offset += count;
    });
  }
  return counter.summary(KEPT_FROM_ROWS);
}
