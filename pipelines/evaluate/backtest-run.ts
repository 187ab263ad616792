import type { AlertRules } from '../../core/contract/alert-rules.ts';
import {
  type AlertLoad,
  type AlertReplay,
  alertLoad,
  alertsAt,
  BACKTESTED_RULES,
  replayAlerts,
} from '../../core/evaluate/backtest/alert-replay.ts';
import { type Calibration, calibration } from '../../core/evaluate/backtest/calibration.ts';
import type { CityFacts, RowChoice } from '../../core/evaluate/backtest/city-facts.ts';
import { monthlyCounts, type PlaceReplay, placeReplay } from '../../core/evaluate/backtest/place-replay.ts';
import { type RuleChange, type RuleCount, ruleReplay } from '../../core/evaluate/backtest/rule-replay.ts';
import { assessedSeries, type WeeklySeries, weeklySeries } from '../../core/evaluate/backtest/weekly-series.ts';
import { diskNeighbours } from '../../core/stats/neighbours.ts';
import { Random } from '../../core/stats/random.ts';
import type { CityCalendar } from '../../core/time/city-calendar.ts';
import { isoDate } from '../../core/time/local-date.ts';
import type { Progress } from '../progress.ts';

const ALPHA = 0.01;
const REPLAY_WEEKS = 52;
const SEED = 1;

export interface BacktestReport {
  readonly format: 'hexsight-backtest';
  readonly profile: string;
  readonly snapshot: string;
  readonly window: { readonly firstDay: string; readonly endDay: string };
  readonly rows: number;
  readonly cells: number;
  readonly places: readonly { readonly stream: string; readonly replay: PlaceReplay }[];
  readonly calibration: Calibration;
  readonly holes: HoleCheck;
  readonly alerts: AlertLoad & { readonly weeks: number };
  /** Places with the most reports in the span, most first. */
  readonly chronic: readonly ChronicPlace[];
  readonly replayed: ReplayedRuleAnswer | null;
}

/** Weeks of the last 52 that were not delivered, and what was said of them. */
export interface HoleCheck {
  readonly weeks: number;
  readonly seriesWeeks: number;
  /** Assessments of hole weeks: must be 0. */
  readonly assessed: number;
  /** Alerts of clusters and series whose period begins in a week that is a hole of the city: must be 0. */
  readonly alerts: number;
}

/** A place with very many reports, and what became of it in the alerts of 52 weeks. */
export interface ChronicPlace {
  readonly district: string | null;
  readonly rows: number;
  readonly rowsInSpan: number;
  readonly alerts: readonly {
    readonly id: string;
    readonly firstRule: string;
    readonly headRule: string;
    readonly since: string;
    readonly daysStanding: number;
  }[];
  /** Mondays of the span on which it was named a recurring problem, of so many looked at; items it was named for. */
  readonly mondaysNamed: number;
  readonly mondays: number;
  readonly items: number;
}

export interface ReplayedRuleAnswer extends RuleChange {
  readonly weeks: number;
  readonly was: number;
  readonly now: RuleCount;
  readonly before: RuleCount;
}
export interface BacktestInput {
  readonly profile: string;
  readonly snapshot: string;
  readonly facts: CityFacts;
  readonly calendar: CityCalendar;
  readonly rules: AlertRules;
  readonly change: RuleChange | null;
}

/** Replays a published city. Same facts, same report. */
export function backtestRun(input: BacktestInput, progress: Progress): BacktestReport {
  const { facts, calendar } = input;
  const stage = (name: string, done: number): void => progress({ stage: name, done, total: 4, unit: 'parts' });
  stage('places', 0);
  const places = placesOf(facts);
  stage('series', 1);
  const series = weeklySeries(facts, calendar);
  const to = facts.weeks.length;
  const from = Math.max(0, to - REPLAY_WEEKS);
  const assessed = assessedSeries(facts, calendar, series, { from, to, alpha: ALPHA });
  const calibrated = calibration(series, assessed, { alpha: ALPHA, random: new Random(SEED) });
  stage('alerts', 2);
  const span = {
    firstDay: Math.max(facts.window.firstDay, facts.window.endDay - REPLAY_WEEKS * 7),
    endDay: facts.window.endDay,
  };
  const which = BACKTESTED_RULES;
  const replay = replayAlerts({ ...input, series, span, which });
  stage('rule', 3);
  const replayed = input.change === null ? null : replayedRule(input, series, input.change);
  stage('rule', 4);
  return {
    format: 'hexsight-backtest',
    profile: input.profile,
    snapshot: input.snapshot,
    window: { firstDay: isoDate(facts.window.firstDay), endDay: isoDate(facts.window.endDay) },
    rows: facts.day.length,
    cells: facts.cells.length,
    places,
    calibration: calibrated,
    holes: holeCheck(facts, series, assessed, replay, from),
    alerts: {
      ...alertLoad(replay, { span, divisionWeeks: knownDivisionWeeks(series, facts, from) }),
      weeks: Math.round((span.endDay - span.firstDay) / 7),
    },
    chronic: chronicPlaces(facts, replay, span),
    replayed,
  };
}

