import { gridDisk } from 'h3-js';
import { cellCandidate } from '../../alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../alert/candidates/from-series.ts';
import {
  type ChronicRule,
  chronicAround,
  countAt,
  type RecurringPlace,
  type ReportsByPlace,
  recurringPlaces,
  reportsByPlace,
} from '../../sense/recurrence.ts';
import type { CityFacts } from './city-facts.ts';

/** What recurs at one place, looked at every Monday from what was known then. */
export interface RecurrenceParameters {
  readonly withinDays: number;
  readonly leastRepeats: number;
  readonly alpha: number;
}
/** What recurs all year, and more than around it. */
export interface ChronicParameters extends RecurrenceParameters, ChronicRule {
  readonly leastSpread: number;
}

/** A source that never says when a report was closed: it is taken as closed after so many days. Reports within them are one matter. */
export const ASSUMED_CLOSED_DAYS = 3;
const POPULATION_DAYS = 200;
const STANDS_DAYS = 7;
/** Of `placeCell`. */
const PLACE_RESOLUTION = 9;

/** After which a place is judged (`followDays`), the step of the looks at what recurs all year, and how long such a look stands. */
const FOUR_WEEKS_DAYS = 28;
/** A chronic place is compared with the cells within so many steps. */
const CHRONIC_RINGS = 2;

export interface RecurringAt extends RecurringPlace {
  /** The Monday it was found on. */
  readonly day: number;
  /** The 28 days after, against what the place is compared with; null = not over yet. */
  readonly follow: { readonly observed: number; readonly expected: number } | null;
}

/** Days of closure; by assumption where the source never says any. Cost O(rows). */
export function closedDays(facts: Pick<CityFacts, 'day' | 'source' | 'closeHours' | 'sources'>): Int32Array {
  const says = new Uint8Array(facts.sources.length);
  for (let i = 0; i < facts.day.length; i++)
    if ((facts.closeHours[i] as number) >= 0) says[facts.source[i] as number] = 1;
  return Int32Array.from(facts.day, (day, i) => {
    const hours = facts.closeHours[i] as number;
    if (hours >= 0) return day + Math.floor(hours / 24);
    return says[facts.source[i] as number] === 1 ? -1 : day + ASSUMED_CLOSED_DAYS;
  });
}

const sorted = new WeakMap<CityFacts, ReportsByPlace>();

/** Reports with an exact place, by item and cell; sorted once for all replays of a city. Cost: a sort. */
function placesOf(facts: CityFacts): ReportsByPlace {
  const before = sorted.get(facts);
  if (before) return before;
  const closed = closedDays(facts);
  const rows: number[] = [];
  for (let i = 0; i < facts.day.length; i++) if ((facts.placeCell[i] as number) >= 0) rows.push(i);
  const byPlace = reportsByPlace({
    cell: Int32Array.from(rows, (i) => facts.placeCell[i] as number),
    category: Uint16Array.from(rows, (i) => facts.category[i] as number),
    day: Int32Array.from(rows, (i) => facts.day[i] as number),
    closedDay: Int32Array.from(rows, (i) => closed[i] as number),
  });
  sorted.set(facts, byPlace);
  return byPlace;
}

/** As of a Monday: a place, and what it is compared with in 28 days. */
function foundOn(facts: CityFacts, day: number, place: RecurringPlace, expected: number): RecurringAt {
  const days = { firstDay: day, endDay: day + FOUR_WEEKS_DAYS };
  const isOver = days.endDay <= facts.window.endDay;
  return { ...place, day, follow: isOver ? { observed: countAt(placesOf(facts), place, days), expected } : null };
}

/** Recurring problems of every Monday of the span. Rows without an exact place take no part. Cost: a sort, Mondays × rows. */
export function recurringOnMondays(
  facts: CityFacts,
  mondays: readonly number[],
  rule: RecurrenceParameters,
): RecurringAt[] {
  const { withinDays } = rule;
  return mondays.flatMap((day) =>
    recurringPlaces(placesOf(facts), { endDay: day, withinDays, populationDays: POPULATION_DAYS })
      .filter(({ repeats, q }) => repeats >= rule.leastRepeats && q <= rule.alpha)
      .map((place) => foundOn(facts, day, place, (place.expected * FOUR_WEEKS_DAYS) / withinDays)),
  );
}

/** Places that recur all year, as the rule `chronic`: every fourth of the Mondays, counted from the newest. Cost: as above. */
export function chronicOnMondays(facts: CityFacts, mondays: readonly number[], rule: ChronicParameters): RecurringAt[] {
  const places = placesOf(facts);
  const rowOf = new Map(facts.placeCells.map((h3, row) => [h3, row]));
  const ringOf = (cell: number): number[] =>
    gridDisk(facts.placeCells[cell] as string, CHRONIC_RINGS).flatMap((near) => {
      const row = rowOf.get(near);
      return row === undefined || row === cell ? [] : [row];
    });
  const { windowDays, withinDays, leastSpread } = rule;
  const every = FOUR_WEEKS_DAYS / 7;
  return mondays
    .filter((_, i) => (mondays.length - 1 - i) % every === 0)
    .flatMap((endDay) =>
      recurringPlaces(places, { endDay, withinDays, windowDays, leastSpread, populationDays: windowDays }).flatMap(
        (place) => {
          if (place.repeats < rule.leastRepeats || place.q > rule.alpha) return [];
          const usual = chronicAround(places, place, { endDay, around: ringOf(place.cell) }, rule);
          return usual === null ? [] : [foundOn(facts, endDay, place, (usual * FOUR_WEEKS_DAYS) / windowDays)];
        },
      ),
    );
}

/** As candidates of the alert engine: each stands for the week, what recurs all year for four. */
export function recurrenceCandidates(
  facts: CityFacts,
  found: readonly RecurringAt[],
  rule: { readonly id: 'recurrence' | 'chronic'; readonly windowDays: number },
): TimedCandidate[] {
  const standsDays = rule.id === 'chronic' ? FOUR_WEEKS_DAYS : STANDS_DAYS;
  const districtOf = new Map<number, number>();
  for (let i = 0; i < facts.day.length; i++)
    if ((facts.district[i] as number) >= 0)
      districtOf.set(facts.placeCell[i] as number, (facts.districts[facts.district[i] as number] as { id: number }).id);
  return found.map(({ day, cell, category, observed, expected, p, follow }) => {
    const district = districtOf.get(cell);
    const group = facts.groups.find(({ id }) => id <= category && category < (facts.categoryEnd[id] as number));
    return {
      fromDay: day,
      toDay: day + standsDays - 1,
      candidate: cellCandidate({
        kind: 'recurrence',
        rule: rule.id,
        category,
        severity: group?.severity ?? 0, // unmapped: no severity
        resolution: PLACE_RESOLUTION,
        cells: [cell],
        divisions: district === undefined ? [] : [{ division: district, level: 1, observed, share: 1 }],
        firstDay: day - rule.windowDays,
        endDay: day,
        observed,
        expected,
        dispersion: 1,
        p,
        recurrenceDays: null,
        quality: [],
        follow,
      }),
    };
  });
}
