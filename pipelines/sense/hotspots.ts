import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { ALL_CATEGORIES, HOTSPOTS } from '../../core/contract/sense.ts';
import { COMPLETE, KNOWN } from '../../core/sense/delivery.ts';
import type { HotspotInput, HotspotResult } from '../../core/sense/hotspot-maps.ts';
import type { NeighbourLists } from '../../core/stats/neighbours.ts';
import { arrowBytes } from '../io/arrow.ts';
import type { PlanCounts } from './counts.ts';
import type { SenseFrame } from './sense-frame.ts';
import type { SeriesSide, Table } from './series.ts';
import { nullable } from './series.ts';

/** Cells of one resolution with their neighbours, and the way of a resolution-8 row to them. */
export interface SenseGrid {
  readonly resolution: 7 | 8;
  readonly cells: readonly string[];
  readonly neighbours: NeighbourLists;
  /** Row of this resolution of each row of `grid/r8.arrow`. */
  readonly fromR8: Uint32Array;
  /** Persons by cell; null = not known. */
  readonly exposure: Float64Array | null;
}

/** Complete weeks of each window, newest last. */
export const WINDOWS = [
  { key: 'weeks-4', weeks: 4, name: { zh: '近 4 周', en: 'last 4 weeks' } },
  { key: 'weeks-12', weeks: 12, name: { zh: '近 12 周', en: 'last 12 weeks' } },
] as const;
export const BASELINE_WEEKS = 52;
export const EMERGING_WEEKS = 26;
/** Weeks before the settled end that any map looks at. */
export const MAP_WEEKS = BASELINE_WEEKS + 12;

/** One category's map. Category 65535 = all. */
export interface HotspotMap {
  readonly category: number;
  readonly input: HotspotInput;
}

/** A map for all categories together and for each group that has had a report in the weeks looked at. */
export function hotspotInputs(
  counts: PlanCounts,
  categories: readonly CategoryEntry[],
  frame: SenseFrame,
  grid: SenseGrid,
  weekly: SeriesSide,
): HotspotMap[] {
  const first = Math.max(0, frame.settledEnd - MAP_WEEKS);
  const weeks = frame.settledEnd - first;
  const group = counts.column('group');
  const r8 = counts.column('r8');
  const week = counts.column('week');
  const rowsOf = new Map<number, number[]>([[ALL_CATEGORIES, []]]);
  for (const category of categories) if (category.level === 1) rowsOf.set(category.id, []);
  for (let i = 0; i < counts.length; i++) {
    const w = (week[i] as number) - frame.firstWeek - first;
    if (w < 0 || w >= weeks) continue;
    rowsOf.get(ALL_CATEGORIES)?.push(i);
    rowsOf.get(group[i] as number)?.push(i);
  }
  const at = (w: number): number => Math.max(0, weeks - w);
  return [...rowsOf].map(([category, rows]) => {
    const position = weekly.counts.tree.categories.indexOf(category);
    const spec = { division: 0, category: position };
    const known = weekly.knowledge.known(spec);
    return {
      category,
      input: {
        cells: grid.cells.length,
        weeks,
        neighbours: grid.neighbours,
        cell: Uint32Array.from(rows, (i) => grid.fromR8[r8[i] as number] as number),
        week: Uint16Array.from(rows, (i) => (week[i] as number) - frame.firstWeek - first),
        n: Uint32Array.from(rows, (i) => counts.n[i] as number),
        delivered: Uint8Array.from({ length: weeks }, (_, w) => (known[first + w] === KNOWN.whole ? 1 : 0)),
        completeness: weekly.knowledge
          .completeness(position)
          .slice(first, frame.settledEnd)
          .map((share) => share || COMPLETE),
        windows: WINDOWS.map((window) => ({ first: at(window.weeks), end: weeks })),
        emerging: { first: at(EMERGING_WEEKS), end: weeks },
        baselineWeeks: BASELINE_WEEKS,
        exposure: grid.exposure,
      },
    };
  });
}

/** Rows of all maps: by category, then window, variant and cell. */
export function hotspotTable(maps: readonly HotspotMap[], results: readonly HotspotResult[]): Table {
  const length = results.reduce((n, { rows }) => n + rows.cell.length, 0);
  const joined = <T extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(
    into: T,
    of: (result: HotspotResult, i: number) => ArrayLike<number>,
  ): T => {
    let at = 0;
    results.forEach((result, i) => {
      const values = of(result, i);
      into.set(values, at);
      at += values.length;
    });
    return into;
  };
  return {
    rows: length,
    bytes: arrowBytes(HOTSPOTS, length, {
      cell: { values: joined(new Uint32Array(length), ({ rows }) => rows.cell) },
      category: {
        values: joined(new Uint16Array(length), ({ rows }, i) =>
          new Uint16Array(rows.cell.length).fill((maps[i] as HotspotMap).category),
        ),
      },
      window: { values: joined(new Uint8Array(length), ({ rows }) => rows.window) },
      variant: { values: joined(new Uint8Array(length), ({ rows }) => rows.variant) },
      observed: { values: joined(new Uint32Array(length), ({ rows }) => rows.observed) },
      expected: nullable(joined(new Float32Array(length), ({ rows }) => rows.expected)),
      z: nullable(joined(new Float32Array(length), ({ rows }) => rows.z)),
      p: nullable(joined(new Float32Array(length), ({ rows }) => rows.p)),
      q: nullable(joined(new Float32Array(length), ({ rows }) => rows.q)),
      emerging: { values: joined(new Uint8Array(length), ({ rows }) => rows.emerging) },
    }),
  };
}
