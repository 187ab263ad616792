import { type Condition, type Crs, type Feed, type Format, Profile } from '../../core/contract/profile.ts';
import { type ColumnFacts, columnFacts, type SampleRows } from './column-facts.ts';
import { columnRoles, type Roles } from './column-roles.ts';
import type { Finding } from './finding.ts';

export interface DraftInput extends SampleRows {
  /** Name of the file, without folders. */
  readonly fileName: string;
  readonly format: Format;
}

/** A column as the draft tells it: no value of a record. */
export interface ToldColumn {
  readonly name: string;
  readonly emptyShare: number;
  /** Up to 1,000. */
  readonly distinct: number;
  readonly type: 'empty' | 'date' | 'number' | 'text';
}

export interface Draft {
  /** What of a feed can be said; `problems` lists what the schema still asks for. */
  readonly feed: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
  readonly columns: readonly ToldColumn[];
  readonly findings: readonly Finding[];
}

const FeedSchema = Profile.shape.feeds.element;

/** A draft contract for one file, for a person to check. Pure: the same sample gives the same draft. */
export function draftFeed(input: DraftInput): Draft {
  const columns = columnFacts(input);
  const roles = columnRoles(columns, input);
  const findings = [...roles.findings];
  const id = keyOf(input.fileName);
  const crs = roles.lng && roles.lat ? guessCrs(columns, roles, findings) : 'wgs84';
  const marks = stageMarks(input, roles, findings);
  const totals = totalsCondition(input, roles, findings);
  if (!roles.id)
    findings.push({
      level: 'check',
      about: 'fields.id',
      zh: '没有找到编号列：用 @row（文件与行号），更正和重复将无法识别',
      en: 'no id column was found: @row (file and row) is written; corrections and duplicates cannot be told',
    });
  if (!roles.occurred)
    findings.push({
      level: 'fill',
      about: 'fields.occurred',
      zh: '没有找到日期列',
      en: 'no column of dates was found',
    });
  findings.push({
    level: 'fill',
    about: 'source, categories',
    zh: `来源和类别对照表先以“${id}”命名，请改为城市配置中的名称`,
    en: `source and category table are called "${id}" for now: name those of the profile`,
  });
  const feed = {
    id,
    files: filePattern(input.fileName),
    format: input.format,
    source: id,
    ...(marks.duplicateWhen.length > 0 ? { duplicateWhen: marks.duplicateWhen } : {}),
    ...(marks.deletedWhen.length > 0 ? { deletedWhen: marks.deletedWhen } : {}),
    ...(totals.length > 0 ? { notRecordWhen: totals } : {}),
    ...(crs === null ? {} : { crs }),
    fields: {
      id: roles.id ?? '@row',
      ...(roles.revision ? { revision: roles.revision } : {}),
      ...(roles.occurred ? { occurred: roles.occurred } : {}),
      ...(roles.reported ? { reported: roles.reported } : {}),
      ...(roles.closed ? { closed: roles.closed } : {}),
      ...(roles.lng && roles.lat ? { lng: roles.lng, lat: roles.lat } : {}),
      ...(roles.category.length > 0
        ? { category: roles.category.length === 1 ? roles.category[0] : roles.category }
        : {}),
      ...(roles.stage ? { stage: roles.stage } : {}),
    },
    ...(Object.keys(marks.stages).length > 0 ? { stages: marks.stages } : {}),
    categories: id,
    notRead: Object.fromEntries(roles.notRead),
  };
  const parsed = FeedSchema.safeParse(feed);
  return {
    feed,
    problems: parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    columns: columns.map(toldColumn),
    findings,
  };
}

const toldColumn = ({ name, emptyShare, distinct, filled, dates, numberShare }: ColumnFacts): ToldColumn => ({
  name,
  emptyShare: Math.round(emptyShare * 1e4) / 1e4,
  distinct,
  type: filled === 0 ? 'empty' : dates ? 'date' : numberShare > 0.95 ? 'number' : 'text',
});

/** `complaints-2024-01.csv` → `complaints`; letters, digits and dashes only. */
export function keyOf(fileName: string): string {
  const words = (fileName.split('.')[0] as string).toLowerCase().replace(/[^a-z]+/g, '-');
  return (
    words
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .replace(/-+$/, '') || 'feed'
  );
}

/** Runs of digits and dashes between them become `*`: `complaints-2024-01.csv` → `complaints-*.csv`. */
export function filePattern(fileName: string): string {
  const dot = fileName.indexOf('.');
  const [stem, ending] = dot < 0 ? [fileName, ''] : [fileName.slice(0, dot), fileName.slice(dot)];
  return `${stem.replace(/\d+(?:[-_.]?[QW]?\d+)*/g, '*').replace(/\*(?:[-_]\*)+/g, '*')}${ending}`;
}

