import { z } from 'zod';

/**
 * `truth.json`: what was planted, for evaluation alone. Days are `yyyy-MM-dd` in the city's zone, spans half-open (`endDay` is not in it), cells
 * H3 of resolution 8, positions WGS 84 degrees. The pipeline never reads it; `hexsight evaluate` does, through `Truth`.
 */

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const Cells = z.array(z.string().regex(/^88[0-9a-f]{13}$/)).min(1);
const Source = z.enum(['hotline', 'police', 'dispute']);
const Span = z.strictObject({ firstDay: Day, endDay: Day });
const Count = z.number().int().min(0);
/** First reports of the plant that reached a file: repeats and followers included, lost files and days after the last left out. */
const delivered = Count;

const episode = {
  id: z.string(),
  delivered,
  source: Source,
  /** Our code, e.g. `noise.social-noise.disturbance`. */
  category: z.string(),
  /** Words or code of the source. */
  sourceCategory: z.string(),
  /** `<source>/<category group>`: what an engine watches. */
  stream: z.string(),
  shape: z.enum(['disk-0', 'disk-1', 'disk-2', 'line', 'half-ring', 'two-blobs']),
  /** Centre drawn in proportion to the category's field, or evenly over inhabited cells. */
  where: z.enum(['populated', 'even']),
  centre: z.string(),
  cells: Cells,
  firstDay: Day,
  endDay: Day,
  onsetOnFreeDay: z.boolean(),
  profile: z.enum(['step', 'ramp', 'epidemic']),
  /** Planned detectability: expectedExcess / √baseline; 0 for a placebo. */
  kappa: z.number().min(0),
  /** Expected background incidents of the stream in cells × span, 0.25 at least. */
  baseline: z.number().min(0.25),
  baselinePerCellDay: z.number().min(0),
  /** The same of its own category alone, no floor. κ against it is expectedExcess / √categoryBaseline. */
  categoryBaseline: z.number().min(0),
  expectedExcess: z.number().min(0),
  /** 1 + expectedExcess / baseline. */
  relativeRisk: z.number().min(1),
  /** Words its tickets share; null = none (half of the outbreaks, all others). */
  theme: z.string().nullable(),
  /** First incidents drawn; repeats and followers come on top. */
  planned: Count,
  /** What then happened in cells × span × stream, before reports were placed and delayed. */
  realised: z.strictObject({ background: Count, excess: Count }),
};

const common = { id: z.string(), delivered };

