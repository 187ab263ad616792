import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { RISK_INDICATORS, type RiskRules } from '../../core/contract/risk-rules.ts';
import { type NotAssessable, RISK } from '../../core/contract/sense.ts';
import { shrunkRates } from '../../core/sense/cell-baseline.ts';
import { KNOWN } from '../../core/sense/delivery.ts';
import type { PlaceFacts, PlaceIndex } from '../../core/sense/place-index.ts';
import { repeatRows } from '../../core/sense/repeats.ts';
import { arrowBytes } from '../io/arrow.ts';
import { ancestorAt } from '../steps/aggregate.ts';
import type { Division } from '../steps/divisions.ts';
import type { FinestGrid } from '../steps/grid.ts';
import { NONE_U16, NONE_U32 } from '../steps/incident-columns.ts';
import type { PlanCounts, SenseCounts } from './counts.ts';
import type { SenseGrid } from './hotspots.ts';
import { BASELINE_WEEKS } from './hotspots.ts';
import type { SenseFrame } from './sense-frame.ts';
import { nullable, type SeriesSide, type Table } from './series.ts';

/** Places of one kind that are ranked among each other. */
export interface PlaceKind {
  /** 0 = division, 1 = cell. */
  readonly unit: 0 | 1;
  /** Division level; null = cells. */
  readonly level: number | null;
  /** Division ids, or rows of `grid/r8.arrow`. */
  readonly ids: Uint32Array;
  readonly facts: PlaceFacts;
}

const SEVERITIES = 5;

export interface PlaceInput {
  readonly counts: SenseCounts;
  readonly frame: SenseFrame;
  readonly divisions: readonly Division[];
  readonly categories: readonly CategoryEntry[];
  readonly grid: FinestGrid;
  /** Resolution 8. */
  readonly cells: SenseGrid;
  readonly persons: readonly (number | null)[];
  readonly weekly: SeriesSide;
  readonly rules: RiskRules;
  /** Weeks significantly hot by cell of resolution 8; null = not assessed. */
  readonly hotWeeks: Uint8Array | null;
}

/** Weeks the index looks at, and the past it compares with: those delivered in full. Null = too few. */
interface Weeks {
  readonly span: readonly number[];
  readonly past: readonly number[];
}

/** What the index is made of, by kind of place; or why there is none. */
export function placeKinds(input: PlaceInput): { readonly kinds: readonly PlaceKind[]; readonly why: NotAssessable } {
  const weeks = indexWeeks(input);
  if (typeof weeks === 'string') return { kinds: [], why: weeks };
  const repeated = repeatedReports(input);
  const kinds: PlaceKind[] = [];
  for (const level of [1, 2]) {
    const ids = Uint32Array.from(
      input.divisions.filter((division) => division.level === level),
      (division) => division.id,
    );
    if (ids.length > 0)
      kinds.push({ unit: 0, level, ids, facts: divisionFacts(input, weeks, repeated, { level, ids }) });
  }
  const ids = cellsWithReports(input, weeks);
  if (ids.length > 0) kinds.push({ unit: 1, level: null, ids, facts: cellFacts(input, weeks, repeated, ids) });
  return { kinds, why: kinds.length > 0 ? 'assessed' : 'all-zero' };
}

function indexWeeks({ frame, weekly, rules }: PlaceInput): Weeks | NotAssessable {
  const known = weekly.knowledge.known({ division: 0, category: weekly.counts.tree.categories.length - 1 });
  const whole = (first: number, end: number): number[] => {
    const found: number[] = [];
    for (let w = Math.max(0, first); w < end; w++) if (known[w] === KNOWN.whole) found.push(w);
    return found;
  };
  const first = frame.settledEnd - rules.spanWeeks;
  if (first < 0) return 'too-few-periods';
  const span = whole(first, frame.settledEnd);
  if (span.length < rules.spanWeeks / 2) return 'not-delivered';
  return { span, past: whole(first - BASELINE_WEEKS, first) };
}

