import type { AlertRules } from '../contract/alert-rules.ts';
import { gammaQuantile } from '../stats/gamma.ts';
import type { Candidate } from './candidate.ts';

/** What a level is made of; every part is a step of a written ladder. */
export interface LevelPoints {
  readonly size: number;
  readonly certainty: number;
  readonly growth: number;
  readonly severity: number;
  readonly spread: number;
}

export interface Levelled {
  /** 1 = Ⅰ … 4 = Ⅳ, after the cap. */
  readonly level: number;
  /** The level before the cap, when the cap lowered it. */
  readonly cappedFrom: number | null;
  readonly points: LevelPoints;
  readonly sum: number;
  /** Most certainty points that the rule's track record allows, where that lowered them; null = it did not. */
  readonly provenTo: number | null;
  /** Stands in the register, so it is Ⅳ whatever the points say. */
  readonly isRegistered?: boolean;
}

type Ladder = AlertRules['level']['size'];

/** Points of the highest step reached; 0 below the first. Steps in any order. */
export function stepPoints(ladder: Ladder, value: number): number {
  let points = 0;
  for (const [from, worth] of ladder) if (value >= from && worth > points) points = worth;
  return points;
}

/** A division with less of it than this does not count as sharing it. */
const LEAST_SHARE = 0.1;

/** How certain, in days between chance findings of the whole run; a rule that gives none earns no certainty. */
export function certaintyDays(candidate: Candidate): number {
  return candidate.recurrenceDays ?? 0;
}

/** Lower 97.5 % bound of what was observed (exact Poisson) over what is normal, at least 1: five cases are no fivefold rise. */
export function growthOf({ observed, expected }: Pick<Candidate, 'observed' | 'expected'>): number {
  const least = observed > 0 ? gammaQuantile({ shape: observed, probability: 0.025 }) : 0;
  return least / Math.max(1, expected);
}

/**
 * Level of a candidate by the written rule: points for size, certainty, growth, severity and spread, added; thresholds on the sum.
 * Level Ⅰ needs the highest certainty step as well; `mostCertainty` = most points that the rule's track record allows. Doubtful data caps the level, and the cap is told.
 */
export function levelOf(
  candidate: Candidate,
  rules: AlertRules['level'],
  mostCertainty = Number.POSITIVE_INFINITY,
): Levelled {
  const ratio = growthOf(candidate);
  const shared = candidate.divisions.filter(({ level, share }) => level === 1 && share >= LEAST_SHARE).length;
  const points: LevelPoints = {
    size: stepPoints(rules.size, candidate.observed - candidate.expected),
    certainty: Math.min(mostCertainty, stepPoints(rules.certainty, certaintyDays(candidate))),
    growth: stepPoints(rules.growth, ratio),
    severity: stepPoints(rules.severity, candidate.severity),
    spread: stepPoints(rules.spread, shared),
  };
  const sum = points.size + points.certainty + points.growth + points.severity + points.spread;
  const most = Math.max(...rules.certainty.map(([, worth]) => worth));
  const { one, two, three } = rules.levels;
  const plain = sum >= one && points.certainty === most ? 1 : sum >= two ? 2 : sum >= three ? 3 : 4;
  const doubtful = candidate.quality.some((flag) => rules.capFlags.includes(flag));
  const level = doubtful ? Math.max(plain, rules.capTo) : plain;
  const provenTo = stepPoints(rules.certainty, certaintyDays(candidate)) > mostCertainty ? mostCertainty : null;
  return { level, cappedFrom: level === plain ? null : plain, points, sum, provenTo };
}
