import { type CalendarDay, calendarFactor } from '../calendar.ts';
import { CATALOGUE, SOURCE_SHARES } from '../catalogue/index.ts';
import type { SourceCategory } from '../catalogue/types.ts';
import { civilDayOfYear } from './civil.ts';
import { WEATHER_FACTORS, type Weather } from './weather.ts';

/** Mean number of extra tickets about the same problem per first ticket, 0.087: 8 % of the tickets repeat another one. */
export const REPEAT_PROBABILITY = 0.0348;
export const REPEATS_MEAN = 2.5;

/**
 * Expected first events per category and day, city-wide, before drift and day effect:
 * share × calendar × season × trend × weather, scaled so that a source's events (with repeats and followers) add up to its share of the incidents.
 */
export function expectedPerDay(input: {
  readonly incidents: number;
  readonly firstDay: number;
  readonly calendar: readonly CalendarDay[];
  readonly weather: readonly (Weather | null)[];
}): Float64Array[] {
  const shares = new Map<string, number>();
  for (const category of CATALOGUE) shares.set(category.source, (shares.get(category.source) ?? 0) + category.share);
  return CATALOGUE.map((category, c) => {
    const shape = input.calendar.map((day, i) => {
      const weather = input.weather[i];
      return shapeOf(category, day, input.firstDay + i, i) * (weather ? WEATHER_FACTORS[weather][c]! : 1);
    });
    const total = shape.reduce((sum, value) => sum + value, 0);
    const events = (input.incidents * SOURCE_SHARES[category.source] * category.share) / shares.get(category.source)!;
    const scale = events / inflation(category) / total;
    return Float64Array.from(shape, (value) => value * scale);
  });
}

/** Events caused by one first event, itself included. */
export function inflation(category: SourceCategory): number {
  const followers = 1 / (1 - (category.nearRepeat ?? 0));
  return category.source === 'hotline' ? followers * (1 + REPEAT_PROBABILITY * REPEATS_MEAN) : followers;
}

function shapeOf(category: SourceCategory, day: CalendarDay, date: number, index: number): number {
  const [amplitude, peak, second = 0] = category.season;
  const phase = (2 * Math.PI * (civilDayOfYear(date) - peak)) / 365.25;
  const season = 1 + amplitude * Math.cos(phase) + second * Math.cos(2 * phase);
  const trend = 1 + (category.trend * index) / 365;
  return calendarFactor(category.calendar, day) * season * trend;
}
