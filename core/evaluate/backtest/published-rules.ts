import type { AlertRules } from '../../contract/alert-rules.ts';
import type { Alerts, PastAlert, SenseCalendar } from '../../contract/sense.ts';
import type { CityCalendar } from '../../time/city-calendar.ts';

/** What a snapshot says about its own rules and days, for whoever replays it without the profile. */

/** The rules an `alerts.json` was made under; null = an older snapshot, which does not say how alerts are graded and told apart. */
export function publishedRules({ rules, budget, engine }: Alerts): AlertRules | null {
  if (!engine) return null;
  return {
    rules: rules.map(({ id, kind, version, name, says, register, parameters, history }) => ({
      id,
      kind,
      version,
      name,
      says,
      ...(register === undefined ? {} : { register }),
      parameters,
      history,
    })),
    level: engine.level,
    budget,
    identity: engine.identity,
  };
}

/** The calendar of `sense.json` as baselines want it; null = an older snapshot, which does not say which years are by notice. */
export function publishedDays(calendar: SenseCalendar | undefined): CityCalendar | null {
  if (!calendar || calendar.publishedYears === undefined || calendar.springFestival === undefined) return null;
  const { publishedYears, springFestival, schoolTerms, breaks } = calendar;
  return {
    // What is there by the law alone the calendar finds itself.
    holidays: calendar.holidays.filter(({ provisional }) => !provisional),
    makeUpWorkdays: new Set(calendar.makeUpWorkdays),
    publishedYears,
    springFestival,
    schoolTerms,
    breaks,
  };
}

/** A replayed alert as far as it can be met with one that people saw. */
export interface ReplayedPlace {
  readonly category: number;
  readonly since: number;
  readonly lastDay: number;
  /** null = divisions; `division` 0 = the city. */
  readonly cells: { readonly resolution: number; readonly ids: readonly number[] } | null;
  readonly division: number | null;
}

export interface JudgedByPeople {
  /** Replayed alerts that met an alert somebody called confirmed (or acted on) or false. */
  readonly judged: number;
  readonly confirmed: number;
  /** confirmed / judged; null when nobody has judged any. */
  readonly precision: number | null;
}

/** Verdicts people gave: confirmed and acted on = right, false = wrong, watched = not said yet. */
export type SaidOf = (alert: string) => 'right' | 'wrong' | null;

/**
 * Precision in people's words: a replayed alert is judged when a published alert of its category, on a common day and at a common place (a cell
 * of the same resolution, or the same division), has been judged. Several: right if one is right. Cost: replayed × past.
 */
export function judgedByPeople(
  replayed: readonly ReplayedPlace[],
  past: readonly PastAlert[],
  said: SaidOf,
): JudgedByPeople {
  const words = past.flatMap((alert) => {
    const word = said(alert.id);
    return word === null ? [] : [{ alert, word }];
  });
  let [judged, confirmed] = [0, 0];
  for (const one of replayed) {
    const met = words.filter(({ alert }) => meet(one, alert));
    if (met.length === 0) continue;
    judged++;
    if (met.some(({ word }) => word === 'right')) confirmed++;
  }
  return { judged, confirmed, precision: judged === 0 ? null : confirmed / judged };
}

function meet(one: ReplayedPlace, alert: PastAlert): boolean {
  if (one.category !== alert.category || one.since > alert.lastDay || alert.since > one.lastDay) return false;
  if (!one.cells) return alert.resolution === null && alert.division === one.division;
  if (alert.resolution !== one.cells.resolution) return false;
  const cells = new Set(alert.cells);
  return one.cells.ids.some((cell) => cells.has(cell));
}
