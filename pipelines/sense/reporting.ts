import type { Profile } from '../../core/contract/profile.ts';
import type { Sense } from '../../core/contract/sense.ts';
import { type ReportingCounts, reportingGaps } from '../../core/quality/reporting-gap.ts';
import type { Duck } from '../io/duck.ts';
import { reportingPlan } from '../sql/plan.ts';
import type { Division } from '../steps/divisions.ts';
import { type PlanCounts, runPlan } from './counts.ts';

/** Two years: a place with few reports needs them, and the seasons cancel. */
const WINDOW_DAYS = 728;
/** A report counts as late from so many days between what happened and its first sight. */
const LATE_DAYS = 2;
const DELAY_UNKNOWN = 255;
/** The finest level whose places have so many reports on average; below it chance would speak. */
const LEAST_MEAN = 60;
const OPTIONS = { leastExpected: 20, leastOther: 5, alpha: 0.01, mostShare: 0.7 };

export interface ReportingInput {
  readonly duck: Duck;
  readonly divisions: readonly Division[];
  readonly sources: Profile['sources'];
  /** Half-open days of the data; the last ones are left out until all reports are in. */
  readonly window: { readonly firstDay: number; readonly endDay: number };
}

type Reporting = NonNullable<Sense['reporting']>;

/** Places from which a source of complaints hears less than the other sources hear there, against the places around. */
export async function reportingNotices({ duck, divisions, sources, window }: ReportingInput): Promise<Reporting> {
  const firstDay = Math.max(window.firstDay, window.endDay - WINDOW_DAYS);
  const counts = await runPlan(duck, reportingPlan({ firstDay, endDay: window.endDay }));
  const level = levelFor(counts, divisions);
  const about = sources.flatMap((source, id) => (source.kind === 'complaint' ? [id] : []));
  return {
    firstDay,
    endDay: window.endDay,
    ...OPTIONS,
    lateDays: LATE_DAYS,
    sources: about.map((source) => {
      if (level === null) return { source, level: null, compared: 0, why: 'too-few-cases' as const, places: [] };
      const of = placeCounts(counts, divisions, { source, level });
      const found = reportingGaps(of.counts, OPTIONS);
      if (found === null) return { source, level, compared: 0, why: 'too-few-cases' as const, places: [] };
      return {
        source,
        level,
        compared: found.compared,
        why: 'assessed' as const,
        places: found.gaps.map(({ place, expected, ...gap }) => ({
          division: of.ids[place] as number,
          ...gap,
          expected: Math.round(expected * 10) / 10,
        })),
      };
    }),
  };
}

/** Ancestor of every division at a level; −1 = it lies above. */
function ancestors(divisions: readonly Division[], level: number): Int32Array {
  return Int32Array.from(divisions, (division) => {
    let at: Division | undefined = division;
    while (at && at.level > level) at = at.parent === null ? undefined : divisions[at.parent];
    return at?.level === level ? at.id : -1;
  });
}

/** Deepest level with enough reports a place; null = not even the first has. */
function levelFor(counts: PlanCounts, divisions: readonly Division[]): number | null {
  const deepest = divisions.reduce((most, { level }) => Math.max(most, level), 0);
  const division = counts.column('division');
  for (let level = deepest; level >= 1; level--) {
    const at = ancestors(divisions, level);
    let reports = 0;
    for (let i = 0; i < counts.length; i++)
      if ((at[division[i] as number] ?? -1) >= 0) reports += counts.n[i] as number; // unlocated: in none
    const places = divisions.reduce((sum, one) => sum + (one.level === level ? 1 : 0), 0);
    if (reports >= LEAST_MEAN * places) return level;
  }
  return null;
}

function placeCounts(
  counts: PlanCounts,
  divisions: readonly Division[],
  { source: about, level }: { readonly source: number; readonly level: number },
): { readonly ids: readonly number[]; readonly counts: ReportingCounts } {
  const ids = divisions.flatMap((one) => (one.level === level ? [one.id] : []));
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const at = ancestors(divisions, level);
  const [own, all, timed, late] = [0, 1, 2, 3].map(() => new Float64Array(ids.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [division, source, delay] = ['division', 'source', 'delay'].map((name) => counts.column(name)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let i = 0; i < counts.length; i++) {
    const row = rowOf.get(at[division[i] as number] ?? -1); // unlocated: in none
    if (row === undefined) continue;
    const n = counts.n[i] as number;
    all[row] = (all[row] as number) + n;
    if (source[i] !== about) continue;
    own[row] = (own[row] as number) + n;
    if (delay[i] === DELAY_UNKNOWN) continue;
    timed[row] = (timed[row] as number) + n;
    if ((delay[i] as number) >= LATE_DAYS) late[row] = (late[row] as number) + n;
  }
  const area = Int32Array.from(ids, (id) => divisions[id]?.parent ?? 0); // the city has none
  return { ids, counts: { own, all, timed, late, area } };
}