interface Repeated {
  readonly cell: Uint32Array;
  readonly street: Uint32Array;
  readonly n: Uint32Array;
  readonly isRepeat: Uint8Array;
}

/** Rows of the span with an exact place, and whether they repeat a closed report of their class. */
function repeatedReports({ counts: { repeat }, categories, frame, rules }: PlaceInput): Repeated {
  const kind = repeat.column('category').map((id) => {
    const category = categories[id];
    return category?.level === 3 && category.parent !== null ? category.parent : id;
  });
  const day = repeat.column('day');
  const flags = repeatRows(
    { cell: repeat.column('cell'), kind, day, closeHours: repeat.column('close'), n: repeat.n },
    NONE_U16,
  );
  const firstDay = (frame.weeks[frame.settledEnd - rules.spanWeeks] as { firstDay: number }).firstDay;
  const kept: number[] = [];
  for (let i = 0; i < repeat.length; i++) if ((day[i] as number) >= firstDay) kept.push(i);
  const pick = (from: Uint32Array): Uint32Array => Uint32Array.from(kept, (i) => from[i] as number);
  return {
    cell: pick(repeat.column('cell')),
    street: pick(repeat.column('street')),
    n: pick(repeat.n),
    isRepeat: Uint8Array.from(kept, (i) => flags[i] as number),
  };
}

const columns = (n: number, places: number): Float64Array[] =>
  Array.from({ length: n }, () => new Float64Array(places));
const add = (into: Float64Array, at: number, n: number): void => {
  into[at] = (into[at] as number) + n;
};

/** Open = the source says it is not closed; a stage that nobody said counts for neither. */
const CLOSED_FROM = 4;

function divisionFacts(
  { counts, frame, divisions, categories, grid, cells, persons, hotWeeks }: PlaceInput,
  weeks: Weeks,
  repeated: Repeated,
  { level, ids }: { readonly level: number; readonly ids: Uint32Array },
): PlaceFacts {
  const places = ids.length;
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  // Deepest ancestor of level 1 or 2 → row of this kind, −1 = in none.
  const rowOfStreet = divisions.map((division) => rowOf.get(ancestorAt(divisions, division, level)) ?? -1);
  const at = (street: number): number => (street === NONE_U32 ? -1 : (rowOfStreet[street] ?? -1));
  const now = columns(SEVERITIES, places);
  const past = columns(SEVERITIES, places);
  const half = halves(weeks.span);
  const [older, newer] = columns(2, places) as [Float64Array, Float64Array];
  const { street, week, category } = {
    street: counts.week.column('street'),
    week: counts.week.column('week'),
    category: counts.week.column('category'),
  };
  const inSpan = marked(frame.weeks.length, weeks.span);
  const inPast = marked(frame.weeks.length, weeks.past);
  for (let i = 0; i < counts.week.length; i++) {
    const row = at(street[i] as number);
    const w = (week[i] as number) - frame.firstWeek;
    if (row < 0 || !(inSpan[w] || inPast[w])) continue;
    const n = counts.week.n[i] as number;
    const severity = (categories[category[i] as number] as CategoryEntry).severity;
    if (inSpan[w]) {
      add(now[severity] as Float64Array, row, n);
      if (half.older[w]) add(older, row, n);
      if (half.newer[w]) add(newer, row, n);
    } else add(past[severity] as Float64Array, row, n);
  }
  const [open, closed] = stages(counts.place, 'street', places, at);
  const [repeats, repeatable] = columns(2, places) as [Float64Array, Float64Array];
  repeated.street.forEach((id, i) => {
    const row = at(id);
    if (row < 0) return;
    add(repeatable, row, repeated.n[i] as number);
    if (repeated.isRepeat[i]) add(repeats, row, repeated.n[i] as number);
  });
  const hot = new Float64Array(places).fill(Number.NaN);
  if (hotWeeks) {
    const [sum, n] = columns(2, places) as [Float64Array, Float64Array];
    const coarse = grid.coarse.find((part) => part.resolution === cells.resolution);
    for (let i = 0; i < hotWeeks.length; i++) {
      const middle = Math.floor(((coarse?.firstId[i] as number) + (coarse?.endId[i] as number)) / 2);
      const division = grid.division[middle] as number;
      const row = division === NONE_U32 ? -1 : (rowOfStreet[division] as number);
      if (row < 0) continue;
      add(sum, row, hotWeeks[i] as number);
      add(n, row, 1);
    }
    for (let row = 0; row < places; row++)
      hot[row] = (n[row] as number) > 0 ? (sum[row] as number) / (n[row] as number) : Number.NaN;
  }
  return {
    bySeverity: now,
    expectedBySeverity: past.map((column, severity) =>
      weeks.past.length < BASELINE_WEEKS / 2
        ? new Float64Array(places)
        : toCityLevel(
            column.map((n) => n / weeks.past.length),
            now[severity] as Float64Array,
          ),
    ),
    persons: persons.every((n) => n === null) ? null : Float64Array.from(ids, (id) => persons[id] ?? 0),
    olderHalf: older,
    newerHalf: newer,
    open,
    closed,
    repeats,
    repeatable,
    hotWeeks: hot,
  };
}

