import { z } from 'zod';
import { IdentityRules, LevelRules, RuleHistory } from './alert-engine.ts';
import { Label } from './manifest.ts';
import { ALERT_KINDS } from './sense.ts';

/**
 * `data/alert-rules.json`: when sensing speaks, and how loudly. Data with versions: whoever changes a number adds a line to the
 * rule's history and raises its version. A profile may bring its own file.
 */
const Rule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  kind: z.enum(ALERT_KINDS),
  version: z.number().int().positive(),
  name: Label,
  says: Label,
  /** What it finds has been there for long: it stands in the register from the first evening, level Ⅳ, and uses no budget. */
  register: z.boolean().optional(),
  parameters: z.record(z.string(), z.number()),
  history: RuleHistory,
});

export const AlertRules = z.strictObject({
  rules: z.array(Rule).min(1),
  level: LevelRules,
  budget: z.strictObject({
    /** New alerts a day, city and level-1 division. */
    cityPerDay: z.number().int().positive(),
    divisionPerDay: z.number().int().positive(),
  }),
  identity: IdentityRules,
});
export type AlertRules = z.infer<typeof AlertRules>;
export type AlertRule = AlertRules['rules'][number];
