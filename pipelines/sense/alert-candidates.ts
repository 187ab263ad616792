import type { Candidate, DivisionShare, QualityFlag } from '../../core/alert/candidate.ts';
import { cellCandidate } from '../../core/alert/candidates/from-cells.ts';
import {
  type AssessedPeriod,
  type SeriesRule,
  seriesCandidates,
  type TimedCandidate,
} from '../../core/alert/candidates/from-series.ts';
import type { PlaceDetail } from '../../core/alert/incident-index.ts';
import type { AlertRules } from '../../core/contract/alert-rules.ts';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { ALL_CATEGORIES, EMERGING } from '../../core/contract/sense.ts';
import { KNOWN } from '../../core/sense/delivery.ts';
import {
  chronicAround,
  countAt,
  type RecurringPlace,
  type ReportsByPlace,
  recurringPlaces,
  reportsByPlace,
} from '../../core/sense/recurrence.ts';
import { slowGrowth } from '../../core/sense/slow-growth.ts';
import { fitGumbelQuartiles, gumbelP, recurrenceIntervalDays } from '../../core/stats/gumbel.ts';
import { poissonAtLeast } from '../../core/stats/poisson.ts';
import { breaksOf, type CityCalendar } from '../../core/time/city-calendar.ts';
import type { Division } from '../steps/divisions.ts';
import type { AlertPlaces } from './alert-places.ts';
import type { PlanCounts } from './counts.ts';
import type { Sensed, SensedStream } from './sense.ts';
import type { SensedSeries } from './series.ts';

/** What every kind of candidate is made from. Days since 1970-01-01, city zone. */
export interface CandidateInput {
  readonly sensed: Sensed;
  readonly rules: AlertRules;
  readonly categories: readonly CategoryEntry[];
  readonly sources: readonly { readonly key: string }[];
  readonly divisions: readonly Division[];
  readonly calendar: CityCalendar;
  readonly places: AlertPlaces;
  /** Rows of the study cells within so many steps of a cell, without it. */
  readonly around: Around;
  /** Reports with closure by cell of resolution 9. */
  readonly closed: PlanCounts;
  /** Evenings replayed, half-open; the last one is the as-of day. */
  readonly replay: { readonly firstDay: number; readonly endDay: number };
}

export type Around = (of: {
  readonly resolution: number;
  readonly cell: number;
  readonly rings: number;
}) => readonly number[];

/** Days after which nearly everything about a week has come in: what is compared with later is final by then. */
const SETTLED_DAYS = 14;

export function ruleOf(rules: AlertRules, id: string): AlertRules['rules'][number] {
  const rule = rules.rules.find((one) => one.id === id);
  if (!rule) throw new Error(`alert rules have no rule ${id}`);
  return rule;
}
export const parameter = (rule: AlertRules['rules'][number], name: string): number => {
  const value = rule.parameters[name];
  if (value === undefined) throw new Error(`alert rule ${rule.id} has no parameter ${name}`);
  return value;
};

export const severityOf = (categories: readonly CategoryEntry[], category: number): number =>
  category === ALL_CATEGORIES ? 0 : (categories[category]?.severity ?? 0);

/** Severity of what is there: of the item with most of it. A group's own entry says little. */
export function severityIn(detail: PlaceDetail, input: CandidateInput, category: number): number {
  let most = 0;
  let severity = severityOf(input.categories, category);
  for (const [item, n] of detail.byCategory) {
    if (n <= most) continue;
    most = n;
    severity = severityOf(input.categories, item);
  }
  return severity;
}

/** Shares by division of level 1, then by level 2, each largest first; what lies in no division is not named. */
export function divisionShares(detail: PlaceDetail, divisions: readonly Division[]): DivisionShare[] {
  const sums = new Map<number, number>();
  for (const [id, n] of detail.byDivision) {
    for (let division: Division | undefined = divisions[id]; division && division.level > 0; ) {
      sums.set(division.id, (sums.get(division.id) ?? 0) + n); // a sum starts at nothing
      division = division.parent === null ? undefined : divisions[division.parent];
    }
  }
  return [...sums]
    .map(([division, observed]) => ({
      division,
      level: divisions[division]?.level ?? 0,
      observed,
      share: detail.observed > 0 ? observed / detail.observed : 0,
    }))
    .sort((a, b) => a.level - b.level || b.observed - a.observed || a.division - b.division);
}

