import { isoDate } from '../../../core/time/local-date.ts';
import type { City } from '../city.ts';
import type { Plant, PlantKind } from './plant.ts';

/** Days around the lunar new year that move every series; METHODS.md part 2 section 1. */
const SPRING = { from: -7, to: 14 };
const LEAST_DAYS = 3;

/** Negative control: spans in which the calendar moves the counts. Nothing is planted; no alert for a place may come from them. */
export const festivals: PlantKind = {
  kind: 'festival',
  plan: (city) =>
    runs(city, ({ holiday, springFestival: d }) => holiday || (d >= SPRING.from && d <= SPRING.to))
      .filter(({ firstDay, endDay }) => endDay - firstDay >= LEAST_DAYS)
      .map(({ firstDay, endDay }, n): Plant => {
        const spring = city.calendar
          .slice(firstDay - city.firstDay, endDay - city.firstDay)
          .some(({ springFestival: d }) => d >= SPRING.from && d <= SPRING.to);
        const truth = {
          name: spring ? 'spring-festival' : 'holiday',
          firstDay: isoDate(firstDay),
          endDay: isoDate(endDay),
        };
        return { kind: 'festival', id: `festival-${n + 1}`, truth };
      }),
};

/** Weather days that several categories share: factors in `process/weather.ts`, already in the expectation. */
export const weather: PlantKind = {
  kind: 'weather',
  plan: (city) => {
    const spans: Plant[] = [];
    for (let i = 0; i < city.weather.length; ) {
      const what = city.weather[i]!;
      let end = i + 1;
      while (end < city.weather.length && city.weather[end] === what) end++;
      if (what) {
        const truth = { weather: what, firstDay: isoDate(city.firstDay + i), endDay: isoDate(city.firstDay + end) };
        spans.push({ kind: 'weather', id: `weather-${spans.length + 1}`, truth });
      }
      i = end;
    }
    return spans;
  },
};

function runs(city: City, test: (day: City['calendar'][number]) => boolean): { firstDay: number; endDay: number }[] {
  const spans: { firstDay: number; endDay: number }[] = [];
  city.calendar.forEach((day, i) => {
    if (!test(day)) return;
    const date = city.firstDay + i;
    const last = spans[spans.length - 1];
    if (last && last.endDay === date) spans[spans.length - 1] = { firstDay: last.firstDay, endDay: date + 1 };
    else spans.push({ firstDay: date, endDay: date + 1 });
  });
  return spans;
}
