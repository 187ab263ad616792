import type { Manifest } from '../../../../../core/contract/manifest.ts';
import { EMERGING, HOTSPOT_VARIANTS, NOT_ASSESSABLE, SERIES_MODELS } from '../../../../../core/contract/sense.ts';
import { STAGES } from '../../../../../core/incident/dimensions.ts';
import { INDICATORS } from '../../../../../core/metric/indicators.ts';
import type { Words } from '../../../../../core/metric/verdict-words.ts';

/** A readable table of the console: what one row is, its columns in words, and the SQL that makes the view. */
export interface ConsoleTable {
  readonly name: string;
  readonly says: Words;
  readonly columns: readonly ConsoleColumn[];
  readonly sql: string;
}
export interface ConsoleColumn {
  readonly name: string;
  readonly says: Words;
}

const col = (name: string, zh: string, en: string): ConsoleColumn => ({ name, says: { zh, en } });
/** Strings of our own code only. */
export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const listOf = (names: readonly string[]) => `[${names.map(quoted).join(', ')}]`;
const dayOf = (column: string) => `(DATE '1970-01-01' + ${column}::INTEGER)`;

/**
 * Index of the cell of resolution `r` that holds a finer cell: resolution bits set, finer digits set to 7. Bits of an H3 index:
 * https://h3geo.org/docs/core-library/h3Indexing
 */
const h3Parent = (cell: string, r: number) =>
  `lower(to_hex((${cell} & ~(15::UBIGINT << 52)) | (${r}::UBIGINT << 52) | ((1::UBIGINT << ${3 * (15 - r)}) - 1)))`;

/** Column names of the division levels: level 1 is always `district`; deeper ones are named as in the profile where that is a plain word. */
export function levelColumns(
  manifest: Pick<Manifest, 'divisionLevels'>,
): readonly { level: number; column: string; name: Words }[] {
  const used = new Set(['district', 'division']);
  return manifest.divisionLevels
    .filter(({ level }) => level >= 1)
    .map(({ level, key, name }) => {
      if (level === 1) return { level, column: 'district', name };
      const column = /^[a-z][a-z_]{2,20}$/.test(key) && !used.has(key) ? key : `division_${level}`;
      used.add(column);
      return { level, column, name };
    });
}

