import { cellCandidate } from '../../alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../alert/candidates/from-series.ts';
import { type RecurringPlace, recurringPlaces, reportsByPlace } from '../../sense/recurrence.ts';
import type { CityFacts } from './city-facts.ts';

/** What recurs at one place, looked at every Monday from what was known then. */
export interface RecurrenceParameters {
  readonly withinDays: number;
  readonly leastRepeats: number;
  readonly alpha: number;
}

/** A source that never says when a report was closed: it is taken as closed after so many days. Reports within them are one matter. */
export const ASSUMED_CLOSED_DAYS = 3;
const POPULATION_DAYS = 200;
const STANDS_DAYS = 7;
/** Of `placeCell`. */
const PLACE_RESOLUTION = 9;

export interface RecurringAt extends RecurringPlace {
  /** The Monday it was found on. */
  readonly day: number;
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

/** Recurring problems of every Monday of the span. Rows without an exact place take no part. Cost: a sort, Mondays × rows. */
export function recurringOnMondays(
  facts: CityFacts,
  mondays: readonly number[],
  rule: RecurrenceParameters,
): RecurringAt[] {
  const closed = closedDays(facts);
  const rows: number[] = [];
  for (let i = 0; i < facts.day.length; i++) if ((facts.placeCell[i] as number) >= 0) rows.push(i);
  const byPlace = reportsByPlace({
    cell: Int32Array.from(rows, (i) => facts.placeCell[i] as number),
    category: Uint16Array.from(rows, (i) => facts.category[i] as number),
    day: Int32Array.from(rows, (i) => facts.day[i] as number),
    closedDay: Int32Array.from(rows, (i) => closed[i] as number),
  });
  return mondays.flatMap((day) =>
    recurringPlaces(byPlace, { endDay: day, withinDays: rule.withinDays, populationDays: POPULATION_DAYS })
      .filter(({ repeats, q }) => repeats >= rule.leastRepeats && q <= rule.alpha)
      .map((place) => ({ ...place, day })),
  );
}

/** As candidates of the alert engine: each stands for the week. */
export function recurrenceCandidates(
  facts: CityFacts,
  found: readonly RecurringAt[],
  rule: RecurrenceParameters,
): TimedCandidate[] {
  const districtOf = new Map<number, number>();
  for (let i = 0; i < facts.day.length; i++)
    if ((facts.district[i] as number) >= 0)
      districtOf.set(facts.placeCell[i] as number, (facts.districts[facts.district[i] as number] as { id: number }).id);
  return found.map(({ day, cell, category, observed, expected, p }) => {
    const district = districtOf.get(cell);
    const group = facts.groups.find(({ id }) => id <= category && category < (facts.categoryEnd[id] as number));
    return {
      fromDay: day,
      toDay: day + STANDS_DAYS - 1,
      candidate: cellCandidate({
        kind: 'recurrence',
        rule: 'recurrence',
        category,
        severity: group?.severity ?? 0, // unmapped: no severity
        resolution: PLACE_RESOLUTION,
        cells: [cell],
        divisions: district === undefined ? [] : [{ division: district, level: 1, observed, share: 1 }],
        firstDay: day - rule.withinDays,
        endDay: day,
        observed,
        expected,
        dispersion: 1,
        p,
        recurrenceDays: null,
        quality: [],
        follow: null,
      }),
    };
  });
}
