import { z } from 'zod';
import { Label } from './manifest.ts';

/** How the engine grades alerts and tells them apart: parts of `data/alert-rules.json` that `alerts.json` repeats, so that its alerts can be replayed. */
export const RuleHistory = z
  .array(z.strictObject({ version: z.number().int(), day: z.string(), by: z.string(), what: Label }))
  .min(1);

/** Points for reaching each step of a ladder: `[[1.5, 1], [2, 2]]` = 1 point from 1.5, 2 points from 2. */
const Ladder = z.array(z.tuple([z.number(), z.number().int().nonnegative()])).min(1);

export const LevelRules = z.strictObject({
  version: z.number().int().positive(),
  /** Observed − expected, incidents. */
  size: Ladder,
  /** Recurrence interval, days. */
  certainty: Ladder,
  /** Lower 97.5 % bound of observed / expected (at least 1). */
  growth: Ladder,
  /** Certainty points of a rule whose track record is not yet judged so often, and of one whose share kept is below the least. */
  trackRecord: z.strictObject({
    leastJudged: z.number().int().positive(),
    leastKept: z.number().min(0).max(1),
    unproven: z.number().int().nonnegative(),
    weak: z.number().int().nonnegative(),
  }),
  /** Severity 0..4 of the category. */
  severity: Ladder,
  /** Divisions of level 1 with at least a tenth of it. */
  spread: Ladder,
  /** Points from which a level is given; what has fewer points is Ⅳ. Level Ⅰ also needs the most certain step. */
  levels: z.strictObject({ one: z.number(), two: z.number(), three: z.number() }),
  /** With one of these flags the level is no higher than `capTo`. */
  capFlags: z.array(z.string()),
  capTo: z.number().int().min(1).max(4),
  history: RuleHistory,
});

export const IdentityRules = z.strictObject({
  /** An alert that nothing has renewed for so many days has ended. */
  endsAfterDays: z.number().int().positive(),
  /** It eases when the evidence has fallen to this share of its highest. */
  easingShare: z.number().min(0).max(1),
  /** Days without anything new about it after which a standing alert is no news any more and stands in the register; left out: never. */
  knownAfterDays: z.number().int().positive().optional(),
});
