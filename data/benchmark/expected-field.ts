import type { Random } from '../../core/stats/random.ts';
import type { BenchmarkCalendar } from './calendar.ts';
import { BENCHMARK } from './options.ts';
import { exponentialFactor, fieldDraw } from './spatial-field.ts';

export interface ExpectedField {
  /** Base rate per cell and day; mean = the regime. */
  readonly base: Float64Array;
  /** Expected events, row `day * cells + cell`: base × calendar × season × trend × level shifts; without drift and day effect. */
  readonly lambda: Float64Array;
}

/** The known part of the background (METHODS part 2 section 1): what a detector with perfect knowledge would expect. */
export function expectedField(given: {
  readonly km: Float64Array;
  readonly calendar: BenchmarkCalendar;
  readonly eventsPerCellDay: number;
  readonly random: Random;
}): ExpectedField {
  const { km, calendar, random } = given;
  const cells = Math.round(Math.sqrt(km.length));
  const days = calendar.dayClass.length;
  const { centres, district } = drawCentres({ km, cells, random });
  const base = baseField({ ...given, cells, centres });
  const phase = 365.25 * random.uniform();
  const trend = BENCHMARK.trendPerYear * random.uniform();
  const shifts = levelShifts({ days, centres: centres.length, random });
  const lambda = new Float64Array(days * cells);
  for (let day = 0; day < days; day++) {
    const season = 1 + BENCHMARK.season * Math.cos((2 * Math.PI * (day - phase)) / 365.25);
    const city = calendarFactor(calendar, day) * season * (1 + trend) ** (day / 365.25);
    for (let i = 0; i < cells; i++) lambda[day * cells + i] = base[i]! * city * shifts[district[i]! * days + day]!;
  }
  return { base, lambda };
}

export function calendarFactor(calendar: BenchmarkCalendar, day: number): number {
  const weekday = calendar.weekday[day]!;
  const festival = calendar.festivalDay[day]!;
  const works = calendar.working[day] === 1;
  const ordinary = calendar.holiday[day] === 1 ? BENCHMARK.holiday : BENCHMARK.weekend;
  const factor = works ? (weekday < 5 ? BENCHMARK.weekday[weekday]! : BENCHMARK.makeUpWorkday) : ordinary;
  if (festival >= -7 && festival <= -2) return factor * BENCHMARK.festival.before;
  if (festival >= -1 && festival <= 6) return factor * BENCHMARK.festival.during;
  if (festival >= 7 && festival <= 14) return factor * BENCHMARK.festival.after;
  return factor;
}

function drawCentres(given: { km: Float64Array; cells: number; random: Random }) {
  const { km, cells, random } = given;
  const centres = Array.from({ length: BENCHMARK.base.centres }, () => random.below(cells));
  const district = new Uint8Array(cells);
  for (let i = 0; i < cells; i++) {
    for (let c = 1; c < centres.length; c++)
      if (km[i * cells + centres[c]!]! < km[i * cells + centres[district[i]!]!]!) district[i] = c;
  }
  return { centres, district };
}

/** Log-normal field × distance decay from several centres, scaled to the regime's mean. */
function baseField(given: {
  km: Float64Array;
  cells: number;
  centres: readonly number[];
  eventsPerCellDay: number;
  random: Random;
}): Float64Array {
  const { logSd, correlationKm, decayKm } = BENCHMARK.base;
  const field = fieldDraw(exponentialFactor(given.km, correlationKm), given.random);
  const base = field.map((z, i) => {
    const decay = given.centres.reduce(
      (sum, centre) => sum + Math.exp(-given.km[i * given.cells + centre]! / decayKm),
      0,
    );
    return Math.exp(logSd * z) * decay;
  });
  const scale = (given.eventsPerCellDay * given.cells) / base.reduce((sum, b) => sum + b, 0);
  return base.map((b) => b * scale);
}

/** Per district and day: one slow step up or down a year. */
function levelShifts(given: { days: number; centres: number; random: Random }): Float64Array {
  const { days, centres, random } = given;
  const level = new Float64Array(centres * days).fill(1);
  for (let first = 0; first < days; first += 365) {
    const district = random.below(centres);
    const start = first + random.below(Math.max(1, Math.min(365, days - first)));
    const size = BENCHMARK.levelShift.size * (2 * random.uniform() - 1);
    for (let day = start; day < days; day++)
      level[district * days + day]! *= 1 + size * Math.min(1, (day - start + 1) / BENCHMARK.levelShift.days);
  }
  return level;
}