/** Scaled so that all places together are expected to have what they had: the index compares places, not the city with its past. */
function toCityLevel(rates: Float64Array, now: Float64Array): Float64Array {
  const all = rates.reduce((sum, n) => sum + (Number.isNaN(n) ? 0 : n), 0);
  const seen = now.reduce((sum, n) => sum + n, 0);
  return rates.map((rate) => (all > 0 && !Number.isNaN(rate) ? (rate * seen) / all : 0));
}

function marked(weeks: number, chosen: readonly number[]): Uint8Array {
  const flags = new Uint8Array(weeks);
  for (const w of chosen) flags[w] = 1;
  return flags;
}

/** The older and newer half of the weeks; of an odd number the middle one is in neither. */
function halves(weeks: readonly number[]): { readonly older: Uint8Array; readonly newer: Uint8Array } {
  const size = Math.floor(weeks.length / 2);
  const end = (weeks[weeks.length - 1] ?? 0) + 1;
  return { older: marked(end, weeks.slice(0, size)), newer: marked(end, weeks.slice(weeks.length - size)) };
}

function stages(
  counts: PlanCounts,
  place: string,
  places: number,
  rowOf: (id: number) => number,
): [Float64Array, Float64Array] {
  const [open, closed] = columns(2, places) as [Float64Array, Float64Array];
  const id = counts.column(place);
  const stage = counts.column('stage');
  for (let i = 0; i < counts.length; i++) {
    const row = rowOf(id[i] as number);
    if (row < 0 || stage[i] === 0) continue;
    add((stage[i] as number) >= CLOSED_FROM ? closed : open, row, counts.n[i] as number);
  }
  return [open, closed];
}

function cellsWithReports({ counts: { cellWeek }, frame }: PlaceInput, weeks: Weeks): Uint32Array {
  const inSpan = marked(frame.weeks.length, weeks.span);
  const [cell, week] = [cellWeek.column('r8'), cellWeek.column('week')];
  const found = new Set<number>();
  for (let i = 0; i < cellWeek.length; i++)
    if (inSpan[(week[i] as number) - frame.firstWeek]) found.add(cell[i] as number);
  return Uint32Array.from(found).sort();
}

