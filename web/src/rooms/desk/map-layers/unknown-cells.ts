import { type Coverage, STATE_LETTERS } from '../../../../../core/contract/coverage.ts';
import type { IdRange } from '../../../query/filters.ts';
import type { WeekRange } from '../../../time/week.ts';

/** Weeks of a source in which nothing was delivered: asked there, nobody can answer. */
const NOTHING = new Set(['missing', 'not-yet', 'before-first']);

interface Asked {
  /** Keys of the chosen sources; empty = all. */
  readonly sources: readonly string[];
  /** null = all weeks. */
  readonly weeks: WeekRange | null;
}

/**
 * Level-1 divisions for which no chosen source delivered anything in any chosen week. A place there with no incident is not a place
 * with 0 incidents.
 *
 * @returns division ids, and whether the same holds for the city as a whole
 */
export function unknownDivisions(
  coverage: Coverage,
  { sources, weeks }: Asked,
): { readonly divisions: readonly number[]; readonly city: boolean } {
  const asked = coverage.sources.filter(({ key }) => sources.length === 0 || sources.includes(key));
  const { first, end } = weeks ?? { first: 0, end: coverage.weeks };
  const nothing = (row: number) =>
    asked.length > 0 &&
    asked.every(({ states }) => {
      // A source without rows for divisions speaks for the city only.
      const letters = states[row] ?? states[0] ?? '';
      for (let week = first; week < end; week++) {
        const state = STATE_LETTERS[letters.charAt(week) as keyof typeof STATE_LETTERS];
        if (state === undefined || !NOTHING.has(state)) return false;
      }
      return true;
    });
  return { divisions: coverage.divisions.filter((_, i) => nothing(i + 1)), city: nothing(0) };
}

/**
 * 1 by finest cell that lies in one of the divisions; null = none does.
 *
 * @param divisionOf deepest division by finest cell
 */
export function cellsOf(divisionOf: Uint32Array, ranges: readonly IdRange[]): Uint8Array | null {
  if (ranges.length === 0) return null;
  const marked = new Uint8Array(divisionOf.length);
  let any = false;
  for (let cell = 0; cell < marked.length; cell++) {
    const division = divisionOf[cell]!;
    if (!ranges.some(({ id, end }) => division >= id && division < end)) continue;
    marked[cell] = 1;
    any = true;
  }
  return any ? marked : null;
}
