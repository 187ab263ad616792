import { z } from 'zod';

/** `quality.json`: what was read, refused and why. Published; the refused rows themselves stay in the store. */
export const Quality = z.strictObject({
  files: z.array(
    z.strictObject({
      feed: z.string(),
      name: z.string(),
      read: z.number().int(),
      accepted: z.number().int(),
      rejected: z.record(z.string(), z.number().int()),
      unlocated: z.record(z.string(), z.number().int()),
      warnings: z.record(z.string(), z.number().int()),
      unknownColumns: z.array(z.string()),
      /** Rows whose own division names none of ours. */
      unknownDivisions: z.number().int(),
    }),
  ),
  /** Source codes without a mapping, most frequent first. */
  unmapped: z.array(z.strictObject({ feed: z.string(), code: z.string(), rows: z.number().int() })),
  /** Per source and month, accepted rows; a month of the window without any row is listed with null: not delivered, not zero. */
  months: z.array(z.strictObject({ source: z.string(), month: z.string(), rows: z.number().int().nullable() })),
});
export type Quality = z.infer<typeof Quality>;

/** `privacy.json`: what was withheld before anything was published. */
export const Privacy = z.strictObject({
  /** Columns present in the input that were not read further, per feed. */
  columnsNotRead: z.array(z.strictObject({ feed: z.string(), columns: z.array(z.string()) })),
  columnsRead: z.array(z.strictObject({ feed: z.string(), columns: z.array(z.string()) })),
  personLikeRefused: z.array(z.strictObject({ feed: z.string(), detector: z.string(), rows: z.number().int() })),
  /** Sensitive categories: published at this resolution, without the hour. */
  coarsened: z.array(z.strictObject({ category: z.string(), resolution: z.number().int(), rows: z.number().int() })),
  identifiersPublished: z.literal(0),
  grade: z.strictObject({ desk: z.string(), wall: z.string() }),
});
export type Privacy = z.infer<typeof Privacy>;
