import type { AlertRules } from '../contract/alert-rules.ts';
import { type Candidate, type CandidateDay, isLineage } from './candidate.ts';
import type { Levelled } from './level.ts';
import { type MergeContext, meets } from './merge.ts';

/**
 * The register (常年在册): what has been at a place for long is true and no news. Rules marked `register` find such places; these stand apart
 * from the list, at level Ⅳ and without using its budget. What the register already says of a place is not said again in the list.
 */
const LOWEST_LEVEL = 4;

export const isRegisterRule = (rules: AlertRules, id: string): boolean =>
  rules.rules.some((rule) => rule.id === id && rule.register === true);

/** A level as the register has it: Ⅳ, with the points it would have had. */
export function registered(levelled: Levelled, rule: string, rules: AlertRules): Levelled {
  return isRegisterRule(rules, rule)
    ? { ...levelled, level: LOWEST_LEVEL, cappedFrom: null, isRegistered: true }
    : levelled;
}

export interface SplitDays {
  readonly news: readonly CandidateDay[];
  readonly register: readonly CandidateDay[];
}

/**
 * Evenings for the list and for the register. A candidate of the same kind about a place of the register (same line of categories) is left out of
 * both: that it came back again is what the register says. A cluster or an unusual week there is news. Cost: candidates × register of an evening.
 */
export function splitRegister(days: readonly CandidateDay[], rules: AlertRules, context: MergeContext): SplitDays {
  const split = days.map(({ day, candidates }) => {
    const kept = candidates.filter(({ rule }) => isRegisterRule(rules, rule));
    const isSaid = (candidate: Candidate): boolean =>
      kept.some(
        (known) =>
          known.kind === candidate.kind &&
          isLineage(context.categories, known.category, candidate.category, context.all) &&
          meets(known, candidate, context),
      );
    const news = candidates.filter((candidate) => !kept.includes(candidate) && !isSaid(candidate));
    return { day, news, register: kept };
  });
  return {
    news: split.map(({ day, news }) => ({ day, candidates: news })),
    register: split.map(({ day, register }) => ({ day, candidates: register })),
  };
}

/** The register has no budget: what it finds is in it at once. */
export function withoutBudget(rules: AlertRules): AlertRules {
  return { ...rules, budget: { cityPerDay: Number.MAX_SAFE_INTEGER, divisionPerDay: Number.MAX_SAFE_INTEGER } };
}