/** Flags of a category's weeks: delivery of its sources, breaks, and what the rows themselves show. */
export function qualityOf(
  input: CandidateInput,
  finding: {
    readonly division: number;
    readonly category: number;
    readonly firstDay: number;
    readonly endDay: number;
    readonly detail: PlaceDetail | null;
  },
): QualityFlag[] {
  const flags = new Set<QualityFlag>();
  const { frame } = input.sensed;
  const series =
    seriesOf(input.sensed, finding.division, finding.category) ?? seriesOf(input.sensed, 0, finding.category);
  if (series) {
    for (let t = 0; t < series.known.length; t++) {
      const monday = frame.weeks[series.firstPeriod + t]?.firstDay;
      if (monday === undefined || monday + 7 <= finding.firstDay || monday >= finding.endDay) continue;
      if (series.known[t] === KNOWN.missing) flags.add('not-delivered');
      else if (series.known[t] === KNOWN.cut) flags.add('thin-coverage');
    }
  }
  const code = input.categories[finding.category]?.code;
  for (const { key } of input.sources) {
    const hit = breaksOf(input.calendar, { source: key, category: code }).some(
      ({ day, endDay }) => day < finding.endDay && (endDay ?? day + BREAK_DAYS) > finding.firstDay,
    );
    if (hit) flags.add('channel-break');
  }
  if (finding.detail && finding.detail.observed > 0) {
    if (finding.detail.repeated / finding.detail.observed > MOST_REPEATED) flags.add('duplicates');
    if (finding.detail.observed < FEW_CASES) flags.add('few-cases');
  }
  if (finding.endDay > frame.asOfDay - STILL_FILLING_DAYS) flags.add('still-filling');
  return [...flags].sort();
}
/** A change of channel or coding is felt for so long. */
const BREAK_DAYS = 28;
/** Share of three and more of one item in one small cell on one day. */
const MOST_REPEATED = 0.5;
const FEW_CASES = 5;
const STILL_FILLING_DAYS = 3;

const byKey = new WeakMap<Sensed, Map<string, SensedSeries>>();
/** Weekly series of a division and category; undefined where none is published. */
export function seriesOf(sensed: Sensed, division: number, category: number): SensedSeries | undefined {
  let map = byKey.get(sensed);
  if (!map) {
    map = new Map(sensed.weekly.map((series) => [`${series.division}/${series.category}`, series]));
    byKey.set(sensed, map);
  }
  return map.get(`${division}/${category}`);
}

/** Unusual weeks and days of series. */
export function fromSeries(input: CandidateInput, step: 'week' | 'day'): TimedCandidate[] {
  const rule = ruleOf(input.rules, step === 'week' ? 'series-weekly' : 'series-daily');
  const days = step === 'week' ? 7 : 1;
  const periods: AssessedPeriod[] = [];
  for (const series of step === 'week' ? input.sensed.weekly : input.sensed.daily) {
    for (let t = 0; t < series.observed.length; t++) {
      const firstDay =
        step === 'week'
          ? (input.sensed.frame.weeks[series.firstPeriod + t]?.firstDay ?? Number.NaN)
          : series.firstPeriod + t;
      if (!(firstDay + days > input.replay.firstDay - 14) || firstDay + days - 1 > input.sensed.frame.asOfDay) continue;
      const p = series.p[t] as number;
      if (!(p >= 0) || !((series.expected[t] as number) >= 0)) continue;
      periods.push({
        division: series.division,
        category: series.category,
        severity: severityOf(input.categories, series.category),
        firstDay,
        endDay: firstDay + days,
        observed: series.observed[t] as number,
        expected: series.expected[t] as number,
        lower: series.lower[t] as number,
        upper: series.upper[t] as number,
        p,
        quality: [],
        follow: step === 'week' ? followOf(series, t + 1, firstDay + 14, input) : weekAfter(series, t + 1, input),
      });
    }
  }
  const shape: SeriesRule = {
    id: rule.id,
    alpha: parameter(rule, 'alpha'),
    fdr: parameter(rule, 'fdr'),
    leastObserved: parameter(rule, 'leastObserved'),
    standsDays: step === 'week' ? 7 : 3,
    lagDays: step === 'week' ? 1 : 2,
  };
  const found = seriesCandidates(periods, shape, {
    divisionsOf: (division) => lineageOf(division, input.divisions),
  });
  return found.map((timed) => ({
    ...timed,
    candidate: {
      ...timed.candidate,
      quality: qualityOf(input, {
        division: timed.candidate.place.kind === 'division' ? timed.candidate.place.division : 0,
        category: timed.candidate.category,
        firstDay: timed.candidate.period.firstDay,
        endDay: timed.candidate.period.endDay,
        detail: null,
      }),
    },
  }));
}

