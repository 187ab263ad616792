import { KNOWN, knownPeriods, periodCompleteness } from './delivery.ts';
import { type SeriesCounts, seriesAt } from './series-set.ts';
import type { SourceDelivery } from './source-delivery.ts';

/** One series of a plan: where it lies in the counts, from which period it is published, and from which it is compared with its normal. */
export interface SeriesSpec {
  /** Row of the tree. */
  readonly division: number;
  /** Position in the tree's categories. */
  readonly category: number;
  /** First period with a report of the category anywhere in the city: before, nobody used the category. */
  readonly born: number;
  /** First period published. */
  readonly first: number;
  readonly assessFrom: number;
}

export interface SeriesPlan {
  readonly specs: readonly SeriesSpec[];
  /** Street × class series left out: fewer than one report a week in the last year. Class in the district and group in the street speak for them. */
  readonly leftOut: number;
}

export interface SeriesRules {
  /** Deepest category level by division level: 0 all, 1 group, 2 class. */
  readonly categoryLevel: readonly number[];
  /** Newest periods compared with their normal, by division level. */
  readonly assess: readonly number[];
  /** Newest periods published. */
  readonly publish: number;
  /** Below level 1 a class has a series of its own only with so many reports in the last `yearPeriods`. */
  readonly leastInYear: number;
  readonly yearPeriods: number;
}

export const WEEKLY_RULES: SeriesRules = {
  categoryLevel: [2, 2, 2],
  assess: [52, 52, 26],
  publish: Number.POSITIVE_INFINITY,
  leastInYear: 52,
  yearPeriods: 52,
};
export const DAILY_RULES: SeriesRules = {
  categoryLevel: [1, 1],
  assess: [60, 60],
  publish: 400,
  leastInYear: 0,
  yearPeriods: 365,
};

/** Every series that has had a report, in order of division and category. Cost: one pass over the counts. */
export function seriesPlan(counts: SeriesCounts, rules: SeriesRules): SeriesPlan {
  const { tree, periods } = counts;
  const specs: SeriesSpec[] = [];
  let leftOut = 0;
  const born = Array.from(tree.categories, (_, category) =>
    seriesAt(counts, { division: 0, category }).findIndex((n) => n > 0),
  );
  for (let division = 0; division < tree.divisions.length; division++) {
    const level = tree.levels[division] as number;
    const deepest = rules.categoryLevel[level];
    if (deepest === undefined) continue;
    for (let category = 0; category < tree.categories.length; category++) {
      if ((tree.categoryLevels[category] as number) > deepest) continue;
      const series = seriesAt(counts, { division, category });
      if (!series.some((n) => n > 0)) continue;
      if (level > 1 && tree.categoryLevels[category] === 2) {
        let year = 0;
        for (let t = Math.max(0, periods - rules.yearPeriods); t < periods; t++) year += series[t] as number;
        if (year < rules.leastInYear) {
          leftOut++;
          continue;
        }
      }
      const begun = born[category] as number;
      const first = Math.max(begun, periods - rules.publish);
      specs.push({
        division,
        category,
        born: begun,
        first,
        assessFrom: Math.max(first, periods - (rules.assess[level] as number)),
      });
    }
  }
  return { specs, leftOut };
}

/** What is known of the periods of each category: one `KNOWN` a period by division of level 1, and the completeness. */
export interface SeriesKnowledge {
  readonly known: (spec: { readonly division: number; readonly category: number }) => Uint8Array;
  readonly completeness: (category: number) => Float64Array;
  /** Per source its share of the category's reports. */
  readonly shares: (category: number) => readonly number[];
}

/**
 * @param bySource reports by source × position of the category: `bySource[source][category]`
 * Cost: level-1 divisions × categories × periods × sources
 */
export function seriesKnowledge(
  { tree, periods }: Pick<SeriesCounts, 'tree' | 'periods'>,
  bySource: readonly Float64Array[],
  delivery: SourceDelivery,
  step: { readonly name: 'week' | 'day'; readonly firstDay: number },
): SeriesKnowledge {
  const shares = Array.from(tree.categories, (_, category) => {
    const total = bySource.reduce((sum, counts) => sum + (counts[category] as number), 0);
    return bySource.map((counts) => (total > 0 ? (counts[category] as number) / total : 0));
  });
  const completeness = shares.map((share) =>
    periodCompleteness(delivery.filling, share, {
      firstDay: step.firstDay,
      periods,
      daysPerPeriod: step.name === 'week' ? 7 : 1,
    }),
  );
  const states = new Map<number, readonly Uint8Array[]>();
  const cache = new Map<number, Uint8Array>();
  return {
    known: ({ division, category }) => {
      let row = division;
      while ((tree.levels[row] as number) > 1) row = tree.parents[row] as number;
      const key = row * tree.categories.length + category;
      const before = cache.get(key);
      if (before) return before;
      const id = tree.divisions[row] as number;
      let own = states.get(id);
      if (!own) {
        own = step.name === 'week' ? delivery.weeks(id) : delivery.days(id);
        states.set(id, own);
      }
      const known = knownPeriods(own, shares[category] as readonly number[]);
      cache.set(key, known);
      return known;
    },
    completeness: (category) => completeness[category] as Float64Array,
    shares: (category) => shares[category] as readonly number[],
  };
}

/** Counts of a series from `born` on, NaN where they are no baseline. */
export function baselineCounts(counts: SeriesCounts, spec: SeriesSpec, known: Uint8Array): Float64Array {
  const series = seriesAt(counts, spec);
  const out = new Float64Array(counts.periods - spec.born);
  for (let t = spec.born; t < counts.periods; t++)
    out[t - spec.born] = known[t] === KNOWN.whole ? (series[t] as number) : Number.NaN;
  return out;
}