export const PlantTruth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outbreak'), ...episode }),
  z.strictObject({ kind: z.literal('placebo'), ...episode }),
  z.strictObject({ kind: z.literal('bump'), ...episode }),
  z.strictObject({
    kind: z.literal('storm'),
    ...common,
    sources: z.array(Source),
    firstDay: Day,
    endDay: Day,
    rise: z.number(),
  }),
  z.strictObject({
    kind: z.literal('level-shift'),
    ...common,
    stream: z.string(),
    level: z.enum(['district', 'street']),
    division: z.string(),
    cells: Cells,
    /** From this day to the end of the window. */
    day: Day,
    rise: z.number(),
    backgroundPerWeek: z.number(),
    planned: Count,
  }),
  z.strictObject({
    kind: z.literal('new-estate'),
    ...common,
    source: Source,
    categories: z.array(z.string()),
    cells: Cells,
    firstDay: Day,
    endDay: Day,
    growthPerWeek: z.number(),
    backgroundPerWeek: z.number(),
    /** What grows: the background, or a floor where it is less. */
    startPerWeek: z.number(),
    planned: Count,
  }),
  z.strictObject({
    kind: z.literal('festival'),
    ...common,
    name: z.enum(['spring-festival', 'holiday']),
    firstDay: Day,
    endDay: Day,
  }),
  z.strictObject({
    kind: z.literal('weather'),
    ...common,
    weather: z.enum(['rain', 'heat', 'cold']),
    firstDay: Day,
    endDay: Day,
  }),
  z.strictObject({
    kind: z.literal('channel-change'),
    ...common,
    source: Source,
    day: Day,
    groups: z.array(z.string()),
    rise: z.number(),
  }),
  z.strictObject({
    kind: z.literal('recoding'),
    ...common,
    source: Source,
    category: z.string(),
    day: Day,
    from: z.string(),
    to: z.string(),
  }),
  z.strictObject({
    kind: z.literal('outage'),
    ...common,
    source: Source,
    district: z.string(),
    firstDay: Day,
    endDay: Day,
  }),
  z.strictObject({
    kind: z.literal('under-reporting'),
    ...common,
    source: Source,
    community: z.string(),
    /** Probability that a report is made. */
    keep: z.number(),
    /** Mean extra delay. */
    laterDays: z.number(),
    firstDay: Day,
    endDay: Day,
  }),
  z.strictObject({
    kind: z.literal('quiet-place'),
    ...common,
    community: z.string(),
    keep: z.number(),
    firstDay: Day,
    endDay: Day,
  }),
  z.strictObject({
    kind: z.literal('seam'),
    ...common,
    source: Source,
    category: z.string(),
    streets: z.tuple([z.string(), z.string()]),
    districts: z.tuple([z.string(), z.string()]),
    spots: z.array(z.tuple([z.number(), z.number()])),
    cells: Cells,
    firstDay: Day,
    endDay: Day,
    expectedInCell: z.number(),
    planned: Count,
    plannedPerStreet: z.tuple([Count, Count]),
  }),
  z.strictObject({
    kind: z.literal('recurring'),
    ...common,
    source: Source,
    category: z.string(),
    cell: z.string(),
    lng: z.number(),
    lat: z.number(),
    firstDay: Day,
    endDay: Day,
    planned: Count,
  }),
  z.strictObject({
    kind: z.literal('project'),
    ...common,
    source: Source,
    category: z.string(),
    cells: Cells,
    day: Day,
    worked: z.boolean(),
    backgroundPerWeek: z.number(),
    excessPerWeek: z.number(),
    /** Share of the excess that is left after the day. */
    staysAfter: z.number(),
    planned: Count,
  }),
  z.strictObject({
    kind: z.literal('ownerless-class'),
    ...common,
    source: Source,
    category: z.string(),
    bounceShare: z.number(),
    elsewhere: z.number(),
  }),
]);
export type PlantTruth = z.infer<typeof PlantTruth>;

const Counts = z.record(z.string(), Count);

/** Totals of `bounces.csv`, one row of which is one refusal. */
export const BounceTotals = z.strictObject({
  offices: z.array(z.string()),
  orders: Count,
  hops: Count,
  lostDays: Count,
  /** Row: the office that refused; column: the one that got it next. */
  matrix: z.array(z.array(Count)),
  byCategory: Counts,
});
export type BounceTotals = z.infer<typeof BounceTotals>;

export const Truth = z.strictObject({
  note: z.string(),
  options: z.strictObject({ incidents: z.number(), weeks: z.number(), seed: z.number(), lastDay: Day }),
  split: z.strictObject({ training: Span, calibration: Span, test: Span }),
  categories: Count,
  incidents: Counts,
  notYetReported: Count,
  deliveries: z.strictObject({ missingPoliceMonth: z.string().nullable(), datumMistakeMonth: z.string().nullable() }),
  files: z.array(
    z.strictObject({
      file: z.string(),
      source: z.string(),
      rows: Count,
      rejected: Counts,
      unlocated: Counts,
      warnings: Counts,
      unmapped: Count,
      datumMistakes: Count,
      idNumbers: Count,
      accepted: Count,
    }),
  ),
  bounces: BounceTotals,
  plants: z.array(PlantTruth),
});
export type Truth = z.infer<typeof Truth>;

/** Counts of one delivered file: what a faultless reading of it must find. */
export interface FileTally {
  readonly file: string;
  readonly source: string;
  rows: number;
  /** By the reason names of the pipeline. */
  readonly rejected: Record<string, number>;
  readonly unlocated: Record<string, number>;
  readonly warnings: Record<string, number>;
  unmapped: number;
  /** Rows in GCJ-02 that the contract calls WGS 84. */
  datumMistakes: number;
  /** Rows that carry a made ID number in their free text. */
  idNumbers: number;
}

export function fileTally(file: string, source: string): FileTally {
  return {
    file,
    source,
    rows: 0,
    rejected: {},
    unlocated: {},
    warnings: {},
    unmapped: 0,
    datumMistakes: 0,
    idNumbers: 0,
  };
}

export function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

/** Rows that must be accepted: read = accepted + rejected. */
export function accepted(tally: FileTally): number {
  return tally.rows - Object.values(tally.rejected).reduce((sum, n) => sum + n, 0);
}
