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
      /** What is wrong with its datum, in words; then its coordinates are not used. */
      datum: z.array(z.string()),
      /** Rows whose own division names none of ours. */
      unknownDivisions: z.number().int(),
    }),
  ),
  /**
   * Points that many rows share. A default point of a geocoder makes no hot spot: its rows keep `division` at most. Addresses
   * and what could not be decided stay where they are; they are told by their number only, as an address can be a household.
   */
  pileUps: z.array(
    z.strictObject({
      feed: z.string(),
      addresses: z.number().int(),
      undecided: z.number().int(),
      defaultPoints: z.array(
        z.strictObject({
          rows: z.number().int(),
          reasons: z.array(z.string()),
          division: z.string().nullable(),
        }),
      ),
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
