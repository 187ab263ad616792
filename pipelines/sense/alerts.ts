import { cellToLatLng, gridDisk } from 'h3-js';
import type { Candidate } from '../../core/alert/candidate.ts';
import { evenings } from '../../core/alert/candidates/from-series.ts';
import {
  type AlertRun,
  byRank,
  certaintyAllowed,
  isKnown,
  runAlerts,
  type StandingAlert,
  trackRecord,
} from '../../core/alert/engine.ts';
import { type MergeContext, meets } from '../../core/alert/merge.ts';
import { isRegisterRule, splitRegister, withoutBudget } from '../../core/alert/register.ts';
import { levelSentence, type Names, QUALITY_SAYS, whySentence } from '../../core/alert/why.ts';
import type { AlertRules } from '../../core/contract/alert-rules.ts';
import type { CategoryEntry, Label } from '../../core/contract/manifest.ts';
import { ALL_CATEGORIES, type Alert, Alerts, type PastAlert } from '../../core/contract/sense.ts';
import type { CoarseGrid } from '../../core/grid/study-grid.ts';
import { poissonQuantile } from '../../core/stats/poisson.ts';
import { type CityCalendar, dayKind } from '../../core/time/city-calendar.ts';
import type { Duck } from '../io/duck.ts';
import type { Division } from '../steps/divisions.ts';
import {
  type Around,
  type CandidateInput,
  fromClusters,
  fromEmerging,
  fromRecurrence,
  fromSeries,
  fromSlowGrowth,
  RECURRENCE_PAST_DAYS,
  seriesOf,
} from './alert-candidates.ts';
import { fromLevelChanges } from './alert-level-changes.ts';
import { type AlertPlaces, alertPlaces } from './alert-places.ts';
import { REPLAY_DAYS } from './clusters.ts';
import { runPlan } from './counts.ts';
import type { Sensed } from './sense.ts';

export interface AlertInput {
  /** The view `incident` stands for all units; null = there is none. */
  readonly duck: Duck | null;
  readonly sensed: Sensed;
  readonly rules: AlertRules;
  readonly categories: readonly CategoryEntry[];
  readonly sources: readonly { readonly key: string }[];
  readonly divisions: readonly Division[];
  readonly coarse: readonly CoarseGrid[];
  readonly calendar: CityCalendar;
}

/** Days of the past year's level that curves and rings are compared with. */
const YEAR_DAYS = 364;
const CURVE_DAYS = 42;
const CURVE_WEEKS = 26;
const ENDED_DAYS = 14;

/**
 * Replays the last 12 weeks evening by evening and says what stands on the as-of day (`core/alert`). The same counts give the same alerts.
 */
export async function alerts(input: AlertInput): Promise<Alerts> {
  const { sensed, rules, duck } = input;
  const { asOfDay } = sensed.frame;
  const replay = { firstDay: Math.max(sensed.frame.firstDay, asOfDay + 1 - REPLAY_DAYS), endDay: asOfDay + 1 };
  if (!duck || !sensed.counts)
    return documentOf(input, { news: NO_RUN, register: NO_RUN, isRegistered: () => false }, replay, () => null);
  const places = await alertPlaces(duck, {
    coarse: input.coarse,
    categories: input.categories,
    divisions: input.divisions,
    firstDay: Math.max(0, replay.firstDay - YEAR_DAYS),
  });
  const closed = await runPlan(duck, {
    name: 'alert closures',
    by: ['r9', 'category', 'day', 'close'],
    where: [
      { dimension: 'res', is: '>=', value: 9 },
      { dimension: 'day', is: '>=', value: Math.max(0, asOfDay - RECURRENCE_PAST_DAYS) },
    ],
    measures: [{ kind: 'count', as: 'n' }],
  });
  const around = ringsOf(input.coarse);
  const given: CandidateInput = {
    sensed,
    rules,
    categories: input.categories,
    sources: input.sources,
    divisions: input.divisions,
    calendar: input.calendar,
    places,
    around,
    closed,
    replay,
  };
  const timed = [
    ...fromClusters(given),
    ...fromSeries(given, 'week'),
    ...fromSeries(given, 'day'),
    ...fromEmerging(given),
    ...fromRecurrence(given),
    ...fromSlowGrowth(given),
    ...fromLevelChanges(given),
  ];
  const context = {
    categories: { end: (id: number) => input.categories[id]?.end ?? id + 1 },
    divisions: { end: (id: number) => input.divisions[id]?.end ?? id + 1 },
    all: ALL_CATEGORIES,
    isInside: insideOf(input.coarse),
  };
  const days = splitRegister(evenings(timed, replay), rules, context);
  // What a rule has been right about so far bounds how certain its alerts may call themselves.
  const first = runAlerts(days.news, rules, context);
  const allowed = new Map(
    rules.rules.map(({ id }) => [id, certaintyAllowed(trackRecord(first, id, replay), rules.level.trackRecord)]),
  );
  const news = runAlerts(days.news, rules, context, (rule) => allowed.get(rule) ?? rules.level.trackRecord.unproven);
  const register = runAlerts(days.register, withoutBudget(rules), context);
  const isRegistered = ({ merged: { head } }: StandingAlert): boolean =>
    register.standing.some(
      ({ merged: { head: known } }) =>
        known.kind === head.kind && known.category === head.category && meets(known, head, context),
    );
  return documentOf(input, { news, register, isRegistered }, replay, (alert) => cardOf(input, places, around, alert));
}

