import { z } from 'zod';
import { Label } from './manifest.ts';

export const RISK_INDICATORS = ['severity', 'exceedance', 'trend', 'unresolved', 'repeats', 'persistence'] as const;
export type RiskIndicator = (typeof RISK_INDICATORS)[number];

/**
 * `risk.json`: how places are weighed. A profile folder may hold its own; else `data/risk.json`. `history` is the audit trail: who set
 * which weights when, and why; its newest entry is the version in force.
 */
export const RiskRules = z
  .strictObject({
    version: z.number().int().positive(),
    /** Newest weeks the index looks at. */
    spanWeeks: z.number().int().min(4).max(52),
    /** Any scale; the index divides by their sum. 0 = not used. */
    weights: z.strictObject(
      Object.fromEntries(RISK_INDICATORS.map((key) => [key, z.number().min(0)])) as Record<RiskIndicator, z.ZodNumber>,
    ),
    /** By severity 0..4; 0 = not graded. */
    severityWeights: z.array(z.number().positive()).length(5),
    history: z
      .array(
        z.strictObject({
          version: z.number().int(),
          day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
          by: z.string().min(1),
          what: Label,
        }),
      )
      .min(1),
  })
  .refine(({ weights }) => Object.values(weights).some((weight) => weight > 0), 'no indicator has a weight')
  .refine(
    ({ version, history }) => history[0]?.version === version,
    'the newest entry of history does not say this version',
  );
export type RiskRules = z.infer<typeof RiskRules>;