function cellFacts(
  { counts, frame, grid, cells, hotWeeks }: PlaceInput,
  weeks: Weeks,
  repeated: Repeated,
  ids: Uint32Array,
): PlaceFacts {
  const places = ids.length;
  const r8 = grid.coarse.find((part) => part.resolution === 8) as FinestGrid['coarse'][number];
  const all = r8.h3.length;
  const rowOfCell = new Int32Array(all).fill(-1);
  ids.forEach((id, row) => {
    rowOfCell[id] = row;
  });
  const now = columns(SEVERITIES, places);
  const past = columns(SEVERITIES, all);
  const [older, newer] = columns(2, places) as [Float64Array, Float64Array];
  const inSpan = marked(frame.weeks.length, weeks.span);
  const inPast = marked(frame.weeks.length, weeks.past);
  const half = halves(weeks.span);
  const { cellWeek } = counts;
  const [cell, week, severity] = [cellWeek.column('r8'), cellWeek.column('week'), cellWeek.column('severity')];
  for (let i = 0; i < cellWeek.length; i++) {
    const w = (week[i] as number) - frame.firstWeek;
    const n = cellWeek.n[i] as number;
    const row = rowOfCell[cell[i] as number] as number;
    if (inPast[w]) add(past[severity[i] as number] as Float64Array, cell[i] as number, n);
    if (!inSpan[w]) continue;
    add(now[severity[i] as number] as Float64Array, row, n);
    if (half.older[w]) add(older, row, n);
    if (half.newer[w]) add(newer, row, n);
  }
  const [open, closed] = stages(counts.cell, 'r8', places, (id) => (id === NONE_U32 ? -1 : (rowOfCell[id] as number)));
  const [repeats, repeatable] = columns(2, places) as [Float64Array, Float64Array];
  const r8Of = rowFinder(r8.endId);
  repeated.cell.forEach((id, i) => {
    const row = rowOfCell[r8Of(id)] as number;
    if (row < 0) return;
    add(repeatable, row, repeated.n[i] as number);
    if (repeated.isRepeat[i]) add(repeats, row, repeated.n[i] as number);
  });
  return {
    bySeverity: now,
    expectedBySeverity: past.map((column, level) => {
      if (weeks.past.length < BASELINE_WEEKS / 2) return new Float64Array(places);
      const rates = shrunkRates(column, { neighbours: cells.neighbours, periods: weeks.past.length });
      return toCityLevel(
        Float64Array.from(ids, (id) => rates[id] as number),
        now[level] as Float64Array,
      );
    }),
    persons: cells.exposure && Float64Array.from(ids, (id) => (cells.exposure as Float64Array)[id] as number),
    olderHalf: older,
    newerHalf: newer,
    open,
    closed,
    repeats,
    repeatable,
    hotWeeks: Float64Array.from(ids, (id) => (hotWeeks ? (hotWeeks[id] as number) : Number.NaN)),
  };
}

/** Row whose range of finest ids holds an id. */
function rowFinder(endId: Uint32Array): (id: number) => number {
  return (id) => {
    let [low, high] = [0, endId.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((endId[middle] as number) <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A ranked kind of places. */
export interface RankedKind {
  readonly kind: PlaceKind;
  readonly index: PlaceIndex;
}

export function riskTable(ranked: readonly RankedKind[], week: number): Table {
  const length = ranked.reduce((n, { kind }) => n + kind.ids.length, 0);
  const doubles = (of: (one: RankedKind) => ArrayLike<number>): Float64Array => {
    const all = new Float64Array(length);
    let at = 0;
    for (const one of ranked) {
      all.set(of(one), at);
      at += one.kind.ids.length;
    }
    return all;
  };
  const indicators = RISK_INDICATORS.map((_, j) => j);
  return {
    rows: length,
    bytes: arrowBytes(RISK, length, {
      unit: { values: doubles(({ kind }) => new Uint8Array(kind.ids.length).fill(kind.unit)) },
      id: { values: doubles(({ kind }) => kind.ids) },
      week: { values: new Uint16Array(length).fill(week) },
      score: { values: doubles(({ index }) => index.score) },
      ...Object.fromEntries(
        indicators.map((j) => [`part_${j}`, { values: doubles(({ index }) => index.parts[j] as Float64Array) }]),
      ),
      ...Object.fromEntries(
        indicators.map((j) => [`raw_${j}`, nullable(doubles(({ index }) => index.raw[j] as Float64Array))]),
      ),
      rank: { values: doubles(({ index }) => index.rank) },
      rank_low: { values: doubles(({ index }) => index.rankLow) },
      rank_high: { values: doubles(({ index }) => index.rankHigh) },
      top_tenth: { values: doubles(({ index }) => index.topTenth) },
    }),
  };
}