const NO_RUN: AlertRun = { standing: [], ended: [], replay: [] };

/** By the centre of the finer cells: ids of the finest cells are nested. */
function insideOf(coarse: readonly CoarseGrid[]): NonNullable<MergeContext['isInside']> {
  const at = new Map(coarse.map((grid) => [grid.resolution, grid]));
  return (finer, coarser) => {
    const [fine, wide] = [at.get(finer.resolution), at.get(coarser.resolution)];
    if (!fine || !wide) return false;
    const inside = finer.cells.filter((cell) => {
      const middle = Math.floor(((fine.firstId[cell] as number) + (fine.endId[cell] as number)) / 2);
      return coarser.cells.some(
        (row) => middle >= (wide.firstId[row] as number) && middle < (wide.endId[row] as number),
      );
    });
    return inside.length * 2 >= finer.cells.length;
  };
}

interface Runs {
  readonly news: AlertRun;
  readonly register: AlertRun;
  /** What came back until it was put into the register has not ended. */
  readonly isRegistered: (ended: StandingAlert) => boolean;
}
/** What a card says beyond the candidate itself. */
type Card = Pick<Alert, 'curve' | 'neighbours' | 'classes' | 'sources' | 'hours'>;

function documentOf(
  input: AlertInput,
  { news, register, isRegistered }: Runs,
  replay: { readonly firstDay: number; readonly endDay: number },
  card: (alert: StandingAlert) => Card | null,
): Alerts {
  const { rules, sensed } = input;
  const rank = new Map<string, number>();
  const { asOfDay } = sensed.frame;
  const listed = news.standing.filter((alert) => !isKnown(alert, asOfDay, rules.identity));
  const known = news.standing.filter((alert) => isKnown(alert, asOfDay, rules.identity));
  const inside = listed.filter((alert) => alert.admittedDay !== null);
  const over = listed.filter((alert) => alert.admittedDay === null);
  const long = [...known, ...register.standing].sort(byRank);
  const all = { standing: [...news.standing, ...register.standing], ended: [...news.ended, ...register.ended] };
  for (const list of [inside, over, long]) for (const [i, alert] of list.entries()) rank.set(alert.id, i + 1);
  const full = (alert: StandingAlert): Alert => alertOf(input, alert, rank.get(alert.id) ?? 1, card(alert)); // ended ones stand in no order
  return Alerts.parse({
    format: 'hexsight-alerts',
    asOfDay,
    budget: rules.budget,
    alerts: inside.map(full),
    rest: over.map(full),
    ended: all.ended
      .filter((alert) => alert.admittedDay !== null && alert.lastDay >= asOfDay - ENDED_DAYS && !isRegistered(alert))
      .map(full),
    register: long.map(full),
    rules: rules.rules.map((rule) => ({ ...rule, trackRecord: trackRecord(all, rule.id, replay) })),
    replay: [...news.replay],
    history: [...all.standing, ...all.ended]
      .sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
      .map((alert) => pastAlert(alert, rules)),
    engine: { level: rules.level, identity: rules.identity },
  } satisfies Alerts);
}