function followOf(series: SensedSeries, t: number, endDay: number, input: CandidateInput): Candidate['follow'] {
  if (endDay + SETTLED_DAYS > input.sensed.frame.asOfDay) return null;
  const [observed, expected] = [series.observed[t], series.expected[t]];
  return observed !== undefined && expected !== undefined && observed >= 0 && expected >= 0
    ? { observed, expected }
    : null;
}

/** The seven days after a day, all reports in. */
function weekAfter(series: SensedSeries, from: number, input: CandidateInput): Candidate['follow'] {
  if (series.firstPeriod + from + 7 + SETTLED_DAYS > input.sensed.frame.asOfDay) return null;
  let [observed, expected] = [0, 0];
  for (let t = from; t < from + 7; t++) {
    observed += series.observed[t] ?? Number.NaN; // past its end: not known
    expected += series.expected[t] ?? Number.NaN;
  }
  return observed >= 0 && expected >= 0 ? { observed, expected } : null;
}

/** The four weeks after, against the normal of the four before: it is frozen, and has no trend. */
function slowFollow(observed: Float64Array, from: number, expected: number, settled: number): Candidate['follow'] {
  const to = from + SLOW_STANDS_DAYS / 7;
  if (to > settled || to > observed.length) return null;
  const sum = observed.subarray(from, to).reduce((total, n) => total + n, 0);
  return sum >= 0 ? { observed: sum, expected } : null;
}

export function lineageOf(division: number, divisions: readonly Division[]): { division: number; level: number }[] {
  const line: { division: number; level: number }[] = [];
  for (let at: Division | undefined = divisions[division]; at && at.level > 0; ) {
    line.unshift({ division: at.id, level: at.level });
    at = at.parent === null ? undefined : divisions[at.parent];
  }
  return line;
}

/** Clusters of the daily scan above their stream's threshold. */
export function fromClusters(input: CandidateInput): TimedCandidate[] {
  const rule = ruleOf(input.rules, 'cluster-scan');
  return input.sensed.streams.flatMap((stream) => {
    const law = fitGumbelQuartiles(stream.calibrationScores);
    return stream.alerts.flatMap((alert) => {
      const day = stream.firstDay + alert.day;
      if (alert.observed < parameter(rule, 'leastObserved')) return [];
      const place = { resolution: stream.resolution, cells: [...alert.cells] };
      const firstDay = stream.firstDay + alert.firstDay;
      const detail = input.places.ofCells(place, { firstDay, endDay: day + 1, category: stream.category });
      const divisions = divisionShares(detail, input.divisions);
      const p = law ? gumbelP(law, alert.score) : null;
      const recurrenceDays = p === null ? null : recurrenceIntervalDays({ p, analysisIntervalDays: 1 });
      if (!law || (recurrenceDays !== null && recurrenceDays < parameter(rule, 'falseEpisodeDays'))) return [];
      const candidate = cellCandidate({
        kind: 'cluster',
        rule: rule.id,
        category: stream.category,
        severity: severityIn(detail, input, stream.category),
        ...place,
        divisions,
        firstDay,
        endDay: day + 1,
        observed: alert.observed,
        reports: alert.reports,
        expected: alert.expected,
        dispersion: 1,
        p: alert.expected > 0 ? poissonAtLeast({ count: alert.observed, mean: alert.expected }) : null,
        recurrenceDays,
        quality: qualityOf(input, {
          division: divisions[0]?.division ?? 0,
          category: stream.category,
          firstDay,
          endDay: day + 1,
          detail,
        }),
        follow: clusterFollow(input, stream, { ...place, day, firstDay, expected: alert.expected }),
      });
      return [{ fromDay: day, toDay: day, candidate }];
    });
  });
}

