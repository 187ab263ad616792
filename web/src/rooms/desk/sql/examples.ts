import type { Words } from '../../../../../core/metric/verdict-words.ts';

export interface Example {
  readonly id: string;
  readonly title: Words;
  /** One sentence: what the query counts. */
  readonly says: Words;
  readonly sql: string;
}

/** @param weeks ISO weeks of the snapshot; the examples speak of its last whole ones */
export function examplesFor(weeks: readonly string[], resolution: number): readonly Example[] {
  const last = weeks.at(-2) ?? weeks.at(-1) ?? '';
  const from = weeks.at(-5) ?? weeks[0] ?? '';
  return [
    {
      id: 'cells',
      title: { zh: '各格件数（可上图）', en: 'Incidents by cell (for the map)' },
      says: {
        zh: `数 ${from} 至 ${last} 每个分辨率 ${resolution} 的格里有多少件；不知道落在哪一格的不在内。`,
        en: `Counts the incidents of ${from} to ${last} in every cell of resolution ${resolution}; those in no known cell are left out.`,
      },
      sql: `SELECT h3_${resolution} AS h3, count(*) AS n\nFROM incidents\nWHERE week BETWEEN '${from}' AND '${last}'\n  AND h3_${resolution} IS NOT NULL\nGROUP BY h3\nORDER BY n DESC`,
    },
    {
      id: 'groups',
      title: { zh: '各类别组的件数与夜间占比', en: 'Category groups with their share at night' },
      says: {
        zh: '数全部时段每个类别组的件数，以及知道时刻的事件中 22 时到 6 时的占比。',
        en: 'Counts every category group over the whole window, with the share from 22:00 to 06:00 among incidents whose hour is known.',
      },
      sql: `SELECT group_code, group_zh, count(*) AS n,\n  round(100.0 * count(*) FILTER (WHERE hour >= 22 OR hour < 6) / nullif(count(hour), 0), 1) AS night_percent\nFROM incidents\nGROUP BY group_code, group_zh\nORDER BY n DESC`,
    },
    {
      id: 'matrix',
      title: { zh: '区县 × 来源', en: 'District × source' },
      says: {
        zh: '数每个区县每个来源的件数；区县为空的一行是未定位的事件。',
        en: 'Counts the incidents of every district and source; the row without a district is the unlocated ones.',
      },
      sql: `SELECT district, district_zh, source_zh, count(*) AS n\nFROM incidents\nGROUP BY ALL\nORDER BY district NULLS LAST, n DESC`,
    },
    {
      id: 'indicator',
      title: { zh: '指标：办结时长中位数', en: 'Indicator: median hours to close' },
      says: {
        zh: `读指标登记表中的“办结时长中位数”，${last} 当周，每个区县一行；n 是已办结件数，of 是全部件数。`,
        en: `Reads the registered indicator “median hours to close” for ${last}, one row a district; n = closed incidents, of = all.`,
      },
      sql: `SELECT division, name_zh, n, of, value AS median_hours\nFROM ind_close_hours LEFT JOIN divisions ON divisions.code = division\nWHERE week = '${last}'\nORDER BY division NULLS LAST`,
    },
    {
      id: 'repeat',
      title: { zh: '反复出现的格与类别', en: 'Cells where a class comes back' },
      says: {
        zh: `数最近 5 周里至少有 3 周都出现同一类别的格（分辨率 ${resolution}），以及共多少件。`,
        en: `Counts, over the last 5 weeks, cells of resolution ${resolution} in which the same category came in at least 3 of them, and how many incidents.`,
      },
      sql: `SELECT h3_${resolution} AS h3, category_zh, count(DISTINCT week) AS weeks, count(*) AS n\nFROM incidents\nWHERE week >= '${from}' AND h3_${resolution} IS NOT NULL\nGROUP BY ALL\nHAVING count(DISTINCT week) >= 3\nORDER BY n DESC`,
    },
    {
      id: 'columns',
      title: { zh: '有哪些列', en: 'Which columns there are' },
      says: { zh: '列出事件表的列与类型，不数任何东西。', en: 'Lists the columns of the incidents; counts nothing.' },
      sql: 'DESCRIBE incidents',
    },
  ];
}
