import { adjustedP } from '../../stats/benjamini-hochberg.ts';
import type { Candidate, DivisionShare, QualityFlag } from '../candidate.ts';

/** One assessed period of one series, as the series' own model sees it. Counts are incidents. */
export interface AssessedPeriod {
  /** 0 = the whole city. */
  readonly division: number;
  readonly category: number;
  readonly severity: number;
  /** Half-open days. */
  readonly firstDay: number;
  readonly endDay: number;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number;
  readonly quality: readonly QualityFlag[];
  /** The period after it; null = not over or not assessed. */
  readonly follow: { readonly observed: number; readonly expected: number } | null;
}

export interface SeriesRule {
  readonly id: string;
  /** Level of one test. */
  readonly alpha: number;
  /** Benjamini–Hochberg level over all series of one period; 1 = only `alpha` counts. */
  readonly fdr: number;
  readonly leastObserved: number;
  /** Evenings for which an exceedance stands, the first one `lagDays` after the period's last day. */
  readonly standsDays: number;
  readonly lagDays: number;
}

export interface SeriesPlaces {
  /** Divisions above and including this one that a person would name, level 1 first; empty for the city. */
  readonly divisionsOf: (division: number) => readonly Omit<DivisionShare, 'observed' | 'share'>[];
}

export interface TimedCandidate {
  /** First and last evening on which it stands. */
  readonly fromDay: number;
  readonly toDay: number;
  readonly candidate: Candidate;
}

/**
 * Exceedances of series: tail probability at most alpha and accepted by Benjamini–Hochberg among all series assessed for the same period.
 * Cost: sorting the p of each period.
 */
export function seriesCandidates(
  periods: readonly AssessedPeriod[],
  rule: SeriesRule,
  places: SeriesPlaces,
): TimedCandidate[] {
  const byPeriod = new Map<number, AssessedPeriod[]>();
  for (const period of periods) {
    const list = byPeriod.get(period.firstDay);
    if (list) list.push(period);
    else byPeriod.set(period.firstDay, [period]);
  }
  return [...byPeriod.values()].flatMap((tested) => {
    const q = new Float64Array(tested.length);
    adjustedP(
      Float64Array.from(tested, ({ p }) => p),
      q,
    );
    return tested.flatMap((period, i) => {
      const { observed, expected, p } = period;
      if (p > rule.alpha || (q[i] as number) > rule.fdr || observed < rule.leastObserved || observed <= expected)
        return [];
      const fromDay = period.endDay - 1 + rule.lagDays;
      return [
        {
          fromDay,
          toDay: fromDay + rule.standsDays - 1,
          candidate: candidateOf(period, rule.id, places, tested.length),
        },
      ];
    });
  });
}

function candidateOf(period: AssessedPeriod, rule: string, places: SeriesPlaces, tests: number): Candidate {
  const { division, observed } = period;
  return {
    kind: 'series',
    rule,
    category: period.category,
    severity: period.severity,
    place: division === 0 ? { kind: 'city' } : { kind: 'division', division },
    divisions: division === 0 ? [] : places.divisionsOf(division).map((part) => ({ ...part, observed, share: 1 })),
    period: { firstDay: period.firstDay, endDay: period.endDay },
    observed,
    expected: period.expected,
    interval: [period.lower, period.upper],
    p: period.p,
    // Chance gives one such period among all series tested together in so many days.
    recurrenceDays: period.p > 0 ? (period.endDay - period.firstDay) / (period.p * tests) : null,
    quality: period.quality,
    follow: period.follow,
  };
}

/** The candidates of every evening of a span, in order; evenings without any are there and empty. */
export function evenings(
  timed: readonly TimedCandidate[],
  span: { readonly firstDay: number; readonly endDay: number },
): { readonly day: number; readonly candidates: readonly Candidate[] }[] {
  const days = Array.from({ length: Math.max(0, span.endDay - span.firstDay) }, (_, i) => ({
    day: span.firstDay + i,
    candidates: [] as Candidate[],
  }));
  for (const { fromDay, toDay, candidate } of timed)
    for (let day = Math.max(fromDay, span.firstDay); day <= Math.min(toDay, span.endDay - 1); day++)
      days[day - span.firstDay]?.candidates.push(candidate);
  return days;
}