/** The seven days after, all reports in, against the expectation of the window's days brought to full completeness and from problems to reports. */
function clusterFollow(
  input: CandidateInput,
  stream: SensedStream,
  alert: {
    readonly resolution: number;
    readonly cells: readonly number[];
    readonly day: number;
    readonly firstDay: number;
    readonly expected: number;
  },
): Candidate['follow'] {
  if (alert.day + 7 + SETTLED_DAYS > input.sensed.frame.asOfDay) return null;
  let complete = 0;
  for (let day = alert.firstDay; day <= alert.day; day++)
    complete += stream.completeness[Math.min(alert.day - day, stream.completeness.length - 1)] ?? 1; // nothing learned: all there
  if (!(complete > 0)) return null;
  const after = input.places.ofCells(alert, {
    firstDay: alert.day + 1,
    endDay: alert.day + 8,
    category: stream.category,
  });
  return { observed: after.observed, expected: (alert.expected / complete) * 7 * stream.reportsPerProblem };
}

/** Cells that are a hot spot for the first time in the newest settled week, and above their own past. */
export function fromEmerging(input: CandidateInput): TimedCandidate[] {
  const rule = ruleOf(input.rules, 'emerging-hot');
  const { frame, hotspotGrid } = input.sensed;
  const last = frame.weeks[frame.settledEnd - 1]?.firstDay;
  if (!hotspotGrid || last === undefined) return [];
  const fresh = EMERGING.indexOf('new-hot');
  const from = Math.max(last + 7, input.replay.firstDay);
  return input.sensed.hotspots.flatMap(({ category, result }) => {
    const { rows } = result;
    const found: TimedCandidate[] = [];
    for (let i = 0; i < rows.cell.length; i++) {
      const expected = rows.expected[i] as number;
      const observed = rows.observed[i] as number;
      // Window 0 = the last four weeks, variant 2 = change against the cell's own past.
      if (rows.window[i] !== 0 || rows.variant[i] !== 2 || rows.emerging[i] !== fresh) continue;
      if (!((rows.q[i] as number) <= parameter(rule, 'fdr')) || !((rows.z[i] as number) > 0)) continue;
      if (observed < parameter(rule, 'leastObserved') || !(observed >= parameter(rule, 'leastRatio') * expected))
        continue;
      const place = { resolution: hotspotGrid.resolution, cells: [rows.cell[i] as number] };
      const span = { firstDay: last - 21, endDay: last + 7, category };
      const detail = input.places.ofCells(place, span);
      const divisions = divisionShares(detail, input.divisions);
      const candidate = cellCandidate({
        kind: 'emerging',
        rule: rule.id,
        severity: severityIn(detail, input, category),
        ...place,
        ...span,
        divisions,
        observed,
        expected,
        dispersion: 1,
        p: rows.p[i] as number,
        recurrenceDays: null,
        quality: qualityOf(input, { division: divisions[0]?.division ?? 0, ...span, detail }),
        follow: null,
      });
      found.push({ fromDay: from, toDay: frame.asOfDay, candidate });
    }
    return found;
  });
}

/** Mondays on which slow rules look again, newest last. */
function mondays(input: CandidateInput, weeks: number): number[] {
  const { frame } = input.sensed;
  return Array.from({ length: weeks }, (_, i) => frame.settledEnd - weeks + i).flatMap((w) => {
    const monday = frame.weeks[w]?.firstDay;
    return monday === undefined ? [] : [monday + 7];
  });
}
/** What lasts for months does not change in a week: it is looked at so seldom, and stands until it is looked at again. */
export const SLOW_STANDS_DAYS = 28;
/** Mondays `SLOW_STANDS_DAYS` apart, from the first evening of the replay to the newest settled Monday. */
export function mondaysEveryFour(input: CandidateInput): number[] {
  const weeks = 1 + Math.ceil((input.replay.endDay - input.replay.firstDay) / 7);
  return mondays(input, weeks).filter((_, i, all) => (all.length - 1 - i) % (SLOW_STANDS_DAYS / 7) === 0);
}
/** Slow rules are replayed over the weeks of the replay: six would leave none old enough for a track record. */
const SLOW_WEEKS = 12;