/** The tables over the published files. Those of sensing are there only when the snapshot has them. */
export function consoleTables(
  manifest: Pick<Manifest, 'divisionLevels' | 'grid' | 'files' | 'weeks' | 'window'>,
  sense: { readonly resolution: number; readonly risk: number; readonly parts: readonly string[] } | null,
): readonly ConsoleTable[] {
  const levels = levelColumns(manifest);
  const { coarsest, finest } = manifest.grid;
  const monday = manifest.weeks[0]?.firstDay ?? manifest.window.firstDay;
  const resolutions = Array.from({ length: finest - coarsest + 1 }, (_, i) => coarsest + i);
  const has = (path: string) => sense !== null && manifest.files.some((file) => file.path === path);
  const tables: ConsoleTable[] = [
    incidents(levels, resolutions, monday),
    {
      name: 'cells',
      says: {
        zh: '网格：研究区内各级分辨率的六边形，没有事件的也在',
        en: 'Cells of the study area at every resolution, also those without incidents',
      },
      columns: [
        col('h3', '格的 H3 索引', 'H3 index'),
        col('resolution', '分辨率', 'resolution'),
        col('lng', '中心经度（WGS 84）', 'longitude of the centre, WGS 84'),
        col('lat', '中心纬度（WGS 84）', 'latitude of the centre, WGS 84'),
        col(
          'division',
          `中心所在的最细区划代码（仅分辨率 ${finest}）`,
          `code of the deepest division at its centre (resolution ${finest} only)`,
        ),
        col('straddles', `是否跨界（仅分辨率 ${finest}）`, `crossed by a division border (resolution ${finest} only)`),
      ],
      sql: [
        ...resolutions
          .filter((resolution) => resolution < finest)
          .map(
            (resolution) =>
              `SELECT lower(to_hex(h3)) AS h3, ${resolution}::UTINYINT AS resolution, lng_e6 / 1e6 AS lng, lat_e6 / 1e6 AS lat, NULL::VARCHAR AS division, NULL::BOOLEAN AS straddles FROM raw.grid_${resolution}`,
          ),
        `SELECT lower(to_hex(grid.h3)), ${finest}::UTINYINT, NULL, NULL, place.code, grid.straddles FROM raw.grid LEFT JOIN raw.place ON place.id = grid.division`,
      ].join('\nUNION ALL\n'),
    },
    {
      name: 'divisions',
      says: { zh: '区划：全市、区县、街道/镇……，每行一个', en: 'Divisions of every level, one a row' },
      columns: [
        col('code', '区划代码', 'code'),
        col('name_zh', '名称', 'Chinese name'),
        col('name_en', '英文名称', 'English name'),
        col('level', '层级，0 = 全市', 'level, 0 = the city'),
        col('parent', '上级区划代码', 'code of the parent'),
        ...levels.map(({ column, name }) => col(column, `所属${name.zh}代码`, `code of its ${name.en.toLowerCase()}`)),
        col('area_km2', '面积（平方公里）', 'area in km²'),
        col('population', '人口；空 = 未知', 'population; null = not known'),
        col('made', '是否为样例虚构的边界', 'the outline was made for the sample'),
      ],
      sql: `SELECT code, name_zh, name_en, level, parent, ${levels.map(({ column }) => column).join(', ')}, area_km2, population, made FROM raw.place`,
    },
    {
      name: 'weeks',
      says: { zh: '周：快照覆盖的 ISO 周，周一起', en: 'ISO weeks of the snapshot, Monday first' },
      columns: [
        col('week', '周，如 2026-W46', 'week, as 2026-W46'),
        col('monday', '周一的日期', 'its Monday'),
        col('days', '数据覆盖的天数，7 = 整周', 'days of it that the data covers, 7 = whole'),
      ],
      sql: `SELECT iso AS week, ${dayOf('first_day')} AS monday, days FROM raw.week`,
    },
    {
      name: 'categories',
      says: { zh: '类别树：组、类、项', en: 'The category tree: groups, classes, items' },
      columns: [
        col('code', '类别代码', 'code'),
        col('name_zh', '名称', 'Chinese name'),
        col('name_en', '英文名称', 'English name'),
        col('level', '层级：1 组、2 类、3 项，0 = 未归类', 'level: 1 group, 2 class, 3 item, 0 = uncategorised'),
        col('parent', '上级类别代码', 'code of the parent'),
        col('group_code', '所属组的代码', 'code of its group'),
        col('severity', '默认严重程度', 'severity'),
        col('sensitive', '敏感类别：只到较粗的格', 'sensitive: known to coarser cells only'),
      ],
      sql: 'SELECT code, name_zh, name_en, level, parent, group_code, severity, sensitive FROM raw.category',
    },
    {
      name: 'sources',
      says: { zh: '来源：每行一个，附数据截至', en: 'Sources, with their as-of' },
      columns: [
        col('source', '来源代码', 'key'),
        col('name_zh', '名称', 'Chinese name'),
        col('name_en', '英文名称', 'English name'),
        col('kind', '种类：诉求、警情、纠纷', 'kind'),
        col('cadence_days', '报送周期（天）', 'days between deliveries'),
        col('as_of', '数据截至（当地时间）', 'newest report, local time'),
        col('accepted', '采用件数', 'accepted rows'),
        col('rejected', '退回件数', 'rejected rows'),
      ],
      sql: 'SELECT source, name_zh, name_en, kind, cadence_days, as_of, accepted, rejected FROM raw.source',
    },
  ];
  if (has('sense/series.arrow') && has('sense/series-index.arrow')) tables.push(series(monday));
  if (has('sense/hotspots.arrow') && sense) tables.push(hotspots(sense.resolution));
  if (has('sense/risk.arrow') && sense) tables.push(risk(sense.risk, sense.parts));
  for (const { id, name, unit, definition, sql } of INDICATORS)
    tables.push({
      name: id,
      says: {
        zh: `指标 ${name.zh}（${unit.zh}），按周 × 区县：${definition.zh}`,
        en: `Indicator “${name.en}” (${unit.en}), week × district: ${definition.en}`,
      },
      columns: [
        col('week', '周', 'week'),
        col('division', '区县代码；空 = 不在任何区划', 'district code; null = in no division'),
        col('n', '分子', 'numerator'),
        col('of', '分母', 'denominator'),
        col('value', `指标值（${unit.zh}）；空 = 分母为 0`, `value (${unit.en}); null = nothing to divide by`),
      ],
      sql,
    });
  return tables;
}

