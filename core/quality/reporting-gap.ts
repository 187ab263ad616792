import { adjustedP } from '../stats/benjamini-hochberg.ts';
import { normalCdf } from '../stats/normal.ts';

/**
 * Places from which one source hears less than others hear there (少报提示): silence is not safety. A notice about data, never about people.
 *
 *     share_i = y_i / n_i              reports of the source in all reports of the place; in a quiet place all sources are quiet
 *     s_i     = the same of the comparable places around, without the place itself
 *     z_i     = 2 √n_i (arcsin √share_i − arcsin √s_i)                          below: fewer than the others lead to expect
 *     v_i     = 2 √y_i (arcsin √late_i − arcsin √l_i)                           above: and later (share of its reports that came late)
 *     u_i     = (v_i / √(1 + t_v y_i) − z_i / √(1 + t_z n_i)) / √2
 *
 * Places differ by more than chance, and the more reports a place has the more it shows: z and v are taken from their median, and t is what makes
 * the quartiles of all places those of a normal law (0 where chance alone does). p = P(N > u), adjusted over all places (Benjamini–Hochberg).
 */
export interface ReportingCounts {
  /** By place: reports of the source in question, and of all sources together. */
  readonly own: Float64Array;
  readonly all: Float64Array;
  /** Reports of the source with a known delay, and those of them that came late. */
  readonly timed: Float64Array;
  readonly late: Float64Array;
  /** Number of the area whose other places a place is compared with. */
  readonly area: Int32Array;
}

export interface ReportingGap {
  readonly place: number;
  readonly observed: number;
  /** Reports of the source that the other sources and the places around lead to expect. */
  readonly expected: number;
  readonly lateShare: number | null;
  /** Of the places around; null = no delay known. */
  readonly lateAround: number | null;
  readonly q: number;
}

export interface ReportingGaps {
  /** u of the definition; NaN = not compared. */
  readonly evidence: Float64Array;
  readonly compared: number;
  readonly gaps: readonly ReportingGap[];
}

export interface ReportingOptions {
  /** Fewer expected reports, or fewer of other sources, are not compared. */
  readonly leastExpected: number;
  readonly leastOther: number;
  readonly alpha: number;
  /** A notice only where at most this share of the expected came. */
  readonly mostShare: number;
}

/** Fewer places do not show how far places usually differ. */
const FEWEST_PLACES = 20;
/** Distance of the quartiles of a normal law, in standard deviations. */
const QUARTILES = 1.349;

/** Definition above; null with fewer than 20 places to compare, or one source only. Cost: a sort. */
export function reportingGaps(counts: ReportingCounts, options: ReportingOptions): ReportingGaps | null {
  const { own, all, timed, late, area } = counts;
  const sums = new Map<number, { own: number; all: number; timed: number; late: number }>();
  for (let i = 0; i < own.length; i++) {
    const sum = sums.get(area[i] as number) ?? { own: 0, all: 0, timed: 0, late: 0 }; // a sum starts at nothing
    sum.own += own[i] as number;
    sum.all += all[i] as number;
    sum.timed += timed[i] as number;
    sum.late += late[i] as number;
    sums.set(area[i] as number, sum);
  }
  const places: number[] = [];
  const [expected, fewer, later] = [0, 1, 2].map(() => new Float64Array(own.length).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const lateAround = new Float64Array(own.length).fill(Number.NaN);
  for (let i = 0; i < own.length; i++) {
    const sum = sums.get(area[i] as number);
    if (!sum) continue;
    const [y, n] = [own[i] as number, all[i] as number];
    const others = n - y;
    const [ownAround, allAround] = [sum.own - y, sum.all - n];
    if (others < options.leastOther || !(allAround > ownAround)) continue;
    // As many as the other sources have here, times what the source has for each of theirs around.
    expected[i] = (others * ownAround) / (allAround - ownAround);
    if (!((expected[i] as number) >= options.leastExpected)) continue;
    places.push(i);
    fewer[i] = arcsineGap({ share: y / n, usual: ownAround / allAround, n });
    const [t, around] = [timed[i] as number, sum.timed - (timed[i] as number)];
    if (!(t > 0) || !(around > 0)) continue;
    lateAround[i] = (sum.late - (late[i] as number)) / around;
    later[i] = arcsineGap({ share: (late[i] as number) / t, usual: lateAround[i] as number, n: t });
  }
  if (places.length < FEWEST_PLACES) return null;
  const [low, slow] = [standardised(fewer, places, all), standardised(later, places, timed)];
  const evidence = new Float64Array(own.length).fill(Number.NaN);
  const p = Float64Array.from(places, (i) => {
    const v = slow?.[i] as number;
    // A source that never says when something happened is judged by its number alone.
    evidence[i] = v >= 0 || v < 0 ? (v - (low?.[i] as number)) / Math.SQRT2 : -(low?.[i] as number);
    return 1 - normalCdf(evidence[i] as number);
  });
  const q = new Float64Array(p.length);
  adjustedP(p, q);
  const gaps = places.flatMap((place, k): ReportingGap[] => {
    const [observed, usual] = [own[place] as number, expected[place] as number];
    if (!((q[k] as number) <= options.alpha) || observed > options.mostShare * usual) return [];
    const known = timed[place] as number;
    const around = lateAround[place] as number;
    return [
      {
        place,
        observed,
        expected: usual,
        lateShare: known > 0 ? (late[place] as number) / known : null,
        lateAround: Number.isNaN(around) ? null : around,
        q: q[k] as number,
      },
    ];
  });
  gaps.sort((a, b) => a.q - b.q || a.place - b.place);
  return { evidence, compared: places.length, gaps };
}

const arcsineGap = ({
  share,
  usual,
  n,
}: {
  readonly share: number;
  readonly usual: number;
  readonly n: number;
}): number => 2 * Math.sqrt(n) * (Math.asin(Math.sqrt(share)) - Math.asin(Math.sqrt(usual)));

/** From the median, over √(1 + t n) with the t that gives the quartiles of a normal law; null = known of too few. Cost: 40 sorts. */
function standardised(values: Float64Array, places: readonly number[], n: Float64Array): Float64Array | null {
  const known = places.filter((i) => !Number.isNaN(values[i] as number));
  if (known.length < FEWEST_PLACES) return null;
  const quantile = (of: Float64Array, share: number): number => of[Math.floor(share * (of.length - 1))] as number;
  const middle = quantile(Float64Array.from(known, (i) => values[i] as number).sort(), 0.5);
  const scaled = (i: number, t: number): number =>
    ((values[i] as number) - middle) / Math.sqrt(1 + t * (n[i] as number));
  const spread = (t: number): number => {
    const sorted = Float64Array.from(known, (i) => scaled(i, t)).sort();
    return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / QUARTILES;
  };
  let [low, high] = [0, spread(0) > 1 ? LARGEST_T : 0];
  for (let step = 0; step < 40 && high > 0; step++) {
    const t = (low + high) / 2;
    if (spread(t) > 1) low = t;
    else high = t;
  }
  return values.map((_, i) => scaled(i, high));
}
/** Variance of the root-arcsine share between places: 1 is far beyond what shares can differ. */
const LARGEST_T = 1;
