import { civilDate, type DayRange, dayNumber, isoDate, isPartial, type Week, type WeekRange } from './week.ts';

/**
 * The one clock of playback. It counts whole *units* (days, or weeks where only weeks are known) from the Monday of the snapshot's
 * first week. A position is the last unit inside the window. Everything here is a pure function: who asks brings the elapsed time.
 */
export type ClockUnit = 'day' | 'week';
export const DAYS_OF: Readonly<Record<ClockUnit, number>> = { day: 1, week: 7 };

/** `step` = one calendar week after the other; `trailing-…` = so many days up to the position; `cumulative` = all since the start. */
export const WINDOW_KINDS = ['step', 'trailing-7', 'trailing-28', 'cumulative'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];
const TRAILING_DAYS: Readonly<Record<WindowKind, number | null>> = {
  step: null,
  'trailing-7': 7,
  'trailing-28': 28,
  cumulative: null,
};

/** Days of data that pass in one second. */
export const SPEEDS = [1, 7, 28] as const;
export type Speed = (typeof SPEEDS)[number];

/** Units, half-open. */
export interface UnitRange {
  readonly first: number;
  readonly end: number;
}

export interface Clock {
  readonly unit: ClockUnit;
  /** Day number of the first day of unit 0, a Monday. */
  readonly monday: number;
  /** Played from here to there: the days that have data, inside the chosen weeks. Never empty. */
  readonly bounds: UnitRange;
  readonly kind: WindowKind;
}

export interface ClockSpan {
  readonly weeks: readonly Week[];
  readonly covered: DayRange;
  /** null = all weeks. */
  readonly chosen: WeekRange | null;
}

/** @returns null when the snapshot has no week */
export function clockOf({ weeks, covered, chosen }: ClockSpan, unit: ClockUnit, kind: WindowKind): Clock | null {
  const monday = weeks[0]?.firstDay;
  if (monday === undefined) return null;
  const { first, end } = chosen ?? { first: 0, end: weeks.length };
  const bounds =
    unit === 'week'
      ? { first, end }
      : {
          first: Math.max(first * 7, covered.firstDay - monday),
          end: Math.min(end * 7, covered.endDay - monday),
        };
  return bounds.end > bounds.first ? { unit, monday, bounds, kind } : null;
}

const perWeek = ({ unit }: Clock): number => 7 / DAYS_OF[unit];

/** Units of a full window; null = as many as there are. */
export function windowLength(clock: Clock): number | null {
  if (clock.kind === 'step') return perWeek(clock);
  const days = TRAILING_DAYS[clock.kind];
  return days === null ? null : Math.max(1, days / DAYS_OF[clock.unit]);
}

const clamped = (value: number, { first, end }: UnitRange): number => Math.min(end - 1, Math.max(first, value));

/** The position that stands for `at`: inside the bounds; where weeks are stepped, the last day of its week that is inside. */
export function settled(clock: Clock, at: number): number {
  const inside = clamped(Math.floor(at), clock.bounds);
  if (clock.kind !== 'step') return inside;
  const length = perWeek(clock);
  return Math.min(clock.bounds.end, (Math.floor(inside / length) + 1) * length) - 1;
}

/** The first full window, or the last position where the data is shorter than one. */
export function firstPosition(clock: Clock): number {
  const length = clock.kind === 'step' ? 1 : (windowLength(clock) ?? 1);
  return settled(clock, clock.bounds.first + length - 1);
}

export function lastPosition(clock: Clock): number {
  return settled(clock, clock.bounds.end - 1);
}

export function windowAt(clock: Clock, at: number): UnitRange {
  const { bounds, kind } = clock;
  const end = settled(clock, at) + 1;
  if (kind === 'cumulative') return { first: bounds.first, end };
  const length = windowLength(clock) ?? 1;
  const first = kind === 'step' ? Math.floor((end - 1) / length) * length : end - length;
  return { first: Math.max(bounds.first, first), end };
}

/** The window of the same kind right before; null = there is none, or it would be the same one with less in it. */
export function previousWindow(clock: Clock, { first }: UnitRange): UnitRange | null {
  if (clock.kind === 'cumulative' || first <= clock.bounds.first) return null;
  const length = windowLength(clock) ?? 1;
  return { first: Math.max(clock.bounds.first, first - length), end: first };
}