function incidents(
  levels: ReturnType<typeof levelColumns>,
  resolutions: readonly number[],
  monday: number,
): ConsoleTable {
  return {
    name: 'incidents',
    says: { zh: '事件：每行一件，没有编号、姓名和电话', en: 'Incidents, one a row; no identifier, name or number' },
    columns: [
      col('day', '日期（当地）', 'local date'),
      col('week', '周，如 2026-W46', 'ISO week'),
      col('weekday', '星期，1 = 周一', 'weekday, 1 = Monday'),
      col('hour', '当地小时 0–23；空 = 未报送或不公布', 'local hour; null = not reported or withheld'),
      col('source', '来源代码', 'source key'),
      col('source_zh', '来源名称', 'source, Chinese'),
      col('source_en', '来源英文名称', 'source, English'),
      col('category', '类别代码（最细）', 'category code, the deepest'),
      col('category_zh', '类别名称', 'category, Chinese'),
      col('category_en', '类别英文名称', 'category, English'),
      col('group_code', '类别组代码', 'code of the category group'),
      col('group_zh', '类别组名称', 'category group, Chinese'),
      col('group_en', '类别组英文名称', 'category group, English'),
      col('severity', '严重程度 1–4；0 = 未评级', 'severity 1–4; 0 = not graded'),
      col('stage', '办理阶段；unknown = 未报送', 'stage; unknown = not reported'),
      col('close_hours', '发生到办结的小时数', 'hours from occurrence to closing'),
      col('division', '最细区划代码；空 = 未定位', 'deepest division; null = unlocated'),
      col('division_zh', '最细区划名称', 'its Chinese name'),
      ...levels.flatMap(({ column, name }) => [
        col(column, `${name.zh}代码`, `${name.en} code`),
        col(`${column}_zh`, `${name.zh}名称`, `${name.en}, Chinese`),
      ]),
      col(
        'resolution',
        '可用的最细分辨率；0 = 不知道在哪一格',
        'finest resolution it may be read at; 0 = in no known cell',
      ),
      ...resolutions.map((r) =>
        col(`h3_${r}`, `分辨率 ${r} 的格；空 = 不知道这么细`, `cell of resolution ${r}; null = not known so fine`),
      ),
    ],
    sql: `SELECT ${dayOf('fact.day')} AS day, week.iso AS week, (((fact.day + 3) % 7) + 1)::UTINYINT AS weekday, fact.hour,
  source.source, source.name_zh AS source_zh, source.name_en AS source_en,
  category.code AS category, category.name_zh AS category_zh, category.name_en AS category_en,
  category.group_code, category.group_zh, category.group_en,
  fact.severity, ${listOf(STAGES.map(({ key }) => key))}[fact.stage + 1] AS stage, fact.close_hours,
  place.code AS division, place.name_zh AS division_zh,
${levels.map(({ column }) => `  place.${column}, place.${column}_zh,`).join('\n')}
  fact.res AS resolution,
${resolutions.map((r) => `  CASE WHEN fact.res >= ${r} THEN ${h3Parent('fact.h3', r)} END AS h3_${r}`).join(',\n')}
FROM raw.fact
JOIN raw.week ON week.id = (fact.day - ${monday}) // 7
JOIN raw.source ON source.id = fact.source
JOIN raw.category ON category.id = fact.category
LEFT JOIN raw.place ON place.id = fact.division`,
  };
}

function series(monday: number): ConsoleTable {
  return {
    name: 'series',
    says: {
      zh: '序列：区划 × 类别的周或日序列，实际与正常值',
      en: 'Weekly or daily series of division × category, observed and expected',
    },
    columns: [
      col('division', '区划代码', 'division code'),
      col('category', "类别代码，'all' = 全部", "category code, 'all' = all together"),
      col('step', 'week 或 day', 'week or day'),
      col('first_day', '该期的第一天', 'first day of the period'),
      col('observed', '实际件数；空 = 未报送', 'observed; null = not delivered'),
      col('expected', '期望', 'expected'),
      col('lower', '95% 区间下限', '95 % interval, lower'),
      col('upper', '95% 区间上限', '95 % interval, upper'),
      col('alarm', '超出界限', 'bound of an exceedance'),
      col('p', '正常时达到或超过的概率', 'P(Y >= observed)'),
      col('filling', '数据仍未到齐', 'still filling'),
      col('model', '模型', 'model'),
      col('reason', '未评估的原因，assessed = 已评估', 'why not assessed'),
    ],
    sql: `SELECT place.code AS division, coalesce(category.code, 'all') AS category, CASE WHEN x.step = 0 THEN 'week' ELSE 'day' END AS step,
  CASE WHEN x.step = 0 THEN ${dayOf(`(${monday} + 7 * (x.first_period + s.row - x.first_row))`)} ELSE ${dayOf('(x.first_period + s.row - x.first_row)')} END AS first_day,
  s.observed, s.expected, s.lower, s.upper, s.alarm, s.p, s.filling,
  ${listOf(SERIES_MODELS)}[x.model + 1] AS model, ${listOf(NOT_ASSESSABLE)}[x.reason + 1] AS reason
FROM raw.series s
JOIN raw.series_index x ON x.series = s.series
JOIN raw.place ON place.id = x.division
LEFT JOIN raw.category ON category.id = x.category`,
  };
}