function placesOf(facts: CityFacts): BacktestReport['places'] {
  const neighbours = diskNeighbours(facts.cells, { k: 1 });
  const choices: readonly { readonly stream: string; readonly choice: RowChoice }[] = [
    { stream: 'all', choice: {} },
    ...facts.sources.map(({ key }, source) => ({ stream: `source ${key}`, choice: { source } })),
    ...facts.groups.map(({ id, code }) => ({ stream: `group ${code}`, choice: { group: id } })),
  ];
  return choices.flatMap(({ stream, choice }) => {
    const counts = monthlyCounts(facts, choice);
    return counts.events === 0 ? [] : [{ stream, replay: placeReplay(facts, counts, neighbours, SEED) }];
  });
}

const isHole = (value: number | undefined): boolean => value === undefined || Number.isNaN(value);

function holeCheck(
  facts: CityFacts,
  series: readonly WeeklySeries[],
  assessed: ReturnType<typeof assessedSeries>,
  { candidates }: AlertReplay,
  from: number,
): HoleCheck {
  let [seriesWeeks, wrong] = [0, 0];
  series.forEach(({ counts }, s) => {
    for (const one of assessed[s] ?? []) {
      if (!isHole(counts[one.index])) continue;
      seriesWeeks++;
      if (one.kind === 'assessed') wrong++;
    }
  });
  const byGroup = new Map(series.filter(({ district }) => district < 0).map(({ group, counts }) => [group, counts]));
  const hole = (group: number, day: number): boolean =>
    isHole(byGroup.get(group)?.[Math.floor((day - (facts.weeks[0] as number)) / 7)]);
  const alerts = [...(candidates['cluster-scan'] ?? []), ...(candidates['series-weekly'] ?? [])].filter(
    ({ candidate }) => hole(candidate.category, candidate.period.endDay - 1),
  ).length;
  const weeks = new Set<number>();
  for (const counts of byGroup.values()) for (let w = from; w < counts.length; w++) if (isHole(counts[w])) weeks.add(w);
  return { weeks: weeks.size, seriesWeeks, assessed: wrong, alerts };
}

/** Districts × weeks in which at least one group of the district was delivered. */
function knownDivisionWeeks(series: readonly WeeklySeries[], facts: CityFacts, from: number): number {
  const known = new Set<number>();
  for (const { district, counts } of series)
    if (district >= 0)
      for (let w = from; w < counts.length; w++) if (!isHole(counts[w])) known.add(district * facts.weeks.length + w);
  return known.size;
}

const CHRONIC_PLACES = 3;

function chronicPlaces(
  facts: CityFacts,
  replay: AlertReplay,
  span: { readonly firstDay: number; readonly endDay: number },
): ChronicPlace[] {
  const counts = new Map<number, { rows: number; inSpan: number; example: number }>();
  for (let i = 0; i < facts.day.length; i++) {
    const place = facts.placeCell[i] as number;
    if (place < 0) continue;
    const known = counts.get(place) ?? { rows: 0, inSpan: 0, example: i };
    known.rows++;
    if ((facts.day[i] as number) >= span.firstDay) known.inSpan++;
    counts.set(place, known);
  }
  const mondays = Array.from(facts.weeks).filter((day) => day >= span.firstDay && day < span.endDay).length;
  return [...counts]
    .sort(([, a], [, b]) => b.inSpan - a.inSpan)
    .slice(0, CHRONIC_PLACES)
    .map(([place, { rows, inSpan, example }]) => {
      const r8 = facts.cell[example] as number;
      const at = alertsAt(
        replay.run,
        new Map([
          [9, place],
          [8, r8],
          [7, facts.coarseOf[r8] as number],
        ]),
      );
      const named = replay.recurring.filter(({ cell }) => cell === place);
      return {
        district: facts.districts[facts.district[example] as number]?.name ?? null,
        rows,
        rowsInSpan: inSpan,
        alerts: at
          .map((alert) => ({
            id: alert.id,
            firstRule: alert.first.rule,
            headRule: alert.merged.head.rule,
            since: isoDate(alert.since),
            daysStanding: alert.lastDay - alert.since + 1,
          }))
          .sort((a, b) => (a.since < b.since ? -1 : 1)),
        mondaysNamed: new Set(named.map(({ day }) => day)).size,
        mondays,
        items: new Set(named.map(({ category }) => category)).size,
      };
    });
}

/** As the desk answers it: `core/evaluate/backtest/rule-replay.ts`. */
function replayedRule(input: BacktestInput, series: readonly WeeklySeries[], change: RuleChange): ReplayedRuleAnswer {
  const { weeks, was, before, now } = ruleReplay(input, change, series);
  return { ...change, weeks, was, before: before.count, now: now.count };
}
