import { z } from 'zod';

const Count = z.number().int().nonnegative();
/** Reports by the place whose count holds them. */
const ByPlace = z.strictObject({
  r8: Count,
  r7: Count,
  r6: Count,
  r5: Count,
  division: Count,
  city: Count,
  withheld: Count,
});

/** What grade wall publishes and holds back. Exact figures: this document is grade desk. */
export const PrivacyWall = z.strictObject({
  k: z.number().int().min(3),
  kSensitive: z.number().int().min(3),
  /** Every published count is floored to a multiple of its k. */
  flooredTo: z.literal('k'),
  /** Last complete ISO week, in which all windows end; null = there is none, and nothing is published. */
  lastWeek: z.string().nullable(),
  windows: z.array(
    z.strictObject({
      weeks: z.number().int().positive(),
      sensitive: z.boolean(),
      atoms: Count,
      reports: Count,
      byPlace: ByPlace,
      /** Share of the reports still shown at a cell of this resolution or finer; null = no reports. */
      shareAtLeast: z.strictObject({
        r8: z.number().min(0).max(1).nullable(),
        r7: z.number().min(0).max(1).nullable(),
        r6: z.number().min(0).max(1).nullable(),
      }),
    }),
  ),
  /** Atoms pulled into a remainder that alone would have been below k. */
  suppressedComplementarily: Count,
  /** Atoms merged further up because a small count was not proven open with them. */
  mergedForProof: Count,
  /** Windows or weeks of which nothing is published. */
  withheldSlices: Count,
  /** Run while publishing: every small base count has another value that publishes the same. The full attack is a test. */
  selfCheck: z.strictObject({ smallCounts: Count, notProven: z.literal(0), attack: z.literal('test') }),
});
export type PrivacyWall = z.infer<typeof PrivacyWall>;

/** `privacy.json`: what was withheld before anything was published, and by which rule. */
export const Privacy = z.strictObject({
  /** Columns present in the input that were not read further, per feed. */
  columnsNotRead: z.array(z.strictObject({ feed: z.string(), columns: z.array(z.string()) })),
  columnsRead: z.array(z.strictObject({ feed: z.string(), columns: z.array(z.string()) })),
  /** Values refused, per feed, column (where known) and detector. Counts only, never a value. */
  personLikeRefused: z.array(
    z.strictObject({ feed: z.string(), column: z.string().optional(), detector: z.string(), rows: z.number().int() }),
  ),
  /** Sensitive categories: published at this resolution, without the hour. */
  coarsened: z.array(z.strictObject({ category: z.string(), resolution: z.number().int(), rows: z.number().int() })),
  identifiersPublished: z.literal(0),
  grade: z.strictObject({ desk: z.string(), wall: z.string() }),
  wall: PrivacyWall.optional(),
  /** How long snapshots are kept. Erasing an input re-makes every unit that used it. */
  retention: z.strictObject({ snapshots: z.number().int(), days: z.number(), graceMinutes: z.number() }).optional(),
});
export type Privacy = z.infer<typeof Privacy>;