function hotspots(resolution: number): ConsoleTable {
  return {
    name: 'hotspots',
    says: {
      zh: '冷热点：Gi* 说得出话的格；不在此表的格已评估、不显著',
      en: 'Gi* of the cells that say something; other cells were assessed and are not significant',
    },
    columns: [
      col('h3', `格（分辨率 ${resolution}）`, `cell, resolution ${resolution}`),
      col('category', "类别组代码，'all' = 全部", "group code, 'all' = all together"),
      col('window_key', '时间窗代码', 'window'),
      col('variant', '口径：count 件数、rate 比率、change 变化', 'count, rate or change'),
      col('observed', '实际件数', 'observed'),
      col('expected', '期望', 'expected'),
      col('z', 'Gi* 的 z 值', 'z of Gi*'),
      col('p', 'p 值', 'p'),
      col('q', '多重检验校正后的 q 值', 'q after Benjamini–Hochberg'),
      col('emerging', '时空趋势类型', 'emerging class'),
    ],
    sql: `SELECT lower(to_hex(grid.h3)) AS h3, coalesce(category.code, 'all') AS category, hot_window.key AS window_key,
  ${listOf(HOTSPOT_VARIANTS)}[h.variant + 1] AS variant, h.observed, h.expected, h.z, h.p, h.q,
  CASE WHEN h.emerging < 255 THEN ${listOf(EMERGING)}[h.emerging + 1] END AS emerging
FROM raw.hotspots h
JOIN raw.grid_${resolution} grid ON grid.id = h.cell
LEFT JOIN raw.category ON category.id = h.category
LEFT JOIN raw.hot_window ON hot_window.id = h."window"`,
  };
}

function risk(resolution: number, parts: readonly string[]): ConsoleTable {
  const named = parts.map((key, k) => ({
    k,
    column: `part_${/^[a-z][a-z_]*$/.test(key.replaceAll('-', '_')) ? key.replaceAll('-', '_') : k}`,
  }));
  return {
    name: 'risk',
    says: {
      zh: '风险（或变化）指数：区划和格，得分 = 各分项之和',
      en: 'Risk (or change) index of divisions and cells; the score is the sum of its parts',
    },
    columns: [
      col('place', 'division 或 cell', 'division or cell'),
      col('division', '区划代码；格为空', 'division code; null for a cell'),
      col('h3', `格（分辨率 ${resolution}）；区划为空`, `cell, resolution ${resolution}; null for a division`),
      col('week', '最后一周', 'last week it looks at'),
      col('score', '得分 0–100', 'score 0–100'),
      col('rank', '名次，1 = 最高', 'rank, 1 = highest'),
      col('rank_low', '名次区间 P5', 'P5 of the rank'),
      col('rank_high', '名次区间 P95', 'P95 of the rank'),
      col('top_tenth', '进入前十分之一的概率', 'probability of the top tenth'),
      ...named.map(({ column }) => col(column, '分项得分', 'part of the score')),
    ],
    sql: ['division', 'cell']
      .map((kind, unit) => {
        const [division, h3] =
          unit === 0 ? ['place.code', 'NULL::VARCHAR'] : ['NULL::VARCHAR', 'lower(to_hex(grid.h3))'];
        const place = unit === 0 ? 'raw.place ON place.id = r.id' : `raw.grid_${resolution} grid ON grid.id = r.id`;
        return `SELECT '${kind}' AS place, ${division} AS division, ${h3} AS h3, week.iso AS week,
  r.score, r.rank, r.rank_low, r.rank_high, r.top_tenth${named.map(({ k, column }) => `, r.part_${k} AS ${column}`).join('')}
FROM raw.risk r JOIN ${place} JOIN raw.week ON week.id = r.week
WHERE r.unit = ${unit}`;
      })
      .join('\nUNION ALL\n'),
  };
}

/** View and comments of a table; the comments are Chinese, for `SELECT comment FROM duckdb_views()`. */
export function createStatements({ name, says, columns, sql }: ConsoleTable): readonly string[] {
  return [
    `CREATE OR REPLACE VIEW ${name} AS\n${sql}`,
    `COMMENT ON VIEW ${name} IS ${quoted(says.zh)}`,
    ...columns.map(
      (column) =>
        `COMMENT ON COLUMN ${name}.${column.name === 'of' ? '"of"' : column.name} IS ${quoted(column.says.zh)}`,
    ),
  ];
}
