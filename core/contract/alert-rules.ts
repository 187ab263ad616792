import { z } from 'zod';
import { Label } from './manifest.ts';
import { ALERT_KINDS } from './sense.ts';

/**
 * `data/alert-rules.json`: when sensing speaks, and how loudly. Data with versions: whoever changes a number adds a line to the
 * rule's history and raises its version. A profile may bring its own file.
 */
const History = z
  .array(z.strictObject({ version: z.number().int(), day: z.string(), by: z.string(), what: Label }))
  .min(1);

const Rule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  kind: z.enum(ALERT_KINDS),
  version: z.number().int().positive(),
  name: Label,
  says: Label,
  parameters: z.record(z.string(), z.number()),
  history: History,
});

/** Points for reaching each step of a ladder: `[[1.5, 1], [2, 2]]` = 1 point from 1.5, 2 points from 2. */
const Ladder = z.array(z.tuple([z.number(), z.number().int().nonnegative()])).min(1);

export const AlertRules = z.strictObject({
  rules: z.array(Rule).min(1),
  level: z.strictObject({
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
    history: History,
  }),
  budget: z.strictObject({
    /** New alerts a day, city and level-1 division. */
    cityPerDay: z.number().int().positive(),
    divisionPerDay: z.number().int().positive(),
  }),
  identity: z.strictObject({
    /** An alert that nothing has renewed for so many days has ended. */
    endsAfterDays: z.number().int().positive(),
    /** It eases when the evidence has fallen to this share of its highest. */
    easingShare: z.number().min(0).max(1),
  }),
});
export type AlertRules = z.infer<typeof AlertRules>;
export type AlertRule = AlertRules['rules'][number];
