import type { Polarity } from './comparison.ts';
import type { Words } from './verdict-words.ts';

/**
 * The registry of indicators: one definition a number, for every room that shows it. Each has a view of the same shape,
 *
 *     week, division, n, of, value        one row a week × level-1 division; `value` = null where `of` is 0: nobody can say
 *
 * over the readable tables of the console (`incidents`, `divisions`, `risk`): reading `sql` is reading the definition. The view is named
 * after the id. `division` is the code of the level-1 division, null = incidents that are in none.
 */
export interface Indicator {
  /** Name of its view: ASCII. */
  readonly id: string;
  readonly name: Words;
  readonly unit: Words;
  /** What a rise means. Volume is demand, not performance: neutral. */
  readonly higherIs: Polarity;
  /** One sentence: what is divided by what, over which incidents. */
  readonly definition: Words;
  /** A SELECT with the columns above. */
  readonly sql: string;
}

const CASES: Words = { zh: '件', en: 'incidents' };
const PERCENT: Words = { zh: '%', en: '%' };

/** Share of `incidents` with a property, in percent of those of which it is known. */
const share = (has: string, known = 'TRUE'): string =>
  [
    'SELECT week, district AS division,',
    `  count(*) FILTER (WHERE ${has}) AS n,`,
    `  count(*) FILTER (WHERE ${known}) AS of,`,
    `  100.0 * count(*) FILTER (WHERE ${has}) / nullif(count(*) FILTER (WHERE ${known}), 0) AS value`,
    'FROM incidents',
    'GROUP BY week, district',
  ].join('\n');

export const INDICATORS: readonly Indicator[] = [
  {
    id: 'ind_incidents',
    name: { zh: '事件数', en: 'Incidents' },
    unit: CASES,
    higherIs: 'neutral',
    definition: {
      zh: '一周内受理并通过校验的事件件数；件数是需求，不是对单位的评价。',
      en: 'Accepted incidents of a week; volume is demand, not a score of a unit.',
    },
    sql: [
      'SELECT week, district AS division, count(*) AS n, count(*) AS of, count(*)::DOUBLE AS value',
      'FROM incidents',
      'GROUP BY week, district',
    ].join('\n'),
  },
  {
    id: 'ind_per_10k',
    name: { zh: '每万人件数', en: 'Incidents per 10,000 people' },
    unit: { zh: '件/万人', en: 'per 10,000 people' },
    higherIs: 'neutral',
    definition: {
      zh: '一周内事件件数除以区县人口再乘一万；人口未知的区县没有值。',
      en: 'Incidents of a week per 10,000 inhabitants of the district; no value where the population is not known.',
    },
    sql: [
      'SELECT week, division, n, population AS of, 1e4 * n / nullif(population, 0) AS value',
      'FROM (SELECT week, district AS division, count(*) AS n FROM incidents WHERE district IS NOT NULL GROUP BY week, district)',
      'JOIN (SELECT code AS division, population FROM divisions) USING (division)',
    ].join('\n'),
  },
  {
    id: 'ind_severe_share',
    name: { zh: '较重及以上占比', en: 'Share of severity 3 and 4' },
    unit: PERCENT,
    higherIs: 'worse',
    definition: {
      zh: '严重程度为 3、4 级的事件占已评级事件的比例；未评级的不进分母。',
      en: 'Incidents of severity 3 or 4 among those that are graded; ungraded ones are not in the denominator.',
    },
    sql: share('severity >= 3', 'severity > 0'),
  },
  {
    id: 'ind_closed_share',
    name: { zh: '办结率', en: 'Share closed' },
    unit: PERCENT,
    higherIs: 'better',
    definition: {
      zh: '阶段为“办结”或“评价”的事件占已报送阶段事件的比例；最近几周的事件多数还在办理中。',
      en: 'Incidents closed or reviewed among those whose stage was reported; most of the last weeks are still being handled.',
    },
    sql: share("stage IN ('closed', 'reviewed')", "stage <> 'unknown'"),
  },
  {
    id: 'ind_close_hours',
    name: { zh: '办结时长中位数', en: 'Median hours to close' },
    unit: { zh: '小时', en: 'hours' },
    higherIs: 'worse',
    definition: {
      zh: '从发生到办结的小时数的中位数，只算已办结且报送了时长的事件；72 小时以上按整天计。',
      en: 'Median hours from occurrence to closing, over closed incidents that say so; from 72 hours on in whole days.',
    },
    sql: [
      'SELECT week, district AS division, count(close_hours) AS n, count(*) AS of, median(close_hours)::DOUBLE AS value',
      'FROM incidents',
      'GROUP BY week, district',
    ].join('\n'),
  },
  {
    id: 'ind_night_share',
    name: { zh: '夜间占比', en: 'Share at night' },
    unit: PERCENT,
    higherIs: 'neutral',
    definition: {
      zh: '当地时间 22 时至次日 6 时发生的事件占报送了时刻的事件的比例。',
      en: 'Incidents from 22:00 to 06:00 local time among those whose hour is known.',
    },
    sql: share('hour >= 22 OR hour < 6', 'hour IS NOT NULL'),
  },
  {
    id: 'ind_unlocated_share',
    name: { zh: '未定位占比', en: 'Share unlocated' },
    unit: PERCENT,
    higherIs: 'worse',
    definition: {
      zh: '不知道落在哪一格的事件占全部事件的比例；只知道区划的也算在内，不属任何区划的在 division 为空的行。',
      en: 'Incidents not known to a cell among all; those known to a division only count, those in no division stand in the row without one.',
    },
    sql: share('resolution = 0'),
  },
  {
    id: 'ind_unmapped_share',
    name: { zh: '未归类占比', en: 'Share uncategorised' },
    unit: PERCENT,
    higherIs: 'worse',
    definition: {
      zh: '来源的类别代码没有对应到本系统类别树的事件占全部事件的比例。',
      en: 'Incidents whose category code has no place in the category tree, among all.',
    },
    sql: share("category = 'unmapped'"),
  },
];

export function indicator(id: string): Indicator | undefined {
  return INDICATORS.find((entry) => entry.id === id);
}