function pastAlert({ id, since, lastDay, admittedDay, levelled, first }: StandingAlert, rules: AlertRules): PastAlert {
  const { place, kind, category, observed, expected } = first;
  return {
    id,
    kind,
    category,
    level: levelled.level,
    since,
    lastDay,
    admittedDay,
    cells: place.kind === 'cells' ? [...place.cells] : [],
    resolution: place.kind === 'cells' ? place.resolution : null,
    division: place.kind === 'cells' ? null : place.kind === 'city' ? 0 : place.division,
    observed,
    expected,
    ...(isRegisterRule(rules, first.rule) ? { registered: true } : {}),
  };
}

function alertOf(input: AlertInput, alert: StandingAlert, rank: number, card: Card | null): Alert {
  const { head } = alert.merged;
  const { levelled } = alert;
  const rule = input.rules.rules.find((one) => one.id === head.rule);
  const names = namesOf(input);
  return {
    id: alert.id,
    level: levelled.level,
    cappedFrom: levelled.cappedFrom,
    state: alert.state,
    since: alert.since,
    lastDay: alert.lastDay,
    kind: head.kind,
    foundBy: [...alert.merged.foundBy],
    rule: { id: head.rule, version: rule?.version ?? 1 },
    category: head.category,
    divisions: head.divisions.map((part) => ({ ...part, share: Math.min(1, part.share) })),
    cells: head.place.kind === 'cells' ? [...head.place.cells] : [],
    resolution: head.place.kind === 'cells' ? head.place.resolution : null,
    centre: centreOf(input, head),
    period: head.period,
    observed: head.observed,
    ...(head.reports === undefined ? {} : { reports: head.reports }),
    expected: head.expected,
    interval: [head.interval[0], head.interval[1]],
    p: head.p,
    recurrenceDays: head.recurrenceDays,
    curve: card?.curve ?? { step: 'day', firstDay: head.period.firstDay, observed: [], expected: [], upper: [] },
    neighbours: card?.neighbours ?? null,
    classes: card?.classes ?? [],
    sources: card?.sources ?? [],
    hours: card?.hours ?? null,
    calendar: calendarOf(input.calendar, head.period),
    quality: head.quality.map((flag) => ({ flag, says: QUALITY_SAYS[flag] })),
    why: whySentence(head, names),
    levelWhy: levelSentence(head, levelled, input.rules.level),
    rank,
    score: alert.evidence,
  };
}

function namesOf({ categories, divisions }: AlertInput): Names {
  return {
    category: (id): Label =>
      id === ALL_CATEGORIES
        ? { zh: '全部类别', en: 'all categories' }
        : (categories[id]?.name ?? { zh: '未归类', en: 'unmapped' }),
    division: (id): Label => {
      const division = divisions[id];
      return division ? { zh: division.name, en: division.nameEn ?? division.name } : { zh: '区划外', en: 'outside' };
    },
  };
}