/** A window that holds fewer days than its kind says: at the edges of the data, or of the chosen weeks. */
export function isShort(clock: Clock, { first, end }: UnitRange): boolean {
  return end - first < (windowLength(clock) ?? 0);
}

/** One press of an arrow: a week where weeks are stepped, else a unit. */
export function moved(clock: Clock, at: number, steps: number): number {
  const length = clock.kind === 'step' ? perWeek(clock) : 1;
  return Math.max(firstPosition(clock), settled(clock, settled(clock, at) + steps * length));
}

export function movedWeeks(clock: Clock, at: number, weeks: number): number {
  return Math.max(firstPosition(clock), settled(clock, settled(clock, at) + weeks * perWeek(clock)));
}

export interface Running {
  readonly at: number;
  /** Days of data that have passed since the last step. */
  readonly carryDays: number;
}

/** What the clock shows after some time of the page. Steps are whole; what is left over counts for the next one. */
export function advanced(
  clock: Clock,
  { at, carryDays }: Running,
  { elapsedMs, speed }: { readonly elapsedMs: number; readonly speed: Speed },
): Running & { readonly ended: boolean } {
  const stepDays = clock.kind === 'step' ? 7 : DAYS_OF[clock.unit];
  const days = carryDays + (Math.max(0, elapsedMs) / 1000) * speed;
  const steps = Math.floor(days / stepDays);
  const next = steps === 0 ? settled(clock, at) : moved(clock, at, steps);
  const ended = next >= lastPosition(clock);
  return { at: next, carryDays: ended ? 0 : days - steps * stepDays, ended };
}

/** Days of a range of units. */
export function daysIn({ unit, monday }: Clock, { first, end }: UnitRange): DayRange {
  return { firstDay: monday + first * DAYS_OF[unit], endDay: monday + end * DAYS_OF[unit] };
}

/** Last day of the unit at a position. */
export function dayAt(clock: Clock, at: number): number {
  return daysIn(clock, { first: at, end: at + 1 }).endDay - 1;
}

/** The position of a day; one outside of the bounds stands for the nearest inside. */
export function positionOf(clock: Clock, day: number): number {
  return Math.max(firstPosition(clock), settled(clock, Math.floor((day - clock.monday) / DAYS_OF[clock.unit])));
}

/**
 * First day at the right end that is still filling, so that its counts will grow: the unbroken run of weeks up to the last one that
 * their series calls filling. A last week that is not whole belongs to it, from its Monday.
 *
 * @param filling by week
 * @returns null = every week is complete, as far as is known
 */
export function fillingFrom(
  filling: readonly boolean[],
  { weeks, covered }: Pick<ClockSpan, 'weeks' | 'covered'>,
): number | null {
  let from: number | null = null;
  for (let week = weeks.length - 1; week >= 0; week--) {
    const entry = weeks[week] as Week;
    const cut = week === weeks.length - 1 && isPartial(entry, covered);
    if (!filling[week] && !cut) break;
    from = entry.firstDay;
  }
  return from;
}

/** Days of a window that are still filling. */
export function fillingDays({ firstDay, endDay }: DayRange, from: number | null): number {
  return from === null ? 0 : Math.max(0, endDay - Math.max(firstDay, from));
}

/** What a link keeps of playback. */
export interface PlaybackLink {
  readonly window: WindowKind;
  /** Last day of the window; null = where it begins. */
  readonly day: number | null;
}

/** `trailing-28.2026-10-11` */
export function formatPlayback({ window, day }: PlaybackLink): string {
  return day === null ? window : `${window}.${isoDate(day)}`;
}

export function parsePlayback(text: string | null): PlaybackLink | null {
  const parts = /^([a-z0-9-]+?)(?:\.(\d{4})-(\d{2})-(\d{2}))?$/.exec(text ?? '');
  const window = WINDOW_KINDS.find((kind) => kind === parts?.[1]);
  if (!parts || !window) return null;
  if (parts[2] === undefined) return { window, day: null };
  const [year, month, date] = parts.slice(2).map(Number) as [number, number, number];
  const day = dayNumber({ year, month, date });
  const said = civilDate(day);
  return said.year === year && said.month === month && said.date === date ? { window, day } : null;
}
