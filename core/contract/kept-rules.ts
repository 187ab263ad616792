import { z } from 'zod';
import { AlertRules } from './alert-rules.ts';

/**
 * Thresholds somebody tried and kept: proposals, no rules. They live in the browser; whoever runs the profile takes them over by putting the
 * exported `alert-rules.json` beside it.
 */
export const KeptChange = z.strictObject({
  rule: z.string().min(1).max(64),
  parameter: z.string().min(1).max(64),
  was: z.number(),
  value: z.number().positive(),
  /** Local minute at which it was kept, `2026-11-22 09:30`. */
  at: z.string().max(20),
  /** What the replay said, and of which snapshot. */
  snapshot: z.string().max(64),
  weeks: z.number().int().positive(),
  alertsWas: z.number().int().nonnegative(),
  alerts: z.number().int().nonnegative(),
});
export type KeptChange = z.infer<typeof KeptChange>;

export const KeptRules = z.strictObject({
  format: z.literal('hexsight-kept-rules'),
  version: z.literal(1),
  /** One a parameter: the newest. */
  changes: z.array(KeptChange),
});
export type KeptRules = z.infer<typeof KeptRules>;

export const NO_KEPT_RULES: KeptRules = { format: 'hexsight-kept-rules', version: 1, changes: [] };

/** The newest word on a parameter; the others stay. */
export function withKept(kept: KeptRules, change: KeptChange): KeptRules {
  return { ...kept, changes: [...withoutKept(kept, change).changes, change] };
}

export function withoutKept(kept: KeptRules, { rule, parameter }: Pick<KeptChange, 'rule' | 'parameter'>): KeptRules {
  return { ...kept, changes: kept.changes.filter((one) => one.rule !== rule || one.parameter !== parameter) };
}

/**
 * The rules of a profile with the kept numbers: each changed rule has the next version and says in its history what changed and why.
 * A change of a rule or parameter that the rules do not have is left out and named.
 */
export function rulesWithKept(
  rules: AlertRules,
  { changes }: KeptRules,
): { readonly rules: AlertRules; readonly unknown: readonly KeptChange[] } {
  const known = changes.filter(
    ({ rule, parameter }) => rules.rules.find(({ id }) => id === rule)?.parameters[parameter] !== undefined,
  );
  const changed = rules.rules.map((rule) => {
    const mine = known.filter(
      (change) => change.rule === rule.id && change.value !== rule.parameters[change.parameter],
    );
    if (mine.length === 0) return rule;
    const version = rule.version + 1;
    const what = (change: KeptChange, [from, to, end]: readonly [string, string, string]): string =>
      `${change.parameter} ${rule.parameters[change.parameter]} → ${change.value}${from}${change.weeks}${to}${change.alertsWas} → ${change.alerts}${end}`;
    return {
      ...rule,
      version,
      parameters: { ...rule.parameters, ...Object.fromEntries(mine.map(({ parameter, value }) => [parameter, value])) },
      history: [
        {
          version,
          day:
            mine
              .map(({ at }) => at.slice(0, 10))
              .sort()
              .at(-1) ?? '',
          by: 'desk',
          what: {
            zh: mine.map((change) => what(change, ['（回放近 ', ' 周：提示 ', '）'])).join('；'),
            en: mine.map((change) => what(change, [' (replay of ', ' weeks: alerts ', ')'])).join('; '),
          },
        },
        ...rule.history,
      ],
    };
  });
  return {
    rules: AlertRules.parse({ ...rules, rules: changed }),
    unknown: changes.filter((one) => !known.includes(one)),
  };
}
