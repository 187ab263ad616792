/** Settings of the daily cluster detector. Days count back from the day of the run, day 0 = today. */
export interface ClusterOptions {
  /** Zones are disks of 0 … rings steps around every cell. */
  readonly rings: number;
  /** Windows are the last 1 … maxDuration days. */
  readonly maxDuration: number;
  /** Fewest events of an alert. */
  readonly minCount: number;
  /** A cell's share of the city is learned from `shareDays` days that end `guardDays` before today. */
  readonly shareDays: number;
  readonly guardDays: number;
  /** Weight, in events, of the mean of the 2-step disk in a cell's share. */
  readonly shrinkEvents: number;
  /** The city's level is that of the days `levelFrom` … `levelTo` back. */
  readonly levelFrom: number;
  readonly levelTo: number;
  /** Calendar factors are learned from the last `calendarDays` days, with `pseudoDays` days at factor 1 in each class. */
  readonly calendarDays: number;
  readonly pseudoDays: number;
  /** Expected counts are thinned by what share of reports has come in by now. false: counts are compared as if complete. */
  readonly completeness: boolean;
  /**
   * A day's city-wide expectation E becomes E (k + T) / (k + E), T = what the whole city reported for that day: weather and late
   * reports move all cells alike and are no local news. k = shape of the gamma law of such days; null = no correction.
   */
  readonly cityDayShape: number | null;
  /** The delay law is learned by class of day (reports of a weekend wait for Monday), not for all days together. */
  readonly delayByClass: boolean;
  /**
   * A place's own present level and the spread that is normal there; null = neither. Expected counts × (1 + gain · lean), lean = how far
   * the place lay off its share just before the window (days weighted `levelMemory` ^ age, shrunk by `levelEvents` events), at most
   * ± `largest`. Gain by duration and the extra variance by ring and duration are learned from the stream's own past windows every
   * `learnEvery` days, halving their weight in about `learnHalfLife` days; the score is then that of a negative binomial.
   */
  readonly local: {
    readonly levelMemory: number;
    readonly levelEvents: number;
    readonly largest: number;
    readonly learnEvery: number;
    readonly learnHalfLife: number;
  } | null;
  /**
   * What is compared: `expectation` with the history model above, `permutation` with the place's own share of the last
   * `permutationDays` days (space-time permutation, conditional score; blind to city-wide rises, needs little history).
   */
  readonly tests: readonly ('expectation' | 'permutation')[];
  readonly permutationDays: number;
}

/** Field for field the baseline of the reference benchmark, as reported and adjusted for delay (METHODS part 2 section 4). */
export const REFERENCE_CLUSTER_OPTIONS: ClusterOptions = {
  rings: 2,
  maxDuration: 14,
  minCount: 2,
  shareDays: 364,
  guardDays: 14,
  shrinkEvents: 4,
  levelFrom: 38,
  levelTo: 11,
  calendarDays: 728,
  pseudoDays: 5,
  completeness: true,
  cityDayShape: null,
  delayByClass: false,
  local: null,
  tests: ['expectation'],
  permutationDays: 56,
};

/** Settings of the product: city-wide days, each place's own present level and its normal spread are taken out (README of docs/skill). */
export const CLUSTER_OPTIONS: ClusterOptions = {
  ...REFERENCE_CLUSTER_OPTIONS,
  shareDays: 546,
  cityDayShape: 60,
  delayByClass: true,
  local: { levelMemory: 0.94, levelEvents: 25, largest: 0.5, learnEvery: 5, learnHalfLife: 230 },
};

/** Below this mean number of reports per cell and day a place's own level cannot be told from chance. */
export const DENSE_PER_CELL_DAY = 0.1;

/** Settings of the product for thin streams: without a place's own present level, which costs four times as much and finds no more there. */
export const SPARSE_CLUSTER_OPTIONS: ClusterOptions = { ...CLUSTER_OPTIONS, shareDays: 364, local: null };