function centreOf(input: AlertInput, head: Candidate): [number, number] | null {
  if (head.place.kind === 'city') return null;
  if (head.place.kind === 'division') {
    const label = input.divisions[head.place.division]?.label;
    return label ? [label.lng, label.lat] : null;
  }
  const { resolution, cells } = head.place;
  const grid = input.coarse.find((part) => part.resolution === resolution);
  if (!grid || cells.length === 0) return null;
  let [lng, lat] = [0, 0];
  for (const cell of cells) {
    const [y, x] = cellToLatLng(grid.h3[cell] as string);
    lng += x / cells.length;
    lat += y / cells.length;
  }
  return [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
}

function calendarOf(calendar: CityCalendar, period: { readonly firstDay: number; readonly endDay: number }): Label[] {
  const found = new Map<string, Label>();
  for (let day = period.firstDay; day < period.endDay; day++) {
    const kind = dayKind(calendar, day);
    if (kind.holiday) found.set(kind.holiday.zh, { ...kind.holiday });
    else if (kind.type === 'make-up-workday') found.set('调休上班', { zh: '调休上班', en: 'make-up workday' });
  }
  return [...found.values()];
}

/** An alert asks for a few cells: what is around all of them is not worked out. */
function ringsOf(coarse: readonly CoarseGrid[]): Around {
  const rows = new Map<number, ReadonlyMap<string, number>>();
  const rowsAt = ({ resolution, h3 }: CoarseGrid): ReadonlyMap<string, number> => {
    const known = rows.get(resolution) ?? new Map(h3.map((cell, row) => [cell, row]));
    rows.set(resolution, known);
    return known;
  };
  return ({ resolution, cell, rings }) => {
    const grid = coarse.find((part) => part.resolution === resolution);
    if (!grid) return [];
    return gridDisk(grid.h3[cell] as string, rings).flatMap((near) => {
      const row = rowsAt(grid).get(near);
      return row === undefined || row === cell ? [] : [row];
    });
  };
}

function cardOf(input: AlertInput, places: AlertPlaces, around: Around, alert: StandingAlert): Card {
  const { head } = alert.merged;
  const { place, period, category } = head;
  const read = (span: { readonly firstDay: number; readonly endDay: number }) =>
    place.kind === 'cells'
      ? places.ofCells(place, { ...span, category })
      : places.ofDivision(place.kind === 'division' ? place.division : 0, { ...span, category });
  const detail = read(period);
  return {
    curve: curveOf(input, places, head, read),
    neighbours: place.kind === 'cells' ? ringOf(places, around, head) : null,
    classes: top(detail.byCategory).map(([id, observed]) => ({ category: id, observed, expected: null })),
    sources: top(detail.bySource).map(([source, observed]) => ({ source, observed })),
    hours: detail.hoursKnown > 0 ? [...detail.byHour] : null,
  };
}

const TOP = 8;
const top = (counts: ReadonlyMap<number, number>): [number, number][] =>
  [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, TOP);

function curveOf(
  input: AlertInput,
  places: AlertPlaces,
  head: Candidate,
  read: (span: { readonly firstDay: number; readonly endDay: number }) => {
    readonly byDay: Uint32Array;
    readonly observed: number;
  },
): Alert['curve'] {
  const { frame } = input.sensed;
  const series =
    head.place.kind === 'cells'
      ? undefined
      : seriesOf(input.sensed, head.place.kind === 'division' ? head.place.division : 0, head.category);
  if (series) {
    const end = Math.max(0, Math.min(frame.weeks.length, frame.settledEnd + 2) - series.firstPeriod);
    const from = Math.max(0, end - CURVE_WEEKS);
    const column = (values: Float64Array): (number | null)[] =>
      Array.from(values.subarray(from, end), (value) =>
        Number.isFinite(value) ? Math.round(value * 100) / 100 : null,
      );
    return {
      step: 'week',
      firstDay: frame.weeks[series.firstPeriod + from]?.firstDay ?? head.period.firstDay,
      observed: column(series.observed),
      expected: column(series.expected),
      upper: column(series.upper),
    };
  }
  const endDay = head.period.endDay;
  const firstDay = Math.max(places.firstDay, endDay - CURVE_DAYS);
  const past = read({ firstDay: Math.max(places.firstDay, firstDay - YEAR_DAYS), endDay: firstDay });
  const days = firstDay - Math.max(places.firstDay, firstDay - YEAR_DAYS);
  const mean = days > 0 ? past.observed / days : null;
  const observed = [...read({ firstDay, endDay }).byDay];
  return {
    step: 'day',
    firstDay,
    observed,
    expected: observed.map(() => (mean === null ? null : Math.round(mean * 1000) / 1000)),
    upper: observed.map(() => (mean === null || mean === 0 ? null : poissonQuantile({ probability: 0.975, mean }))),
  };
}

/** The cells around the place in the same days, against their own last year. */
function ringOf(places: AlertPlaces, around: Around, head: Candidate): Alert['neighbours'] {
  if (head.place.kind !== 'cells') return null;
  const { resolution, cells } = head.place;
  const inside = new Set(cells);
  const ring = new Set<number>();
  for (const cell of cells)
    for (const next of around({ resolution, cell, rings: 1 })) if (!inside.has(next)) ring.add(next);
  if (ring.size === 0) return null;
  const place = { resolution, cells: [...ring].sort((a, b) => a - b) };
  const { firstDay, endDay } = head.period;
  const from = Math.max(places.firstDay, firstDay - YEAR_DAYS);
  if (firstDay - from < 28) return null;
  const past = places.ofCells(place, { firstDay: from, endDay: firstDay, category: head.category });
  const now = places.ofCells(place, { firstDay, endDay, category: head.category });
  return {
    observed: now.observed,
    expected: Math.round((past.observed / (firstDay - from)) * (endDay - firstDay) * 100) / 100,
  };
}
