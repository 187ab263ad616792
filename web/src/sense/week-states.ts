import type { Coverage } from '../../../core/contract/coverage.ts';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { isPartial } from '../time/week.ts';

export interface WeekStates {
  /** Seven days inside the data, and no longer filling. */
  readonly usable: readonly boolean[];
  /** A source delivered nothing or little, or had not begun: its count says nothing. */
  readonly gaps: readonly boolean[];
}

/** Which weeks of the snapshot may be compared, for some sources (empty = all). Without coverage no week counts as filling or missing. */
export function weekStates(
  { weeks, window, dictionaries }: Pick<Manifest, 'weeks' | 'window' | 'dictionaries'>,
  coverage: Coverage | null,
  sources: readonly number[] = [],
): WeekStates {
  const chosen = dictionaries.sources.filter(({ id }) => sources.length === 0 || sources.includes(id));
  const covered = coverage?.sources.filter(({ key }) => chosen.some((source) => source.key === key)) ?? [];
  const filling = Math.max(0, ...covered.map(({ fillingDays }) => fillingDays));
  return {
    usable: weeks.map((week) => !isPartial(week, window) && week.firstDay + 7 <= window.endDay - filling),
    gaps: weeks.map((_, week) => covered.some(({ states }) => 'tmb'.includes(states[0]?.[week] ?? 'd'))),
  };
}
