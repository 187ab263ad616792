import { STAGES } from '../incident/dimensions.ts';
import { RESPONSE_HOURS } from './response.ts';

/**
 * Where reports wait. Of the reports received in a window: how many are at which stage, and for how long they have been open,
 *
 *     age = as-of day of the source − day received        in days, of a report that is received, assigned or being handled
 *
 * A source says the present stage and not when it was entered, so the age is that of the report, not of its stay in the stage. A report
 * without a stage is neither open nor closed. "Over" is longer than the span of `response.ts`. A median of nothing is null.
 */
export const OVER_DAYS = RESPONSE_HOURS / 24;
export const OPEN_STAGES = STAGES.filter(({ id }) => id >= 1 && id <= 3);
const [FIRST_OPEN, LAST_OPEN, UNKNOWN] = [1, 3, 0] as const;

/** Columns of `facts`, one entry a report. */
export interface StagedReports {
  readonly day: ArrayLike<number>;
  readonly source: ArrayLike<number>;
  readonly stage: ArrayLike<number>;
  /** Hours from occurred to closed; NaN = not closed, or the source does not say. */
  readonly closeHours: ArrayLike<number>;
}

export interface StageQuestion {
  /** Last day that a source knows of. */
  readonly asOfDay: (source: number) => number;
  /** Row the report is counted in; null = not counted. */
  readonly rowOf: (report: number) => number | null;
}

export interface OpenStage {
  /** Id of `STAGES`. */
  readonly stage: number;
  readonly n: number;
  readonly over: number;
  readonly medianDays: number | null;
}

export interface StageAges {
  readonly received: number;
  /** With a reported stage. */
  readonly told: number;
  /** One a stage before closing, in order. */
  readonly open: readonly OpenStage[];
  readonly openTotal: number;
  readonly over: number;
  readonly closed: number;
  /** Of the closed whose source says how long. */
  readonly medianCloseHours: number | null;
  /** The stage at which most are over; null = none is. */
  readonly stuckAt: OpenStage | null;
}

/** By row. Cost: one pass, and a sort of the ages. */
export function stageAges(
  parts: readonly StagedReports[],
  questions: readonly StageQuestion[],
): ReadonlyMap<number, StageAges> {
  const rows = new Map<number, Counting>();
  parts.forEach((reports, part) => {
    const { asOfDay, rowOf } = questions[part] as StageQuestion;
    for (let i = 0; i < reports.day.length; i++) {
      const key = rowOf(i);
      if (key === null) continue;
      const row = rows.get(key) ?? { received: 0, told: 0, closed: 0, hours: [], ages: OPEN_STAGES.map(() => []) };
      rows.set(key, row);
      row.received++;
      const stage = reports.stage[i] as number;
      if (stage === UNKNOWN) continue;
      row.told++;
      if (stage >= FIRST_OPEN && stage <= LAST_OPEN)
        row.ages[stage - FIRST_OPEN]?.push(
          Math.max(0, asOfDay(reports.source[i] as number) - (reports.day[i] as number)),
        );
      else {
        row.closed++;
        const hours = reports.closeHours[i] as number;
        if (!Number.isNaN(hours)) row.hours.push(hours);
      }
    }
  });
  return new Map([...rows].map(([key, row]) => [key, settled(row)]));
}

interface Counting {
  received: number;
  told: number;
  closed: number;
  readonly hours: number[];
  /** By open stage. */
  readonly ages: readonly number[][];
}

function settled({ received, told, closed, hours, ages }: Counting): StageAges {
  const open = ages.map((days, at) => ({
    stage: FIRST_OPEN + at,
    n: days.length,
    over: days.filter((age) => age > OVER_DAYS).length,
    medianDays: median(days),
  }));
  const most = open.reduce((best, stage) => (stage.over > best.over ? stage : best));
  return {
    received,
    told,
    open,
    openTotal: open.reduce((sum, { n }) => sum + n, 0),
    over: open.reduce((sum, stage) => sum + stage.over, 0),
    closed,
    medianCloseHours: median(hours),
    stuckAt: most.over > 0 ? most : null,
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
