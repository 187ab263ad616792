import { type CityCalendar, weekClass } from '../time/city-calendar.ts';

export interface WeekCodes {
  /** 0 ordinary, 1 National Day week, 2 another holiday week. */
  readonly calendar: Uint8Array;
  /** 0 none, 1 the week before Spring Festival, 2 its week, 3 the week after. */
  readonly festival: Uint8Array;
}

/** Calendar classes of weeks, by their Mondays: what the series model of the product and its backtest both stand on. */
export function weekCodes(city: CityCalendar, mondays: Int32Array): WeekCodes {
  const calendar = new Uint8Array(mondays.length);
  const festival = new Uint8Array(mondays.length);
  for (let t = 0; t < mondays.length; t++) {
    const kind = weekClass(city, mondays[t] as number);
    switch (kind) {
      case 'ordinary':
        break;
      case 'national-day-week':
        calendar[t] = 1;
        break;
      case 'holiday-week':
        calendar[t] = 2;
        break;
      case 'spring-festival-week-before':
        festival[t] = 1;
        break;
      case 'spring-festival-week':
        festival[t] = 2;
        break;
      case 'spring-festival-week-after':
        festival[t] = 3;
        break;
      default:
        kind satisfies never;
    }
  }
  return { calendar, festival };
}
