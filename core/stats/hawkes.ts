import { nelderMead } from './nelder-mead.ts';

/** Temporal Hawkes process with exponential kernel: λ(t) = μ + Σ_{t_i < t} α β exp(−β (t − t_i)). */
export interface HawkesParameters {
  /** Background events per unit of time. */
  readonly mu: number;
  /** Branching ratio: mean number of events that one event triggers; stationary below 1. */
  readonly alpha: number;
  /** Decay per unit of time; 1/β is the mean delay of a triggered event. */
  readonly beta: number;
}

export interface HawkesEvents {
  /** Ascending, within 0 … end; any unit of time. */
  readonly times: Float64Array;
  /** End of observation. */
  readonly end: number;
}

export type HawkesReason = 'too-few-events' | 'not-ascending' | 'no-maximum';

/** λ just before every event. Cost O(n) by recursion. Source: see `hawkesLogLikelihood`. */
export function hawkesIntensity({ times }: HawkesEvents, { mu, alpha, beta }: HawkesParameters): Float64Array {
  const intensity = new Float64Array(times.length);
  let excited = 0;
  for (let i = 0; i < times.length; i++) {
    if (i > 0) excited = (excited + 1) * Math.exp(-beta * (times[i]! - times[i - 1]!));
    intensity[i] = mu + alpha * beta * excited;
  }
  return intensity;
}

/**
 * Compensator Λ(t) = μ t + Σ_{t_i < t} α (1 − exp(−β (t − t_i))) at every event, and at the end as the last value.
 * Under the model its steps are exponential with mean 1: the test of fit. Unit: events. Cost O(n).
 */
export function hawkesCompensator({ times, end }: HawkesEvents, { mu, alpha, beta }: HawkesParameters): Float64Array {
  const n = times.length;
  const compensator = new Float64Array(n + 1);
  let excited = 0;
  for (let i = 0; i <= n; i++) {
    const t = i < n ? times[i]! : end;
    if (i > 0) excited = (excited + 1) * Math.exp(-beta * (t - times[i - 1]!));
    compensator[i] = mu * t + alpha * (i - excited);
  }
  return compensator;
}

/**
 * Log likelihood on 0 … end: Σ log λ(t_i) − Λ(end). Unit: log of (events per unit of time). Cost O(n).
 * Source: Hawkes (1971), Biometrika 58, 83–90; recursion of Ogata (1981), IEEE Trans Inf Theory 27, 23–31.
 */
export function hawkesLogLikelihood(events: HawkesEvents, parameters: HawkesParameters): number {
  const intensity = hawkesIntensity(events, parameters);
  let sum = 0;
  for (let i = 0; i < intensity.length; i++) sum += Math.log(intensity[i]!);
  return sum - hawkesCompensator(events, parameters)[intensity.length]!;
}

export type HawkesFit =
  | { readonly kind: 'value'; readonly parameters: HawkesParameters; readonly logLikelihood: number }
  | { readonly kind: 'not-assessable'; readonly why: HawkesReason };

/**
 * Maximum likelihood of μ, α, β; searched on their logarithms from several starts, the best kept. A branching ratio of 1 or more is
 * returned as found: such a fit is not stationary. Not assessable: fewer than 10 events, times out of order or outside 0 … end, a
 * maximum on the edge (α near 0: nothing is triggered; or β beyond any resolution).
 * Cost O(n) a trial, some thousand trials.
 */
export function fitHawkes(events: HawkesEvents): HawkesFit {
  const { times, end } = events;
  const n = times.length;
  if (n < 10) return { kind: 'not-assessable', why: 'too-few-events' };
  for (let i = 0; i < n; i++)
    if (!(times[i]! >= (i > 0 ? times[i - 1]! : 0) && times[i]! <= end))
      return { kind: 'not-assessable', why: 'not-ascending' };
  const rate = n / end;
  const read = (at: readonly number[]): HawkesParameters => ({
    mu: Math.exp(at[0]!),
    alpha: Math.exp(at[1]!),
    beta: Math.exp(at[2]!),
  });
  let best: { at: readonly number[]; value: number } | null = null;
  for (const decay of [0.1, 1, 10]) {
    const start = [Math.log(rate / 2), Math.log(0.5), Math.log(rate * decay)];
    const found = nelderMead((at) => -hawkesLogLikelihood(events, read(at)), start, { step: 0.5 });
    if (!best || found.value < best.value) best = found;
  }
  const parameters = read(best!.at);
  const onEdge = parameters.alpha < 1e-4 || parameters.beta > 1e6 * rate || parameters.beta < 1e-4 / end;
  if (!Number.isFinite(best!.value) || onEdge) return { kind: 'not-assessable', why: 'no-maximum' };
  return { kind: 'value', parameters, logLikelihood: -best!.value };
}
