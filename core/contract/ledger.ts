import { z } from 'zod';

/**
 * The ledger of the weekly review: three linked lists 问题 / 责任 / 整改, and what was decided about alerts. It is written by people, so it is
 * no part of a snapshot; a row names places, categories and weeks by the names that stay the same from snapshot to snapshot.
 * Departments, never persons.
 */
const Id = z.string().min(1).max(64);
const Text = z.string().trim().min(1).max(500);
/** Civil date of the city, `2026-11-22`. */
export const IsoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text));
export const IsoWeek = z.string().regex(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/);

/** What a problem is about: enough to count it again next week and to open it on the desk. */
export const Scope = z.strictObject({
  /** Code of `divisions.arrow`; null = the city. */
  division: z.string().max(64).nullable(),
  /** Code of the category tree; null = all. */
  category: z.string().max(64).nullable(),
  /** Keys of sources; empty = all. */
  sources: z.array(z.string().max(64)).max(32),
  /** Alert it came from; null = none. */
  alert: z.string().max(200).nullable(),
});
export type Scope = z.infer<typeof Scope>;

export const Problem = z.strictObject({
  id: Id,
  text: Text,
  /** ISO week of the brief it was opened in. */
  week: IsoWeek,
  /** Snapshot the brief was read on. */
  snapshot: z.string().max(64),
  scope: Scope,
});
export type Problem = z.infer<typeof Problem>;

export const Duty = z.strictObject({
  id: Id,
  problem: Id,
  /** A department or a division, no person. */
  owner: z.string().trim().min(1).max(100),
});
export type Duty = z.infer<typeof Duty>;

export const REMEDY_STATES = ['todo', 'doing', 'done', 'cancelled'] as const;
export const Remedy = z.strictObject({
  id: Id,
  duty: Id,
  /** What was decided. */
  measure: Text,
  deadline: IsoDate,
  state: z.enum(REMEDY_STATES),
  /** Result of acceptance; empty = not said. */
  result: z.string().max(500),
});
export type Remedy = z.infer<typeof Remedy>;

export const DISPOSITIONS = ['confirmed', 'false', 'watch', 'whistled'] as const;
export const Disposition = z.strictObject({
  alert: z.string().min(1).max(200),
  what: z.enum(DISPOSITIONS),
  /** ISO week in which the alert was raised. */
  week: IsoWeek,
  /** Local minute at which it was said, `2026-11-22 09:30`. */
  at: z.string().max(20),
  note: z.string().max(500),
});
export type Disposition = z.infer<typeof Disposition>;

export const Ledger = z.strictObject({
  format: z.literal('hexsight-ledger'),
  version: z.literal(1),
  problems: z.array(Problem),
  duties: z.array(Duty),
  remedies: z.array(Remedy),
  /** One an alert: the newest word. */
  dispositions: z.array(Disposition),
});
export type Ledger = z.infer<typeof Ledger>;

export const EMPTY_LEDGER: Ledger = {
  format: 'hexsight-ledger',
  version: 1,
  problems: [],
  duties: [],
  remedies: [],
  dispositions: [],
};