/** The same item at the same place again after it was closed: lately, and all year. */
export function fromRecurrence(input: CandidateInput): TimedCandidate[] {
  const { closed } = input;
  const [cell, category, day, close] = ['r9', 'category', 'day', 'close'].map((name) => closed.column(name)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const reports = reportsByPlace(spread(closed.n, { cell, category, day, close }));
  const lately = ruleOf(input.rules, 'recurrence');
  const within = parameter(lately, 'withinDays');
  /** The days after, once all reports are in. */
  const after = (endDay: number) =>
    endDay + SLOW_STANDS_DAYS + SETTLED_DAYS <= input.sensed.frame.asOfDay
      ? { firstDay: endDay, endDay: endDay + SLOW_STANDS_DAYS }
      : null;
  const found = recurring(input, reports, {
    rule: lately,
    mondays: mondays(input, SLOW_WEEKS),
    standsDays: 7,
    windowDays: within,
    leastSpread: 1,
    populationDays: RECURRENCE_DAYS,
    follow: (place, endDay) => {
      const days = after(endDay);
      return (
        days && { observed: countAt(reports, place, days), expected: (place.expected * SLOW_STANDS_DAYS) / within }
      );
    },
  });
  // A profile with rules of its own may have none for what lasts all year.
  const allYear = input.rules.rules.find(({ id }) => id === 'chronic');
  if (!allYear) return found;
  const windowDays = parameter(allYear, 'windowDays');
  const chronic = {
    windowDays,
    leastAround: parameter(allYear, 'leastAround'),
    alphaAround: parameter(allYear, 'alphaAround'),
    latelyDays: allYear.parameters.latelyDays ?? windowDays, // rules of before: the whole time
  };
  const aroundOf = (place: RecurringPlace, endDay: number): number | null => {
    const around = input.around({ resolution: 9, cell: place.cell, rings: CHRONIC_RINGS });
    return chronicAround(reports, place, { endDay, around }, chronic);
  };
  return [
    ...found,
    ...recurring(input, reports, {
      rule: allYear,
      mondays: mondaysEveryFour(input),
      standsDays: SLOW_STANDS_DAYS,
      windowDays,
      leastSpread: parameter(allYear, 'leastSpread'),
      populationDays: windowDays,
      standsOut: (place, { endDay }) => aroundOf(place, endDay) !== null,
      follow: (place, endDay) => {
        const days = after(endDay);
        const usual = aroundOf(place, endDay);
        return days && usual !== null
          ? { observed: countAt(reports, place, days), expected: (usual * SLOW_STANDS_DAYS) / windowDays }
          : null;
      },
    }),
  ];
}

function recurring(
  input: CandidateInput,
  reports: ReportsByPlace,
  {
    rule,
    mondays: evenings,
    standsDays,
    standsOut,
    follow,
    ...span
  }: {
    readonly rule: AlertRules['rules'][number];
    readonly mondays: readonly number[];
    readonly standsDays: number;
    readonly windowDays: number;
    readonly leastSpread: number;
    readonly populationDays: number;
    readonly standsOut?: (
      place: RecurringPlace,
      days: { readonly firstDay: number; readonly endDay: number },
    ) => boolean;
    /** What the place had in the days after `endDay`, against what it is compared with. */
    readonly follow: (place: RecurringPlace, endDay: number) => Candidate['follow'];
  },
): TimedCandidate[] {
  const withinDays = parameter(rule, 'withinDays');
  return evenings.flatMap((endDay) =>
    recurringPlaces(reports, { endDay, withinDays, ...span }).flatMap((place) => {
      if (place.q > parameter(rule, 'alpha') || place.repeats < parameter(rule, 'leastRepeats')) return [];
      if (standsOut && !standsOut(place, { firstDay: endDay - span.windowDays, endDay })) return [];
      const at = { resolution: 9, cells: [place.cell] };
      const days = {
        firstDay: Math.max(endDay - span.windowDays, input.places.firstDay),
        endDay,
        category: place.category,
      };
      const detail = input.places.ofCells(at, days);
      const divisions = divisionShares(detail, input.divisions);
      const candidate = cellCandidate({
        kind: 'recurrence',
        rule: rule.id,
        severity: severityOf(input.categories, place.category),
        ...at,
        ...days,
        firstDay: endDay - span.windowDays,
        divisions,
        observed: place.observed,
        expected: place.expected,
        dispersion: 1,
        p: place.p,
        // Chosen places compared with other places: how often chance gives one is not known, and not said.
        recurrenceDays: null,
        quality: qualityOf(input, { division: divisions[0]?.division ?? 0, ...days, detail: null }),
        follow: follow(place, endDay),
      });
      return [
        {
          fromDay: endDay,
          toDay: endDay + standsDays - 1,
          candidate: { ...candidate, interval: [0, place.upper] as const },
        },
      ];
    }),
  );
}
/** A chronic place is compared with the 18 cells within two steps, about half a kilometre. */
const CHRONIC_RINGS = 2;
/** Days of reports the recurrence rule compares places with. */
export const RECURRENCE_DAYS = 200;
/** Days before the as-of day whose closures are read: what lasts a year, seen from the first evening. */
export const RECURRENCE_PAST_DAYS = 364 + 12 * 7 + 21;
const NOT_CLOSED = 65_535;

/** One row a report. */
function spread(
  n: Uint32Array,
  columns: {
    readonly cell: Uint32Array;
    readonly category: Uint32Array;
    readonly day: Uint32Array;
    readonly close: Uint32Array;
  },
): { cell: Uint32Array; category: Uint32Array; day: Uint32Array; closedDay: Int32Array } {
  const length = n.reduce((sum, count) => sum + count, 0);
  const out = {
    cell: new Uint32Array(length),
    category: new Uint32Array(length),
    day: new Uint32Array(length),
    closedDay: new Int32Array(length),
  };
  let at = 0;
  for (let i = 0; i < n.length; i++) {
    const closedDay =
      columns.close[i] === NOT_CLOSED ? -1 : (columns.day[i] as number) + Math.floor((columns.close[i] as number) / 24);
    for (let k = 0; k < (n[i] as number); k++) {
      out.cell[at] = columns.cell[i] as number;
      out.category[at] = columns.category[i] as number;
      out.day[at] = columns.day[i] as number;
      out.closedDay[at] = closedDay;
      at++;
    }
  }
  return out;
}

/** Series that drift upwards for months, city and districts. */
export function fromSlowGrowth(input: CandidateInput): TimedCandidate[] {
  const rule = ruleOf(input.rules, 'slow-growth');
  const { frame } = input.sensed;
  const options = {
    weeks: parameter(rule, 'weeks'),
    theta: parameter(rule, 'theta'),
    limit: parameter(rule, 'limit'),
    trendAlpha: parameter(rule, 'trendAlpha'),
  };
  return input.sensed.weekly.flatMap((series) => {
    if (series.level > 1) return [];
    return mondays(input, SLOW_WEEKS).flatMap((endDay) => {
      const end = frame.weeks.findIndex(({ firstDay }) => firstDay === endDay - 7) + 1 - series.firstPeriod;
      if (end <= 0 || end > series.observed.length) return [];
      const found = slowGrowth(series.observed.subarray(0, end), options);
      if (found.kind !== 'assessed' || !found.grows || found.observed < parameter(rule, 'leastObserved')) return [];
      const span = { firstDay: endDay - 28, endDay };
      const line = lineageOf(series.division, input.divisions);
      const candidate: Candidate = {
        kind: 'slow-growth',
        rule: rule.id,
        category: series.category,
        severity: severityOf(input.categories, series.category),
        place: series.division === 0 ? { kind: 'city' } : { kind: 'division', division: series.division },
        divisions: line.map((part) => ({ ...part, observed: found.observed, share: 1 })),
        period: span,
        observed: found.observed,
        expected: found.expected,
        interval: [
          Math.max(0, found.expected - 1.96 * Math.sqrt(found.dispersion * found.expected)),
          found.expected + 1.96 * Math.sqrt(found.dispersion * found.expected),
        ],
        p: found.trendP,
        recurrenceDays: null,
        quality: qualityOf(input, { division: series.division, category: series.category, ...span, detail: null }),
        follow: slowFollow(series.observed, end, found.expected, frame.settledEnd - series.firstPeriod),
      };
      return [{ fromDay: endDay, toDay: endDay + 6, candidate }];
    });
  });
}
