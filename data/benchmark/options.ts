/** Events per cell and day, by density (METHODS part 2 section 1). */
export const REGIMES = { sparse: 0.05, medium: 0.3, dense: 1.2 } as const;
export type Regime = keyof typeof REGIMES;

/**
 * `full`: everything of METHODS part 2 section 1. `reference`: as in the reference case: drift, day effect, calendar, season, level shifts
 * and the delay law, but no duplicates, no wrong places, no wait for working days, a clean training year, no 3-day clusters.
 * Figures of the two must not be compared with each other.
 */
export const CONDITIONS = {
  reference: {
    dirtyTraining: false,
    duplicates: false,
    wrongPlaces: false,
    workingDaysOnly: false,
    durations: [7, 14, 28],
  },
  full: { dirtyTraining: true, duplicates: true, wrongPlaces: true, workingDaysOnly: true, durations: [3, 7, 14, 28] },
} as const;
export type Conditions = keyof typeof CONDITIONS;

export interface BenchmarkOptions {
  readonly regime: Regime;
  readonly seed: number;
  readonly conditions: Conditions;
  /** What is done to the test days: planted clusters, nothing, or the negative controls. */
  readonly test: 'planted' | 'clean' | 'controls';
}

export const BENCHMARK = {
  startDate: '2020-01-01',
  /** Central Suzhou, WGS 84. */
  centre: { lng: 120.585, lat: 31.299 },
  resolution: 8,
  diskRadius: 11,
  trainingDays: 366,
  calibrationDays: 365,
  testDays: 730,
  base: { logSd: 0.9, correlationKm: 1.5, centres: 4, decayKm: 6 },
  weekday: [1.1, 1.05, 1.02, 1, 0.98],
  makeUpWorkday: 1.02,
  weekend: 0.82,
  holiday: 0.7,
  festival: { before: 0.9, during: 0.65, after: 1.1 },
  season: 0.15,
  trendPerYear: 0.04,
  /** A district's level moves by up to this factor over `days`, once a year. */
  levelShift: { size: 0.15, days: 60 },
  drift: { perDay: 0.95, sd: 0.2, correlationKm: 1.5 },
  dayShape: 60,
  training: {
    bumpsPerMonth: [1, 2],
    bumpKappa: [2, 5],
    outageDays: 10,
    outageKept: 0.1,
    recodedBefore: 1.2,
    recodedDay: 150,
  },
  /** Share of all tickets that belong to a problem reported 2 to `most` + 1 times. */
  duplicates: { share: 0.08, most: 4, withinDays: 3 },
  /** Share of reports 0, 1, 2 … days after the event, before weekends. */
  delay: [0.55, 0.2, 0.1, 0.05, 0.03, 0.02, 0.02, 0.01, 0.01, 0.01],
  /** Places (finest cells) of a cell, and how unequal their shares of its problems are: σ of the log of their weights. */
  places: { perCell: 49, logSd: 1 },
  geocoding: { wrong: 0.05, wrongM: [200, 1500], street: 0.03, streetM: 400, missing: 0.02 },
  planted: {
    count: 40,
    kappas: [3, 5, 7, 10],
    profiles: ['step', 'ramp', 'epidemic'],
    irregularShare: 0.25,
    uniformShare: 0.25,
    baselineFloor: 0.25,
    apartDays: 10,
    apartKm: 5,
  },
  controls: { storms: 12, stormDays: 3, storm: 1.4, shift: 1.3, estateWeeks: 30, estatePerWeek: 1.05 },
} as const;
