import { refuseCounts, type ScanNotAssessable, type SpaceTimeCounts, tailSums, zoneSums } from './scan-kernel.ts';
import type { ScanZones } from './scan-zones.ts';

export interface NegativeBinomialScan {
  readonly kind: 'assessed';
  /** By `zone * maxDuration + duration − 1`; NaN where nothing is expected. */
  readonly scores: Float64Array;
  /** Zone and duration (periods) with the largest score; null when every score is undefined. */
  readonly best: { readonly zone: number; readonly duration: number; readonly score: number } | null;
}

/**
 * Score statistic for over-dispersed counts, hot-spot form (Tango, Takahashi and Kohriyama 2011, Biometrics 67:106):
 * sum (y − mu)/w / sqrt(sum mu/w), w = 1 + mu/theta, sums over zone and the last d periods; standard normal for large sums.
 * theta > 0 is the size of the negative binomial (variance mu + mu²/theta). Cost O(locations · periods + members · maxDuration).
 */
export function scanNegativeBinomial(
  data: SpaceTimeCounts,
  expected: Float64Array,
  zones: ScanZones,
  law: { readonly theta: number; readonly maxDuration: number },
): NegativeBinomialScan | { readonly kind: 'not-assessable'; readonly why: ScanNotAssessable } {
  const { maxDuration, theta } = law;
  const why = refuseCounts(data, zones, { maxDuration, minCount: 0, replicates: 0, maxClusters: 1 });
  if (why !== null && why !== 'no-events') return { kind: 'not-assessable', why };
  if (expected.length !== data.count.length) return { kind: 'not-assessable', why: 'sizes-differ' };
  if (!(theta > 0)) return { kind: 'not-assessable', why: 'no-expectation' };
  const excess = new Float64Array(expected.length);
  const information = new Float64Array(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const mu = expected[i] as number;
    const w = 1 + mu / theta;
    excess[i] = ((data.count[i] as number) - mu) / w;
    information[i] = mu / w;
  }
  const scores = zoneSums(zones, tailSums(data, excess, maxDuration), maxDuration);
  const spread = zoneSums(zones, tailSums(data, information, maxDuration), maxDuration);
  let best: { zone: number; duration: number; score: number } | null = null;
  for (let i = 0; i < scores.length; i++) {
    const variance = spread[i] as number;
    scores[i] = variance > 0 ? (scores[i] as number) / Math.sqrt(variance) : Number.NaN;
    const score = scores[i] as number;
    if (score > (best?.score ?? Number.NEGATIVE_INFINITY))
      best = { zone: Math.floor(i / maxDuration), duration: (i % maxDuration) + 1, score };
  }
  return { kind: 'assessed', scores, best };
}
