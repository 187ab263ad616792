import { Coverage, type SourceCoverage, STATE_LETTERS } from '../../core/contract/coverage.ts';
import { type CoverageWeek, coverage, type WeekState } from '../../core/quality/coverage.ts';
import { freshness } from '../../core/quality/freshness.ts';
import { type DelayCounts, type ReportingDelay, reportingDelay } from '../../core/quality/reporting-delay.ts';
import { assessVolume, type DayVolume } from '../../core/quality/volume.ts';

export interface CoverageReportInput {
  /** Days since 1970-01-01, half-open. */
  readonly window: { readonly firstDay: number; readonly endDay: number };
  /** Mondays of the ISO weeks touching the window, as in the manifest. */
  readonly weeks: readonly { readonly firstDay: number }[];
  /** Level-1 division ids, ascending. */
  readonly divisions: readonly number[];
  /** In the order of their ids. */
  readonly sources: readonly {
    readonly key: string;
    readonly cadenceDays: number;
    /** Newest reported (else occurred) local minute of an accepted row; null = none. */
    readonly asOfMinute: number | null;
  }[];
  readonly calendar: {
    /** Breaks of whole sources. `source` null: of all. */
    readonly breaks: readonly { readonly day: number; readonly source: string | null }[];
    readonly holidays: readonly { readonly firstDay: number; readonly endDay: number }[];
  };
  /** Accepted rows by source, level-1 division and occurred day, in any order. An id that is none of `divisions` (unlocated, 0) counts for the source only. */
  readonly dailyCounts: {
    readonly source: ArrayLike<number>;
    readonly division: ArrayLike<number>;
    readonly day: ArrayLike<number>;
    readonly n: ArrayLike<number>;
  };
  /** Accepted rows by source, occurred day and days until first seen; without entries for a source whose rows do not say when they were seen. */
  readonly delayCounts: DelayCounts & { readonly source: ArrayLike<number> };
}

const RECENT_DAYS = 28;
const LETTER = Object.fromEntries(Object.entries(STATE_LETTERS).map(([letter, state]) => [state, letter])) as Record<
  WeekState,
  string
>;

/** Aggregates of a run → `coverage.json`. Pure; the order of the counts does not matter. Cost: their number + sources × divisions × days. */
export function coverageReport(input: CoverageReportInput): Coverage {
  const { window, sources, divisions } = input;
  const newest = sources.flatMap(({ asOfMinute }) => asOfMinute ?? []);
  const nowMinute = newest.length > 0 ? Math.max(...newest) : null;
  const daily = dailySeries(input);
  const delays = delaySeries(input);
  return Coverage.parse({
    nowDay: nowMinute === null ? null : Math.floor(nowMinute / 1440),
    divisions: [...divisions],
    weeks: input.weeks.length,
    sources: sources.map(({ key, cadenceDays, asOfMinute }, id) => {
      const fresh = freshness({ asOfMinute, cadenceDays, nowMinute: nowMinute ?? 0 }); // no source has rows: all silent
      const delay = reportingDelay(delays[id] as DelayCounts);
      const fillingDays = delay.kind === 'learned' ? delay.daysTo95 : Math.ceil(cadenceDays);
      const series = daily[id] as SourceSeries;
      // Before the window when nothing was accepted: no day can have been delivered.
      const asOfDay = fresh.asOfDay ?? window.firstDay - 1;
      const volume = assessVolume({
        firstDay: window.firstDay,
        counts: series.total,
        asOfDay,
        completeness: delay.kind === 'learned' ? delay.completeness : null,
        fillingDays,
        breaks: input.calendar.breaks.filter(({ source }) => source === null || source === key).map(({ day }) => day),
        holidays: input.calendar.holidays,
      });
      const matrix = coverage({
        weeks: input.weeks.map((week) => week.firstDay),
        window,
        ...volume,
        asOfDay: fresh.asOfDay,
        freshness: fresh.verdict,
        divisions: series.divisions,
      });
      return {
        key,
        freshness: fresh,
        delay: rounded(delay),
        fillingDays,
        recent: volume.days.filter(({ day }) => day <= asOfDay && day > asOfDay - RECENT_DAYS).map(recentDay),
        spans: volume.spans.map((span) => ({ ...span, expected: oneDecimal(span.expected) })),
        states: matrix.map((row) => row.map(({ state }) => LETTER[state]).join('')),
        notes: matrix.map(notesOf),
      };
    }),
  });
}

interface SourceSeries {
  readonly total: Uint32Array;
  readonly divisions: readonly Uint32Array[];
}

function dailySeries({ window, sources, divisions, dailyCounts }: CoverageReportInput): SourceSeries[] {
  const days = Math.max(0, window.endDay - window.firstDay);
  const series = sources.map(() => ({
    total: new Uint32Array(days),
    divisions: divisions.map(() => new Uint32Array(days)),
  }));
  const rowOf = new Map(divisions.map((id, row) => [id, row]));
  for (let i = 0; i < dailyCounts.n.length; i++) {
    const own = series[dailyCounts.source[i] as number];
    const t = (dailyCounts.day[i] as number) - window.firstDay;
    if (!own || t < 0 || t >= days) continue;
    const n = dailyCounts.n[i] as number;
    own.total[t] = (own.total[t] as number) + n;
    const row = rowOf.get(dailyCounts.division[i] as number);
    const counts = row === undefined ? undefined : own.divisions[row];
    if (counts) counts[t] = (counts[t] as number) + n;
  }
  return series;
}

function delaySeries({ sources, delayCounts }: CoverageReportInput): DelayCounts[] {
  const series = sources.map(() => ({ occurredDay: [] as number[], delayDays: [] as number[], n: [] as number[] }));
  for (let i = 0; i < delayCounts.n.length; i++) {
    const own = series[delayCounts.source[i] as number];
    if (!own) continue;
    own.occurredDay.push(delayCounts.occurredDay[i] as number);
    own.delayDays.push(delayCounts.delayDays[i] as number);
    own.n.push(delayCounts.n[i] as number);
  }
  return series;
}

function recentDay({ day, n, expected, verdict, why }: DayVolume) {
  return { day, n, expected: expected === null ? null : oneDecimal(expected), verdict, why };
}

function rounded(delay: ReportingDelay): ReportingDelay {
  if (delay.kind !== 'learned') return delay;
  return { ...delay, completeness: delay.completeness.map((share) => Math.round(share * 1e4) / 1e4) };
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

function notesOf(weeks: readonly CoverageWeek[]): SourceCoverage['notes'][number] {
  const week = weeks.flatMap(({ state }, w) =>
    state === 'zero' || state === 'thin' || state === 'missing' ? [w] : [],
  );
  const noted = week.map((w) => weeks[w] as CoverageWeek);
  return {
    week,
    expected: noted.map(({ expected }) => (expected === null ? null : oneDecimal(expected))),
    missingDays: noted.map(({ missingDays }) => missingDays),
  };
}
