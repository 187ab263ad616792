import {
  type AssessedPeriod,
  evenings,
  seriesCandidates,
  type TimedCandidate,
} from '../../alert/candidates/from-series.ts';
import {
  type AlertRun,
  runAlerts,
  type StandingAlert,
  type TrackRecordCounts,
  trackRecord,
} from '../../alert/engine.ts';
import type { AlertRules } from '../../contract/alert-rules.ts';
import type { SeriesAssessment } from '../../sense/series-baseline.ts';
import type { CityCalendar } from '../../time/city-calendar.ts';
import { ALL_GROUPS, type CityFacts } from './city-facts.ts';
import { clusterAlerts, clusterCandidates, groupStream } from './cluster-replay.ts';
import { dailyPeriods } from './daily-series.ts';
import { chronicOnMondays, type RecurringAt, recurrenceCandidates, recurringOnMondays } from './recurrence-replay.ts';
import { levelChangeCandidates, slowGrowthCandidates } from './slow-replay.ts';
import { assessedSeries, type WeeklySeries } from './weekly-series.ts';

/** The alert engine over past weeks: clusters, weekly series and recurring problems, each from what was known then. */
export const REPLAYED_RULES = {
  'cluster-scan': ['falseEpisodeDays', 'leastObserved', 'longestWindowDays'],
  'series-weekly': ['alpha', 'fdr', 'leastObserved'],
  'series-daily': ['alpha', 'fdr', 'leastObserved'],
  recurrence: ['withinDays', 'leastRepeats', 'alpha'],
  chronic: ['leastRepeats', 'leastSpread', 'alpha', 'leastAround', 'alphaAround', 'latelyDays'],
  'slow-growth': ['limit', 'theta', 'trendAlpha', 'leastObserved'],
  'level-change': ['leastRatio', 'leastExcess', 'alpha', 'weeks', 'endWeeks'],
} as const;
/** Those that a backtest of a real city replays together over a year. */
export const BACKTESTED_RULES = ['cluster-scan', 'series-weekly', 'recurrence'] as const;
export type ReplayedRule = keyof typeof REPLAYED_RULES;

/** A weekly exceedance stands for the week after it. */
const SERIES_STANDS = { standsDays: 7, lagDays: 1 };
/** A daily one for three days, said two days later: as the pipeline does. */
const DAY_STANDS = { standsDays: 3, lagDays: 2 };

/** Parameter of a rule. @throws RangeError when the rules do not hold it */
export function parameter(rules: AlertRules, rule: ReplayedRule, name: string): number {
  const value = rules.rules.find(({ id }) => id === rule)?.parameters[name];
  if (value === undefined) throw new RangeError(`rule ${rule} has no parameter ${name}`);
  return value;
}

/** The rules with one number changed. @throws RangeError when there is no such rule or parameter */
export function withParameter(
  rules: AlertRules,
  change: { readonly rule: ReplayedRule; readonly parameter: string; readonly value: number },
): AlertRules {
  parameter(rules, change.rule, change.parameter);
  return {
    ...rules,
    rules: rules.rules.map((rule) =>
      rule.id === change.rule
        ? { ...rule, parameters: { ...rule.parameters, [change.parameter]: change.value } }
        : rule,
    ),
  };
}

export interface ReplayInput {
  readonly facts: CityFacts;
  readonly calendar: CityCalendar;
  readonly rules: AlertRules;
  readonly series: readonly WeeklySeries[];
  /** Half-open days. */
  readonly span: { readonly firstDay: number; readonly endDay: number };
  readonly which: readonly ReplayedRule[];
}

export interface AlertReplay {
  readonly run: AlertRun;
  readonly recurring: readonly RecurringAt[];
  /** Candidates of each rule over the span. */
  readonly candidates: Readonly<Partial<Record<ReplayedRule, readonly TimedCandidate[]>>>;
}

