import type { SayPlayback } from '../../../i18n/playback-texts.ts';
import { type Clock, daysIn, type UnitRange } from '../../../time/clock.ts';
import { civilDate, isoWeek } from '../../../time/week.ts';

/** zh `2026年第41周（10.5–10.11）`; a trailing window names its days, its length and the week it reaches. */
export function windowWords(clock: Clock, window: UnitRange, say: SayPlayback): string {
  const { firstDay, endDay } = daysIn(clock, window);
  const lastDay = endDay - 1;
  const [year = '', week = ''] = isoWeek(lastDay).split('-W');
  const named = { year, week: String(Number(week)) };
  if (clock.kind === 'step')
    return say('at.week', { ...named, from: dateWords(firstDay, say), to: dateWords(lastDay, say) });
  const sameYear = civilDate(firstDay).year === civilDate(lastDay).year;
  const span = `${dateWords(firstDay, say, true)}–${dateWords(lastDay, say, !sameYear)}`;
  return clock.kind === 'cumulative'
    ? say('at.cumulative', { ...named, span })
    : say('at.trailing', { ...named, span, days: clock.kind === 'trailing-7' ? 7 : 28 });
}

function dateWords(day: number, say: SayPlayback, withYear = false): string {
  const { year, month, date } = civilDate(day);
  // Strings: a year takes no thousands separator.
  const values = { year: String(year), month: String(month), date: String(date) };
  return say(withYear ? 'dateYear' : 'date', values);
}
