import { RISK_INDICATORS, type RiskRules } from '../contract/risk-rules.ts';
import type { NotAssessable } from '../contract/sense.ts';
import { geometricComposite, unitWeights } from '../stats/composite.ts';
import { gammaPoissonMl } from '../stats/empirical-bayes.ts';
import { minMax, type Normalised, percentile, zScore } from '../stats/normalisation.ts';
import type { Random } from '../stats/random.ts';
import { rankIntervals } from '../stats/rank-interval.ts';
import { averageRanks } from '../stats/ranks.ts';
import { spearman } from '../stats/spearman.ts';

/** What is known of places of one kind (districts, streets or cells), in columns. NaN = not known. */
export interface PlaceFacts {
  /** Reports of the span by severity 0..4, five columns. */
  readonly bySeverity: readonly Float64Array[];
  /** The same as the place's own past would give, scaled to the city's level now. */
  readonly expectedBySeverity: readonly Float64Array[];
  /** Persons; null = not known for this city. */
  readonly persons: Float64Array | null;
  /** Reports of the older and of the newer half of the span. */
  readonly olderHalf: Float64Array;
  readonly newerHalf: Float64Array;
  readonly open: Float64Array;
  readonly closed: Float64Array;
  /** Reports of the same place and class within 30 days after a closure, of so many whose place is known exactly. */
  readonly repeats: Float64Array;
  readonly repeatable: Float64Array;
  /** Weeks significantly hot of the last 12; a division: mean of its cells. */
  readonly hotWeeks: Float64Array;
}

export interface PlaceIndex {
  readonly score: Float64Array;
  /** By indicator; the score is their sum from the first to the last, to the last bit. */
  readonly parts: readonly Float64Array[];
  readonly raw: readonly Float64Array[];
  readonly rank: Uint32Array;
  readonly rankLow: Uint32Array;
  readonly rankHigh: Uint32Array;
  readonly topTenth: Float64Array;
  /** Smallest Spearman correlation with the ranking under one other choice, and which; null = undefined. */
  readonly robustness: { readonly spearman: number; readonly choice: string } | null;
}

/** Places fewer than this cannot be compared by percentiles. */
const LEAST_PLACES = 5;
/** A share is drawn to the mean of its kind as if so many reports more had it. */
const SHARE_REPORTS = 4;
const DRAWS = 500;
const POSTERIOR_SETS = 8;

/**
 * Percentile composite of places of one kind (METHODS.md g):
 *
 *     part_ij  = w_j p_ij × 100 / Σ_{j known of i} w_j        p_ij Hazen percentile of the indicator among the places that know it
 *     score_i  = Σ_j part_ij
 *
 * Indicators: severity-weighted reports (empirical-Bayes rate per person; without persons, observed over expected), observed over
 * expected of all reports, newer against older half of the span 2(√(b+⅜) − √(a+⅜)), share not closed, share of repeats, weeks hot.
 * An indicator that is the same everywhere tells nothing apart and counts for nobody. Rank interval: 500 seeded draws of weights
 * (Dirichlet), normalisation (percentile, min–max) and indicators (8 sets from their posteriors).
 */