/** Cost: two cluster replays a group, the fits of the series, a sort a Monday. */
export function replayAlerts(input: ReplayInput): AlertReplay {
  const { facts, rules, span, which } = input;
  const candidates: Partial<Record<ReplayedRule, readonly TimedCandidate[]>> = {};
  let recurring: RecurringAt[] = [];
  for (const rule of which) {
    switch (rule) {
      case 'cluster-scan':
        candidates[rule] = clusterCandidatesOf(input);
        break;
      case 'series-weekly':
        candidates[rule] = weeklyCandidates(input);
        break;
      case 'series-daily':
        candidates[rule] = seriesCandidates(
          dailyPeriods(facts, input.calendar, span.firstDay),
          {
            id: rule,
            alpha: parameter(rules, rule, 'alpha'),
            fdr: parameter(rules, rule, 'fdr'),
            leastObserved: parameter(rules, rule, 'leastObserved'),
            ...DAY_STANDS,
          },
          { divisionsOf: (division) => (division === 0 ? [] : [{ division, level: 1 }]) },
        );
        break;
      case 'recurrence': {
        const parameters = {
          withinDays: parameter(rules, rule, 'withinDays'),
          leastRepeats: parameter(rules, rule, 'leastRepeats'),
          alpha: parameter(rules, rule, 'alpha'),
        };
        recurring = recurringOnMondays(facts, mondaysOf(facts, span), parameters);
        candidates[rule] = recurrenceCandidates(facts, recurring, { id: rule, windowDays: parameters.withinDays });
        break;
      }
      case 'chronic': {
        const of = (name: string): number => parameter(rules, rule, name);
        const found = chronicOnMondays(facts, mondaysOf(facts, span), {
          windowDays: of('windowDays'),
          withinDays: of('withinDays'),
          leastRepeats: of('leastRepeats'),
          leastSpread: of('leastSpread'),
          alpha: of('alpha'),
          leastAround: of('leastAround'),
          alphaAround: of('alphaAround'),
          latelyDays: of('latelyDays'),
        });
        candidates[rule] = recurrenceCandidates(facts, found, { id: rule, windowDays: of('windowDays') });
        break;
      }
      case 'slow-growth':
        candidates[rule] = slowGrowthCandidates(facts, input.series, span, {
          weeks: parameter(rules, rule, 'weeks'),
          theta: parameter(rules, rule, 'theta'),
          limit: parameter(rules, rule, 'limit'),
          trendAlpha: parameter(rules, rule, 'trendAlpha'),
          leastObserved: parameter(rules, rule, 'leastObserved'),
        });
        break;
      case 'level-change':
        candidates[rule] = levelChangeCandidates(facts, input.series, span, {
          weeks: parameter(rules, rule, 'weeks'),
          referenceEndsWeeks: parameter(rules, rule, 'referenceEndsWeeks'),
          referenceWeeks: parameter(rules, rule, 'referenceWeeks'),
          alpha: parameter(rules, rule, 'alpha'),
          leastRatio: parameter(rules, rule, 'leastRatio'),
          leastExcess: parameter(rules, rule, 'leastExcess'),
          endWeeks: parameter(rules, rule, 'endWeeks'),
        });
        break;
      default:
        rule satisfies never;
    }
  }
  const run = runAlerts(evenings(Object.values(candidates).flat(), span), rules, {
    categories: { end: (id) => facts.categoryEnd[id] ?? id + 1 }, // ALL_GROUPS has no subtree
    divisions: { end: (id) => id + 1 },
    all: ALL_GROUPS,
  });
  return { run, recurring, candidates };
}

const mondaysOf = ({ weeks }: CityFacts, span: ReplayInput['span']): number[] =>
  Array.from(weeks).filter((day) => day >= span.firstDay && day < span.endDay);

function clusterCandidatesOf({ facts, calendar, rules, span }: ReplayInput): TimedCandidate[] {
  const rule = {
    falseEpisodeDays: parameter(rules, 'cluster-scan', 'falseEpisodeDays'),
    leastObserved: parameter(rules, 'cluster-scan', 'leastObserved'),
    longestWindowDays: parameter(rules, 'cluster-scan', 'longestWindowDays'),
  };
  const start = facts.window.firstDay;
  return facts.groups.flatMap(({ id }) => {
    const source = groupStream(facts, calendar, id);
    if (source === null) return [];
    const alerts = clusterAlerts(source, { firstDay: span.firstDay - start, endDay: span.endDay - start }, rule);
    return clusterCandidates(facts, source, alerts);
  });
}

function weeklyCandidates({ facts, calendar, rules, span, series }: ReplayInput): TimedCandidate[] {
  const alpha = parameter(rules, 'series-weekly', 'alpha');
  const from = facts.weeks.findIndex((monday) => monday + 7 >= span.firstDay);
  if (from < 0) return [];
  const assessed = assessedSeries(facts, calendar, series, { from, to: facts.weeks.length, alpha });
  const severity = new Map(facts.groups.map((group) => [group.id, group.severity]));
  const periods = series.flatMap((one, s) =>
    assessedPeriods(facts, one, assessed[s] as readonly SeriesAssessment[], severity),
  );
  return seriesCandidates(
    periods,
    {
      id: 'series-weekly',
      alpha,
      fdr: parameter(rules, 'series-weekly', 'fdr'),
      leastObserved: parameter(rules, 'series-weekly', 'leastObserved'),
      ...SERIES_STANDS,
    },
    { divisionsOf: (division) => [{ division, level: 1 }] },
  );
}

