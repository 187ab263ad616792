import { z } from 'zod';
import { IsoWeek } from './ledger.ts';

/**
 * Findings: what a person read from the desk, kept with the view in which it is to be seen. A person's words, no output of the product:
 * no part of a snapshot, and marked as such wherever they stand. Places and classes, never persons.
 */
export const MOST_FINDING_TEXT = 500;
export const DeskFinding = z.strictObject({
  id: z.string().min(1).max(64),
  text: z.string().trim().min(1).max(MOST_FINDING_TEXT),
  /** 内部研判等级 as the person grades it, 1 = Ⅰ … 4 = Ⅳ; null = not graded. */
  level: z.number().int().min(1).max(4).nullable(),
  /** ISO week of the brief in which it stands. */
  week: IsoWeek,
  /** The view: keys of a permalink (`web/src/state/permalink.ts`), without address. */
  link: z
    .string()
    .regex(/^version=1(&|$)/)
    .max(6000),
  /** What the view was narrowed to, in words; as it stood when the finding was written. */
  scope: z.string().max(300),
  /** Incidents that the view counted; null = not known then. */
  n: z.number().int().nonnegative().nullable(),
  /** Snapshot on which it was written, and its newest record. */
  snapshot: z.string().max(64),
  asOf: z.string().max(20),
  /** Local minute at which it was written, `2026-11-22 09:30`. */
  at: z.string().max(20),
});
export type DeskFinding = z.infer<typeof DeskFinding>;

export const Findings = z.strictObject({
  format: z.literal('hexsight-findings'),
  version: z.literal(1),
  findings: z.array(DeskFinding).max(2000),
});
export type Findings = z.infer<typeof Findings>;

export const NO_FINDINGS: Findings = { format: 'hexsight-findings', version: 1, findings: [] };
