import { type Coverage, type SourceCoverage, STATE_LETTERS } from '../../../../core/contract/coverage.ts';
import type { WeekState } from '../../../../core/quality/coverage.ts';
import { type Freshness, freshness } from '../../../../core/quality/freshness.ts';
import { NO_DIVISION, type WeekCube } from '../../snapshot/model.ts';
import { civilDate } from '../../time/week.ts';
import { daysSince } from './delivery.ts';

/** What the matrix of one source draws and says. Row 0 is the source as a whole, then the level-1 divisions. */
export interface Matrix {
  readonly rows: number;
  readonly weeks: number;
  readonly cell: (row: number, week: number) => MatrixCell;
  /** Weeks per state in one row. */
  readonly tally: (row: number) => Readonly<Record<WeekState, number>>;
}

export interface MatrixCell {
  readonly state: WeekState;
  readonly n: number;
  /** Rows a full week was to bring; null = not known, or not noted (delivered). */
  readonly expected: number | null;
  /** Bit 0 = Monday. */
  readonly missingDays: number;
}

export function matrixOf(coverage: Coverage, source: SourceCoverage, cube: WeekCube, sourceId: number): Matrix {
  const { weeks, divisions } = coverage;
  const counts = countsOf(cube, { sourceId, divisions, weeks });
  const notes = source.notes.map(({ week }) => new Map(week.map((w, i) => [w, i])));
  const stateAt = (row: number, week: number): WeekState =>
    STATE_LETTERS[source.states[row]?.charAt(week) as keyof typeof STATE_LETTERS];
  return {
    rows: source.states.length,
    weeks,
    cell: (row, week) => {
      const at = notes[row]?.get(week);
      const note = at === undefined ? undefined : source.notes[row];
      return {
        state: stateAt(row, week),
        n: counts[row * weeks + week] as number,
        expected: note?.expected[at as number] ?? null,
        missingDays: note?.missingDays[at as number] ?? 0, // no note, no day missing
      };
    },
    tally: (row) => {
      const tally = { delivered: 0, zero: 0, thin: 0, missing: 0, 'not-yet': 0, 'before-first': 0 };
      for (let week = 0; week < weeks; week++) tally[stateAt(row, week)]++;
      return tally;
    },
  };
}

function countsOf(
  cube: WeekCube,
  asked: { readonly sourceId: number; readonly divisions: readonly number[]; readonly weeks: number },
): Uint32Array {
  const { sourceId, divisions, weeks } = asked;
  const rowOf = new Map(divisions.map((id, i) => [id, i + 1]));
  const counts = new Uint32Array((divisions.length + 1) * weeks);
  for (let i = 0; i < cube.n.length; i++) {
    if (cube.source[i] !== sourceId) continue;
    const week = cube.week[i] as number;
    const n = cube.n[i] as number;
    counts[week] = (counts[week] as number) + n;
    const division = cube.division[i] as number;
    const row = division === NO_DIVISION ? undefined : rowOf.get(division);
    if (row !== undefined) counts[row * weeks + week] = (counts[row * weeks + week] as number) + n;
  }
  return counts;
}

/** Size of a week in the drawing, in its own units; drawn at a tenth of a root unit each. */
export const CELL = { height: 10, gap: 1 } as const;

/** Weeks of one state as one path: a drawing of ten thousand cells stays a handful of nodes. */
export function statePath(matrix: Matrix, state: WeekState, width: number): string {
  const { height, gap } = CELL;
  // A thin week fills the lower part only; a week to come is a point.
  const shape = {
    delivered: { x: gap / 2, y: gap, w: width - gap, h: height - gap },
    zero: { x: gap, y: gap * 1.5, w: width - 2 * gap, h: height - 2 * gap },
    thin: { x: gap / 2, y: height * 0.6, w: width - gap, h: height * 0.4 },
    missing: { x: gap / 2, y: gap, w: width - gap, h: height - gap },
    'not-yet': { x: width / 2 - 1, y: height / 2, w: 2, h: 2 },
    'before-first': null,
  }[state];
  if (!shape) return '';
  const box = `h${round(shape.w)}v${round(shape.h)}h${round(-shape.w)}z`;
  let path = '';
  for (let row = 0; row < matrix.rows; row++)
    for (let week = 0; week < matrix.weeks; week++)
      if (matrix.cell(row, week).state === state)
        path += `M${round(week * width + shape.x)} ${round(row * height + shape.y)}${box}`;
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Days named by bits, neighbours joined: zh `11.4–11.6、11.9`, en `11-04–11-06, 11-09`. */
export function missingDayText(monday: number, bits: number, locale: string): string {
  const parts: string[] = [];
  const name = (i: number): string => {
    const { month, date } = civilDate(monday + i);
    return locale === 'en' ? `${two(month)}-${two(date)}` : `${month}.${date}`;
  };
  for (let i = 0; i < 7; i++) {
    if ((bits & (1 << i)) === 0) continue;
    let last = i;
    while (last < 6 && (bits & (1 << (last + 1))) !== 0) last++;
    parts.push(last === i ? name(i) : `${name(i)}–${name(last)}`);
    i = last;
  }
  return parts.join(locale === 'en' ? ', ' : '、');
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Where a key moves the cursor; null = the key does nothing here. */
export function moved(
  at: { readonly row: number; readonly week: number },
  key: string,
  { rows, weeks }: Pick<Matrix, 'rows' | 'weeks'>,
): { row: number; week: number } | null {
  const to = (row: number, week: number) => ({
    row: Math.min(rows - 1, Math.max(0, row)),
    week: Math.min(weeks - 1, Math.max(0, week)),
  });
  switch (key) {
    case 'ArrowLeft':
      return to(at.row, at.week - 1);
    case 'ArrowRight':
      return to(at.row, at.week + 1);
    case 'ArrowUp':
      return to(at.row - 1, at.week);
    case 'ArrowDown':
      return to(at.row + 1, at.week);
    case 'Home':
      return to(at.row, 0);
    case 'End':
      return to(at.row, weeks - 1);
    case 'PageUp':
      return to(at.row, at.week - 13);
    case 'PageDown':
      return to(at.row, at.week + 13);
    default:
      return null;
  }
}

/** Freshness against this machine's clock, in the city's zone. */
export function freshnessNow(
  source: { readonly asOf: string | null; readonly cadenceDays: number },
  zone: string,
  now?: Date,
): Pick<Freshness, 'verdict' | 'ageDays' | 'overdueDays'> {
  const age = source.asOf === null ? null : daysSince(source.asOf, zone, now);
  const asOfMinute = age === null ? null : 0;
  return freshness({ asOfMinute, cadenceDays: source.cadenceDays, nowMinute: (age ?? 0) * 1440 }); // null: silent, whatever the clock says
}
