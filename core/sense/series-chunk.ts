import { type NotAssessable, SERIES_MODELS } from '../contract/sense.ts';
import { type CityCalendar, DAY_CLASSES, dayClasses, dayKind } from '../time/city-calendar.ts';
import { weekStart } from '../time/local-date.ts';
import { type SeriesModel, type SeriesWhy, seriesBaseline } from './series-baseline.ts';
import { weekCodes } from './week-codes.ts';

/** Series of one step, to be compared with their own past on any thread. Positions count from period 0 of the window. */
export interface SeriesChunk {
  readonly step: 'week' | 'day';
  /** First day of period 0. */
  readonly firstDay: number;
  readonly calendar: CityCalendar;
  readonly series: readonly SeriesQuestion[];
}

export interface SeriesQuestion {
  /** Position of the first value. */
  readonly born: number;
  /** Positions from here on are assessed. */
  readonly assessFrom: number;
  /** Counts from `born` on; NaN = no baseline and not assessed. */
  readonly baseline: Float64Array;
  /** Share of each period's reports that has come in; NaN = not known. */
  readonly completeness: Float64Array;
  /** Positions at which a new regime begins. */
  readonly breaks: readonly number[];
}

/** Columns from `assessFrom` to the end; NaN = not assessed. */
export interface AssessedSeries {
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly alarm: Float64Array;
  readonly p: Float64Array;
  /** Of the newest period: index into `SERIES_MODELS`, and why there is none. */
  readonly model: number;
  readonly reason: NotAssessable;
  /** Of the newest fit; NaN = none. */
  readonly dispersion: number;
}
export interface AssessedChunk {
  readonly series: readonly AssessedSeries[];
}

export const SERIES_ALPHA = 0.01;

const MODEL: Record<SeriesModel, (typeof SERIES_MODELS)[number]> = {
  'farrington-flexible': 'farrington-flexible',
  'quasi-poisson-calendar': 'negative-binomial-calendar',
  'gamma-poisson': 'gamma-poisson',
};
const REASON: Record<SeriesWhy, NotAssessable> = {
  missing: 'not-delivered',
  'all-missing': 'not-delivered',
  'negative-count': 'no-model',
  incomplete: 'still-filling',
  break: 'break',
  'too-few-periods': 'too-few-periods',
  'all-zero': 'all-zero',
  constant: 'constant',
  'class-unseen': 'no-model',
};

/** Assesses every series of a chunk (`series-baseline.ts`). Cost: see there. */
export function assessChunk(chunk: SeriesChunk): AssessedChunk {
  const longest = chunk.series.reduce((most, one) => Math.max(most, one.born + one.baseline.length), 0);
  const classes =
    chunk.step === 'week'
      ? weekCodes(
          chunk.calendar,
          Int32Array.from({ length: longest }, (_, t) => chunk.firstDay + 7 * t),
        )
      : dayCodes(chunk, longest);
  return {
    series: chunk.series.map(({ born, assessFrom, baseline, completeness, breaks }) => {
      const found = seriesBaseline(
        {
          period: chunk.step,
          counts: baseline,
          calendarClass: classes.calendar.subarray(born, born + baseline.length),
          festivalClass: classes.festival.subarray(born, born + baseline.length),
          breaks: breaks.map((at) => at - born).filter((at) => at > 0),
          completeness: completeness.map((share) => (Number.isNaN(share) ? 0 : share)),
        },
        { from: assessFrom - born, to: baseline.length, alpha: SERIES_ALPHA },
      );
      const column = (): Float64Array => new Float64Array(found.length).fill(Number.NaN);
      const out = { expected: column(), lower: column(), upper: column(), alarm: column(), p: column() };
      let dispersion = Number.NaN;
      found.forEach((one, i) => {
        if (one.kind === 'not-assessable') return;
        out.expected[i] = one.expected;
        out.lower[i] = one.lower;
        out.upper[i] = one.upper;
        out.alarm[i] = one.alertUpper;
        out.p[i] = one.exceedanceProbability;
        dispersion = one.dispersion;
      });
      const newest = found[found.length - 1];
      return {
        ...out,
        model: newest?.kind === 'assessed' ? SERIES_MODELS.indexOf(MODEL[newest.model]) : 0,
        reason: newest === undefined ? 'too-few-periods' : newest.kind === 'assessed' ? 'assessed' : REASON[newest.why],
        dispersion: newest?.kind === 'assessed' ? dispersion : Number.NaN,
      };
    }),
  };
}

interface Codes {
  readonly calendar: Uint8Array;
  readonly festival: Uint8Array;
}

/** A make-up working day behaves as a workday in the middle of the week. */
const MID_WEEK = 2;
const HOLIDAY = 7;

/** Days: 0..4 workday Monday..Friday, 5 and 6 Saturday and Sunday, 7 holiday; festival: 1 before Spring Festival, 2 in, 3 after. */
function dayCodes({ calendar: city, firstDay }: SeriesChunk, periods: number): Codes {
  const calendar = new Uint8Array(periods);
  const festival = new Uint8Array(periods);
  const classes = dayClasses(city, { firstDay, endDay: firstDay + periods });
  for (let t = 0; t < periods; t++) {
    const day = firstDay + t;
    const { type } = dayKind(city, day);
    calendar[t] = type === 'holiday' ? HOLIDAY : type === 'make-up-workday' ? MID_WEEK : day - weekStart(day);
    const block = DAY_CLASSES[classes[t] as number];
    if (block === 'before-spring-festival') festival[t] = 1;
    else if (block === 'spring-festival') festival[t] = 2;
    else if (block === 'after-spring-festival') festival[t] = 3;
  }
  return { calendar, festival };
}
