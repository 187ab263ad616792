import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { PlantKind } from './plant.ts';

const COUNT = 2;
const DAYS = 3;
const RISE = 0.4;
const SOURCES = ['hotline', 'police'] as const;
/** Days to the lunar new year that are left alone. */
const FESTIVAL_DAYS = 21;

/** Negative control: everything rises by 40 % everywhere for three days. One alert for the city at most, none for a place. */
export const storms: PlantKind = {
  kind: 'storm',
  plan: (city, draw) => {
    const { firstDay, endDay } = city.split.test;
    const half = Math.floor((endDay - firstDay) / COUNT);
    if (half < 4 * DAYS) return [];
    return Array.from({ length: COUNT }, (_, n) => {
      let from = 0;
      // One in either half of the test days; twenty tries to stay clear of the festival.
      for (let tries = 0; tries < 20; tries++) {
        from = firstDay + n * half + draw.integer(half - DAYS);
        if (Math.abs(city.calendar[from - city.firstDay]!.springFestival) > FESTIVAL_DAYS) break;
      }
      CATALOGUE.forEach(({ source }, c) => {
        if (source === 'dispute') return;
        const expected = city.expected[c]!;
        for (let day = from; day < from + DAYS; day++)
          expected[day - city.firstDay] = expected[day - city.firstDay]! * (1 + RISE);
      });
      const truth = { sources: [...SOURCES], firstDay: isoDate(from), endDay: isoDate(from + DAYS), rise: RISE };
      return { kind: 'storm', id: `storm-${n + 1}`, truth };
    });
  },
};
