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

/** Kept until its importers name the new place. */
export { Privacy } from './privacy.ts';