function assessedPeriods(
  facts: CityFacts,
  { district, group }: WeeklySeries,
  assessed: readonly SeriesAssessment[],
  severity: ReadonlyMap<number, number>,
): AssessedPeriod[] {
  return assessed.flatMap((one, i) => {
    if (one.kind === 'not-assessable') return [];
    const next = assessed[i + 1];
    const firstDay = facts.weeks[one.index] as number;
    return [
      {
        division: district < 0 ? 0 : (facts.districts[district] as { id: number }).id,
        category: group,
        severity: severity.get(group) ?? 0, // all categories together have no severity of their own
        firstDay,
        endDay: firstDay + 7,
        observed: one.observed,
        expected: one.expected,
        lower: one.lower,
        upper: one.upper,
        p: one.exceedanceProbability,
        quality: [],
        follow: next?.kind === 'assessed' ? { observed: next.observed, expected: next.expected } : null,
      },
    ];
  });
}

export interface AlertLoad {
  readonly days: number;
  readonly raised: number;
  readonly withinBudget: number;
  readonly raisedPerDay: number;
  readonly admittedPerDay: number;
  /** Alerts raised that name a district first, over districts × weeks in which somebody delivered. */
  readonly perDivisionWeek: number;
  readonly byRule: Readonly<Record<string, TrackRecordCounts>>;
  /** Clusters: share of alerts that a later evening renewed, and mean Jaccard overlap of their cells from one evening to the next. */
  readonly standingTwoDays: number | null;
  readonly overlap: number | null;
}

/** How much the alerts ask of the people who read them. */
export function alertLoad(
  { run, candidates }: AlertReplay,
  of: { readonly span: { readonly firstDay: number; readonly endDay: number }; readonly divisionWeeks: number },
): AlertLoad {
  const days = of.span.endDay - of.span.firstDay;
  const alerts = [...run.standing, ...run.ended];
  const sum = (value: (day: AlertRun['replay'][number]) => number): number =>
    run.replay.reduce((total, day) => total + value(day), 0);
  const raised = sum((day) => day.raised);
  const withinBudget = sum((day) => day.withinBudget);
  const clusters = alerts.filter(({ first }) => first.kind === 'cluster');
  return {
    days,
    raised,
    withinBudget,
    raisedPerDay: raised / days,
    admittedPerDay: withinBudget / days,
    perDivisionWeek: alerts.filter(({ first }) => first.place.kind !== 'city').length / of.divisionWeeks,
    byRule: Object.fromEntries(Object.keys(candidates).map((rule) => [rule, trackRecord(run, rule, of.span)])),
    standingTwoDays:
      clusters.length === 0 ? null : clusters.filter(({ since, lastDay }) => lastDay > since).length / clusters.length,
    overlap: consecutiveOverlap(candidates['cluster-scan'] ?? []), // the rule was not replayed: no clusters
  };
}

/** Mean over clusters that have one of their category with a common cell on the next day; null = none has. Cost: pairs of neighbouring days. */
export function consecutiveOverlap(clusters: readonly TimedCandidate[]): number | null {
  const byDay = new Map<number, TimedCandidate[]>();
  for (const one of clusters) byDay.set(one.fromDay, [...(byDay.get(one.fromDay) ?? []), one]);
  let [sum, pairs] = [0, 0];
  for (const today of clusters) {
    let best = 0;
    for (const next of byDay.get(today.fromDay + 1) ?? [])
      if (next.candidate.category === today.candidate.category) best = Math.max(best, jaccard(today, next));
    if (best === 0) continue;
    sum += best;
    pairs++;
  }
  return pairs === 0 ? null : sum / pairs;
}

function jaccard(a: TimedCandidate, b: TimedCandidate): number {
  if (a.candidate.place.kind !== 'cells' || b.candidate.place.kind !== 'cells') return 0;
  const own = new Set(a.candidate.place.cells);
  const other = b.candidate.place.cells;
  const common = other.filter((cell) => own.has(cell)).length;
  return common / (own.size + other.length - common);
}

/** Alerts whose place, on their first or newest evening, holds one of these cells of that resolution. */
export function alertsAt(run: AlertRun, cellsAt: ReadonlyMap<number, number>): readonly StandingAlert[] {
  return [...run.standing, ...run.ended].filter(({ first, merged }) =>
    [first, merged.head].some(
      ({ place }) => place.kind === 'cells' && place.cells.includes(cellsAt.get(place.resolution) ?? -1), // no cell is −1
    ),
  );
}
