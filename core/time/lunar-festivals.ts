import { civilOf, dayOf } from './local-date.ts';

/**
 * Festivals of the Chinese lunisolar calendar, computed with the Chinese calendar of ICU (`Intl`), and Qingming by its solar term.
 * Days are days since 1970-01-01; the calendar is reckoned at Beijing's meridian whatever the city. Good for 1901–2099.
 */
export type LunarFestival =
  | 'newYearsEve'
  | 'springFestival'
  | 'lanternFestival'
  | 'dragonBoat'
  | 'ghostFestival'
  | 'midAutumn'
  | 'doubleNinth';

/** A festival is never in a leap month: `6bis` of 2025 has no second feast of its own. */
const LUNAR_DATES: readonly { readonly festival: LunarFestival; readonly month: string; readonly date: string }[] = [
  { festival: 'springFestival', month: '1', date: '1' },
  { festival: 'lanternFestival', month: '1', date: '15' },
  { festival: 'dragonBoat', month: '5', date: '5' },
  { festival: 'ghostFestival', month: '7', date: '15' },
  { festival: 'midAutumn', month: '8', date: '15' },
  { festival: 'doubleNinth', month: '9', date: '9' },
];
const MS_A_DAY = 86_400_000;
const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });

export interface LunarDate {
  /** 1..12. */
  readonly month: number;
  readonly leap: boolean;
  readonly date: number;
}

/** Lunar month and date of a day. */
export function lunarDate(day: number): LunarDate {
  let [month, date] = ['', ''];
  for (const part of chinese.formatToParts(day * MS_A_DAY)) {
    if (part.type === 'month') month = part.value;
    if (part.type === 'day') date = part.value;
  }
  return { month: Number.parseInt(month, 10), leap: month.endsWith('bis'), date: Number.parseInt(date, 10) };
}

const festivalsByYear = new Map<number, Readonly<Record<LunarFestival, number>>>();

/** Day of each festival in a year of the common calendar. Cost: 290 formatted dates the first time, then a lookup. */
export function lunarFestivals(year: number): Readonly<Record<LunarFestival, number>> {
  const known = festivalsByYear.get(year);
  if (known) return known;
  const found = new Map<LunarFestival, number>();
  // The lunar year begins 21 January – 21 February; its ninth month ends before December.
  for (let day = dayOf(year, 1, 20); day <= dayOf(year, 11, 20); day++) {
    const { month, leap, date } = lunarDate(day);
    if (leap) continue;
    const feast = LUNAR_DATES.find((one) => one.month === String(month) && one.date === String(date));
    if (feast && !found.has(feast.festival)) found.set(feast.festival, day);
  }
  const at = (festival: LunarFestival): number => {
    const day = found.get(festival);
    if (day === undefined) throw new RangeError(`no ${festival} found in ${year}`);
    return day;
  };
  const festivals = {
    newYearsEve: at('springFestival') - 1,
    springFestival: at('springFestival'),
    lanternFestival: at('lanternFestival'),
    dragonBoat: at('dragonBoat'),
    ghostFestival: at('ghostFestival'),
    midAutumn: at('midAutumn'),
    doubleNinth: at('doubleNinth'),
  };
  festivalsByYear.set(year, festivals);
  return festivals;
}

/**
 * Qingming, the solar term at 15° of solar longitude: 4 or 5 April (6 in some years of the last century).
 * floor(0.2422 y + c) − floor(y / 4), y the last two digits of the year, c 5.59 for 1901–2000 and 4.81 for 2001–2099.
 */
export function qingming(year: number): number {
  const y = year === 2000 ? 100 : year % 100;
  return dayOf(year, 4, Math.floor(0.2422 * y + (year <= 2000 ? 5.59 : 4.81)) - Math.floor(y / 4));
}

/** Days from the nearest Spring Festival, negative before it. Halfway between two it is the days since the last. */
export function daysFromSpringFestival(day: number): number {
  const { year } = civilOf(day);
  let nearest = Number.POSITIVE_INFINITY;
  for (let y = year - 1; y <= year + 1; y++) {
    const distance = day - lunarFestivals(y).springFestival;
    if (Math.abs(distance) < Math.abs(nearest)) nearest = distance;
  }
  return nearest;
}

export const FESTIVAL_REACH_DAYS = 15;

/** Festival-relative day −15..+15; null further away, where the festival is no reason for anything. */
export function springFestivalDay(day: number): number | null {
  const distance = daysFromSpringFestival(day);
  return Math.abs(distance) <= FESTIVAL_REACH_DAYS ? distance : null;
}
