import { parseIsoDate } from '../../core/time/local-date.ts';
import { type CalendarDay, calendarDays } from './calendar.ts';
import { type Divisions, makeDivisions, type Terrain, terrain } from './geography/divisions.ts';
import { densityField } from './geography/field.ts';
import { cityOutline } from './geography/outline.ts';
import { makePlaces, type Places } from './geography/places.ts';
import type { CityOptions } from './options.ts';
import { expectedPerDay } from './process/rates.ts';
import { type Weather, weatherDays } from './process/weather.ts';
import { type Split, splitOf } from './split.ts';

/** Everything that stands still while incidents happen. Days are days since 1970-01-01 in the city's zone. */
export interface City {
  readonly options: CityOptions;
  readonly firstDay: number;
  /** Not in it. */
  readonly endDay: number;
  readonly calendar: readonly CalendarDay[];
  readonly weather: readonly (Weather | null)[];
  readonly split: Split;
  readonly divisions: Divisions;
  readonly land: Terrain;
  readonly places: Places;
  /** Real outlines, the same test as the pipeline's. WGS 84. */
  readonly contains: (lng: number, lat: number) => boolean;
  /** Expected first events per category and day index; plants may raise them. */
  readonly expected: readonly Float64Array[];
}

export function makeCity(options: CityOptions): City {
  const endDay = parseIsoDate(options.lastDay) + 1;
  const days = options.weeks * 7;
  const firstDay = endDay - days;
  const land = terrain(densityField(options.seed));
  const divisions = makeDivisions(options.seed, land);
  const calendar = calendarDays(firstDay, days);
  const weather = weatherDays(options.seed, { firstDay, days });
  return {
    options,
    firstDay,
    endDay,
    calendar,
    weather,
    split: splitOf({ firstDay, endDay }),
    divisions,
    land,
    places: makePlaces(options.seed, divisions, land),
    contains: cityOutline(divisions.districts),
    expected: expectedPerDay({ incidents: options.incidents, firstDay, calendar, weather }),
  };
}
