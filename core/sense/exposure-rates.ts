import { gammaPoissonMl } from '../stats/empirical-bayes.ts';

/**
 * Gamma–Poisson posterior mean of the rate per person of every place; NaN where nobody lives (exposure 0): such a place is no part of
 * the comparison. Prior by maximum likelihood over all places; counts that vary no more than Poisson counts do have one rate for all,
 * which leaves nothing to compare. `expected` = events at the rate of all. Null: no model. Cost: see `gammaPoissonMl`.
 */
export function exposureRates(
  events: ArrayLike<number>,
  exposure: Float64Array,
): { readonly posterior: Float64Array; readonly expected: Float64Array } | null {
  const y = Float64Array.from(events);
  const prior = gammaPoissonMl({ events: y, exposure });
  if (prior.kind !== 'fitted') return null;
  const mean = prior.shape / prior.rate;
  return {
    posterior: y.map((n, i) =>
      (exposure[i] as number) > 0 ? (prior.shape + n) / (prior.rate + (exposure[i] as number)) : Number.NaN,
    ),
    expected: exposure.map((persons) => (persons > 0 ? persons * mean : Number.NaN)),
  };
}