/** Degrees tell little: the three datums of China differ by some hundred metres. */
function guessCrs(columns: readonly ColumnFacts[], roles: Roles, findings: Finding[]): Crs | null {
  const lng = columns.find(({ name }) => name === roles.lng) as ColumnFacts;
  const lat = columns.find(({ name }) => name === roles.lat) as ColumnFacts;
  const degrees = lng.low >= -180 && lng.high <= 180 && lat.low >= -90 && lat.high <= 90;
  if (degrees) {
    const inChina = inMainland(lng, lat);
    findings.push(
      inChina
        ? {
            level: 'check',
            about: 'crs',
            zh: '坐标是度，在中国大陆范围内：wgs84、cgcs2000、gcj02、bd09 无法从取值判断，先写 wgs84，请问供数单位',
            en: 'degrees within mainland China: wgs84, cgcs2000, gcj02 and bd09 cannot be told apart by their values; wgs84 is written, ask the department that supplies the file',
          }
        : {
            level: 'seen',
            about: 'crs',
            zh: '坐标是度，不在中国大陆范围内：wgs84',
            en: 'degrees outside mainland China: wgs84',
          },
    );
    return 'wgs84';
  }
  const limit = 20_037_508.4;
  const mercator = lng.low > 8_100_000 && lng.high < 15_100_000 && lat.low > 1_900_000 && lat.high < 7_300_000;
  findings.push({
    level: mercator ? 'check' : 'fill',
    about: 'crs',
    zh: mercator ? '坐标是米，与 Web 墨卡托的中国范围相符' : '坐标不是度：请向供数单位索取投影（proj4）',
    en: mercator
      ? 'metres, in the range of China in Web Mercator'
      : 'not degrees: ask the department that supplies the file for the projection (proj4)',
  });
  return mercator && lng.high < limit ? 'web-mercator' : null;
}

/** The bounding box of the mainland, without Taiwan. Some rows may be wild: the centre of the range does not help, so both ends must lie inside. */
function inMainland(lng: ColumnFacts, lat: ColumnFacts): boolean {
  const inside = lng.high >= 73 && lng.high <= 136 && lat.high >= 17 && lat.high <= 54;
  const taiwan = lng.low >= 119.3 && lng.high <= 122.1 && lat.low >= 21.8 && lat.high <= 25.4;
  return inside && !taiwan;
}

/** Words of a stage that mean the same everywhere. What is not listed stays `unknown` until somebody maps it. */
const STAGE_WORDS: readonly (readonly [RegExp, Feed['stages'][string]])[] = [
  [/^(已)?(受理|登记|接收|待办)$|^open$|^new$|^received$/i, 'received'],
  [/^(已)?(派单|分派|交办|转办)$|^assigned$/i, 'assigned'],
  [/^(办理中|处理中|处置中|调处中|调解中|在办)$|^in progress$|^pending$/i, 'handling'],
  [/^(已办结|办结|已结案|结案|已完成|完成|已关闭)$|^(closed|completed|resolved|done)$/i, 'closed'],
  [/^(已回访|回访|已评价|已复核)$|^reviewed$/i, 'reviewed'],
];

interface StageMarks {
  readonly stages: Record<string, Feed['stages'][string]>;
  readonly duplicateWhen: Condition[];
  readonly deletedWhen: Condition[];
}

/** Few words that a person can look through; a column about persons never comes here. */
function stageMarks(input: DraftInput, roles: Roles, findings: Finding[]): StageMarks {
  const marks: StageMarks = { stages: {}, duplicateWhen: [], deletedWhen: [] };
  if (!roles.stage) return marks;
  const words = wordsOf(input, roles.stage);
  const duplicate = words.filter((word) => /重复|重複|\bdup(licate)?\b/i.test(word));
  const deleted = words.filter((word) => /作废|作廢|撤销|撤銷|删除|\b(cancelled|canceled|void|deleted)\b/i.test(word));
  const column = roles.stage;
  if (duplicate.length > 0) marks.duplicateWhen.push({ column, in: duplicate });
  if (deleted.length > 0) marks.deletedWhen.push({ column, in: deleted });
  let unknown = 0;
  for (const word of words) {
    if (duplicate.includes(word) || deleted.includes(word)) continue;
    const stage = STAGE_WORDS.find(([pattern]) => pattern.test(word))?.[1];
    if (stage) marks.stages[word] = stage;
    else unknown++;
  }
  findings.push({
    level: 'check',
    about: 'stages',
    zh: `“${column}”有 ${words.length} 种状态：${Object.keys(marks.stages).length} 种已对照，${duplicate.length} 种当作重复件，${deleted.length} 种当作作废，${unknown} 种未知`,
    en: `"${column}" has ${words.length} words: ${Object.keys(marks.stages).length} mapped, ${duplicate.length} taken for duplicates, ${deleted.length} for deleted, ${unknown} unknown`,
  });
  return marks;
}

const TOTAL = /^(合\s*计|总\s*计|小\s*计|合計|總計|小計|grand total|total|subtotal)[:：]?$/i;

/** Rows of sums and footnotes: a cell that says so in a column that is read. */
function totalsCondition(input: DraftInput, roles: Roles, findings: Finding[]): Condition[] {
  const conditions: Condition[] = [];
  input.columns.forEach((column, index) => {
    if (roles.notRead.has(column)) return;
    const words = new Set<string>();
    for (const row of input.rows) {
      const text = row[index] ?? '';
      if (TOTAL.test(text.trim())) words.add(text);
    }
    if (words.size === 0) return;
    conditions.push({ column, in: [...words].sort() });
    findings.push({
      level: 'check',
      about: 'notRecordWhen',
      zh: `“${column}”列有合计行，不当作记录`,
      en: `column "${column}" has rows of sums: no records`,
    });
  });
  return conditions;
}

function wordsOf(input: DraftInput, column: string): string[] {
  const index = input.columns.indexOf(column);
  const words = new Set<string>();
  for (const row of input.rows) {
    const text = (row[index] ?? '').trim();
    if (text !== '') words.add(text);
  }
  return [...words].sort();
}