export function placeIndex(
  facts: PlaceFacts,
  rules: Pick<RiskRules, 'weights' | 'severityWeights'>,
  random: Random,
):
  | { readonly kind: 'assessed'; readonly index: PlaceIndex }
  | { readonly kind: 'not-assessable'; readonly why: NotAssessable } {
  const places = facts.olderHalf.length;
  if (places < LEAST_PLACES) return { kind: 'not-assessable', why: 'too-few-cells' };
  const priors: Priors = new Map();
  const raw = indicators({ facts, priors, random: null }, rules.severityWeights);
  const weights = RISK_INDICATORS.map((key) => rules.weights[key]);
  const columns = raw.map((column) => known(percentile(column), places));
  const parts = columns.map(() => new Float64Array(places));
  const score = new Float64Array(places);
  let scored = 0;
  for (let i = 0; i < places; i++) {
    let sum = 0;
    for (let j = 0; j < columns.length; j++)
      if (!Number.isNaN((columns[j] as Float64Array)[i])) sum += weights[j] as number;
    if (sum > 0) scored++;
    for (let j = 0; j < columns.length; j++) {
      const value = (columns[j] as Float64Array)[i] as number;
      const part = Number.isNaN(value) || sum === 0 ? 0 : ((weights[j] as number) * value * 100) / sum;
      (parts[j] as Float64Array)[i] = part;
      score[i] = (score[i] as number) + part;
    }
  }
  if (scored < places) return { kind: 'not-assessable', why: 'constant' };
  const chosen = filled(columns, weights);
  const used = chosen.flatMap((column, j) => (column && (weights[j] as number) > 0 ? [j] : []));
  const pick = (set: readonly (Float64Array | null)[]): Float64Array[] =>
    used.map((j) => set[j] ?? (chosen[j] as Float64Array));
  const chosenWeights = used.map((j) => weights[j] as number);
  const otherwise = (normalise: (column: Float64Array) => Normalised): (Float64Array | null)[] =>
    filled(
      raw.map((column) => known(normalise(column), places)),
      weights,
    );
  const posterior = Array.from({ length: POSTERIOR_SETS }, () =>
    filled(
      indicators({ facts, priors, random }, rules.severityWeights).map((column) => known(percentile(column), places)),
      weights,
    ),
  );
  const byMinMax = pick(otherwise(minMax));
  const ranks = rankIntervals(
    { alternatives: [pick(chosen), byMinMax, ...posterior.map(pick)], weights: chosenWeights, draws: DRAWS },
    random,
  );
  if (ranks.kind === 'not-assessable') return { kind: 'not-assessable', why: 'no-model' };
  const whole = (values: Float64Array, round: (x: number) => number): Uint32Array => Uint32Array.from(values, round);
  return {
    kind: 'assessed',
    index: {
      score,
      parts,
      raw,
      rank: whole(averageRanks(score, 'highest-first'), Math.floor),
      rankLow: whole(ranks.p5, Math.floor),
      rankHigh: whole(ranks.p95, Math.ceil),
      topTenth: ranks.topTenthShare,
      robustness: weakest([
        ...ranks.dropOne.map(
          (one, j) => [`without ${RISK_INDICATORS[used[j] as number]}`, one?.spearman ?? null] as const,
        ),
        ...(
          [
            ['min-max', linear(byMinMax, chosenWeights)],
            ['z-score', linear(pick(otherwise(zScore)), chosenWeights)],
            ['geometric', geometricComposite({ columns: pick(chosen), weights: chosenWeights })],
            [
              'equal weights',
              linear(
                pick(chosen),
                chosenWeights.map(() => 1),
              ),
            ],
          ] as const
        ).map(([choice, other]) => [choice, other ? spearman({ a: score, b: other }) : null] as const),
      ]),
    },
  };
}

function linear(columns: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const unit = unitWeights(weights) as Float64Array;
  return (columns[0] as Float64Array).map((_, i) =>
    columns.reduce((sum, column, j) => sum + (unit[j] as number) * (column[i] as number), 0),
  );
}

function weakest(choices: readonly (readonly [string, number | null])[]): PlaceIndex['robustness'] {
  let least: PlaceIndex['robustness'] = null;
  for (const [choice, rho] of choices)
    if (rho !== null && (least === null || rho < least.spearman)) least = { spearman: rho, choice };
  return least;
}

const known = (normalised: Normalised, places: number): Float64Array =>
  normalised.kind === 'values' ? normalised.values : new Float64Array(places).fill(Number.NaN);

/** A value that is not known becomes the place's weighted mean of the others: its weight is spread over them. Null = known of nobody. */
function filled(columns: readonly Float64Array[], weights: readonly number[]): (Float64Array | null)[] {
  const places = columns[0]?.length ?? 0; // no indicators, no places
  const mean = new Float64Array(places);
  for (let i = 0; i < places; i++) {
    let [sum, all] = [0, 0];
    for (let j = 0; j < columns.length; j++) {
      const value = (columns[j] as Float64Array)[i] as number;
      if (Number.isNaN(value)) continue;
      sum += (weights[j] as number) * value;
      all += weights[j] as number;
    }
    mean[i] = sum / all;
  }
  return columns.map((column) =>
    column.every((value) => Number.isNaN(value))
      ? null
      : column.map((value, i) => (Number.isNaN(value) ? (mean[i] as number) : value)),
  );
}

/** Priors of the indicators, fitted once a question: by name. */
type Priors = Map<string, ReturnType<typeof gammaPoissonMl>>;

interface Draw {
  readonly facts: PlaceFacts;
  readonly priors: Priors;
  /** Null = the posterior mean; else one draw from the posterior. */
  readonly random: Random | null;
}

/** Raw indicators in the order of `RISK_INDICATORS`. */
function indicators(draw: Draw, severityWeights: readonly number[]): Float64Array[] {
  const { facts, random } = draw;
  const places = facts.olderHalf.length;
  const total = (columns: readonly Float64Array[]): Float64Array => {
    const sum = new Float64Array(places);
    for (const column of columns) for (let i = 0; i < places; i++) sum[i] = (sum[i] as number) + (column[i] as number);
    return sum;
  };
  const trend = new Float64Array(places);
  for (let i = 0; i < places; i++)
    trend[i] =
      2 * (Math.sqrt((facts.newerHalf[i] as number) + 0.375) - Math.sqrt((facts.olderHalf[i] as number) + 0.375)) +
      (random ? Math.SQRT2 * random.normal() : 0);
  return [
    severity(draw, severityWeights),
    ratio(draw, { name: 'all', events: total(facts.bySeverity), exposure: total(facts.expectedBySeverity) }),
    trend,
    share(facts.open, total([facts.open, facts.closed]), random),
    share(facts.repeats, facts.repeatable, random),
    facts.hotWeeks,
  ];
}

/** Σ over severities of weight × posterior rate per 10 000 persons; without persons Σ weight × O over Σ weight × E. */
function severity(draw: Draw, weights: readonly number[]): Float64Array {
  const { bySeverity, expectedBySeverity, persons, olderHalf } = draw.facts;
  const places = olderHalf.length;
  const sum = new Float64Array(places);
  const expected = new Float64Array(places);
  weights.forEach((weight, level) => {
    const events = bySeverity[level] as Float64Array;
    const exposure = persons ?? (expectedBySeverity[level] as Float64Array);
    const rates = ratio(draw, { name: `severity ${level}`, events, exposure });
    const none = !events.some((n) => n > 0);
    for (let i = 0; i < places; i++) {
      const e = exposure[i] as number;
      if (persons) {
        // A severity that nobody reported anywhere adds nothing; without persons nothing is known.
        sum[i] = (sum[i] as number) + (e > 0 ? (none ? 0 : weight * (rates[i] as number) * 1e4) : Number.NaN);
      } else if (e > 0 && !none) {
        sum[i] = (sum[i] as number) + weight * e * (rates[i] as number);
        expected[i] = (expected[i] as number) + weight * e;
      }
    }
  });
  return persons ? sum : sum.map((n, i) => ((expected[i] as number) > 0 ? n / (expected[i] as number) : Number.NaN));
}

interface Rated {
  readonly name: string;
  readonly events: Float64Array;
  readonly exposure: Float64Array;
}

/** Gamma–Poisson posterior mean (or a draw) of events / exposure; NaN without exposure. One rate for all where nothing varies. */
function ratio({ priors, random }: Draw, { name, events, exposure }: Rated): Float64Array {
  const prior = priors.get(name) ?? gammaPoissonMl({ events, exposure });
  priors.set(name, prior);
  return events.map((n, i) => {
    const e = exposure[i] as number;
    if (!(e > 0) || prior.kind === 'not-assessable') return Number.NaN;
    if (prior.kind === 'no-excess-variance') return prior.mean;
    const shape = prior.shape + n;
    return (random ? random.gamma(shape) : shape) / (prior.rate + e);
  });
}

/** Share drawn to the mean of its kind (Beta–binomial with `SHARE_REPORTS`), or a draw; NaN where no report can tell. */
function share(part: Float64Array, all: Float64Array, random: Random | null): Float64Array {
  let [some, every] = [0, 0];
  for (let i = 0; i < all.length; i++) {
    if (!((all[i] as number) > 0)) continue;
    some += part[i] as number;
    every += all[i] as number;
  }
  const mean = some / every;
  const plain = some === 0 || some === every;
  return part.map((n, i) => {
    const reports = all[i] as number;
    if (!(reports > 0)) return Number.NaN;
    const alpha = n + SHARE_REPORTS * mean;
    if (!random || plain) return alpha / (reports + SHARE_REPORTS);
    return random.beta({ alpha, beta: reports - n + SHARE_REPORTS * (1 - mean) });
  });
}
