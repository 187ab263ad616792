import type { ColumnFacts, SampleRows } from './column-facts.ts';
import { guessSplitDate } from './date-guess.ts';
import { type Finding, percent } from './finding.ts';
import {
  personWord,
  saysCategory,
  saysClosed,
  saysDivision,
  saysFreeText,
  saysId,
  saysLat,
  saysLng,
  saysOccurred,
  saysReported,
  saysRevision,
  saysStage,
  saysYear,
} from './header-words.ts';

/** A moment of the contract: its column or columns and the layouts that read it. */
export interface DateRole {
  readonly column: string | readonly string[];
  readonly formats: readonly string[];
}

export interface Roles {
  readonly id: string | null;
  readonly revision: string | null;
  readonly occurred: DateRole | null;
  readonly reported: DateRole | null;
  readonly closed: DateRole | null;
  readonly lng: string | null;
  readonly lat: string | null;
  readonly category: readonly string[];
  readonly stage: string | null;
  /** Every other column, with the reason why it is not read. */
  readonly notRead: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** One hit in two hundred values: a column of codes has none, a column of telephone numbers nearly all. */
const PERSON_SHARE = 0.005;
const MAX_CATEGORY_COLUMNS = 3;

/** What each column is for. A column about persons, by its name or by the detectors, gets no other role. */
export function columnRoles(columns: readonly ColumnFacts[], sample: SampleRows): Roles {
  const findings: Finding[] = [];
  const notRead = new Map<string, string>();
  const taken = new Set<string>();
  const free = (): ColumnFacts[] => columns.filter(({ name }) => !taken.has(name));
  const leave = (column: ColumnFacts, reason: string): void => {
    taken.add(column.name);
    notRead.set(column.name, reason);
  };

  const ids = idCandidates(columns);
  for (const column of columns) {
    const word = personWord(column.name);
    if (word) {
      leave(column, `${word.zh} (${word.en})`);
      findings.push({
        level: 'seen',
        about: column.name,
        zh: `列名说的是${word.zh}，不读取`,
        en: `the name speaks of ${word.en}: not read`,
      });
    } else if (column.person && column.personShare >= PERSON_SHARE && !isLikelyId(column, ids)) {
      leave(column, `值像个人信息 (values look like ${column.person})`);
      findings.push({
        level: 'check',
        about: column.name,
        zh: `${percent(column.personShare)} 的值像个人信息（${column.person}），不读取`,
        en: `${percent(column.personShare)} of its values look like ${column.person}: not read`,
      });
    } else if (column.filled === 0) leave(column, '所读部分全空 (empty in what was read)');
  }

  const place = coordinates(free(), findings);
  if (place) for (const name of [place.lng, place.lat]) taken.add(name);
  const dates = dateRoles(free(), sample, findings);
  for (const date of [dates.occurred, dates.reported, dates.closed]) {
    if (!date) continue;
    for (const name of typeof date.column === 'string' ? [date.column] : date.column) taken.add(name);
  }
  for (const column of free()) if (column.dates) leave(column, '另一个时间，没有用到 (another date, no use was found)');

  const id = ids.find((column) => !taken.has(column.name)) ?? null;
  if (id) {
    taken.add(id.name);
    idFinding(id, findings);
  }
  const stage = free().find((column) => saysStage(column.name) && column.distinct <= 60) ?? null;
  if (stage) taken.add(stage.name);
  const revision =
    free().find(
      (column) =>
        saysRevision(column.name) && column.numberShare === 1 && column.decimalShare === 0 && column.high < 10_000,
    ) ?? null;
  if (revision) {
    taken.add(revision.name);
    findings.push({
      level: 'check',
      about: 'fields.revision',
      zh: `用“${revision.name}”作版本号，大的为新`,
      en: `"${revision.name}" is taken for the revision: larger is later`,
    });
  }
  const category = categories(free(), findings);
  for (const name of category) taken.add(name);
  for (const column of free()) leave(column, whyNot(column, findings));
  return {
    id: id?.name ?? null,
    revision: revision?.name ?? null,
    ...dates,
    lng: place?.lng ?? null,
    lat: place?.lat ?? null,
    category,
    stage: stage?.name ?? null,
    notRead,
    findings,
  };
}

/** Columns that could be the identity, the best first. */
function idCandidates(columns: readonly ColumnFacts[]): ColumnFacts[] {
  const score = (column: ColumnFacts): number => (saysId(column.name) ? 1 : 0) + column.uniqueShare;
  return columns
    .filter(
      (column) =>
        column.filled > 0 &&
        column.emptyShare < 0.02 &&
        column.decimalShare === 0 &&
        column.averageLength <= 40 &&
        !column.dates &&
        !personWord(column.name) &&
        !saysFreeText(column.name) &&
        (saysId(column.name)
          ? column.uniqueShare >= 0.8
          : column.uniqueShare === 1 && column.filled >= 20 && column.averageLength >= 4 && column.averageLength <= 24),
    )
    .sort((a, b) => score(b) - score(a));
}

/** Long numbers of a case may pass a checksum by chance: one in ten. */
const isLikelyId = (column: ColumnFacts, ids: readonly ColumnFacts[]): boolean =>
  ids.includes(column) && saysId(column.name) && column.personShare < 0.2;

function idFinding(id: ColumnFacts, findings: Finding[]): void {
  const repeats = 1 - id.uniqueShare;
  findings.push({
    level: repeats > 0 || !saysId(id.name) ? 'check' : 'seen',
    about: 'fields.id',
    zh:
      repeats > 0
        ? `用“${id.name}”作编号；${percent(repeats)} 的行重复（更正、重报或不是编号）`
        : `“${id.name}”在所读部分不重复，作编号`,
    en:
      repeats > 0
        ? `"${id.name}" is taken for the id; ${percent(repeats)} of the rows repeat one (corrections, deliveries of the same row, or no id)`
        : `"${id.name}" does not repeat in what was read: taken for the id`,
  });
}

interface Place {
  readonly lng: string;
  readonly lat: string;
}

function coordinates(columns: readonly ColumnFacts[], findings: Finding[]): Place | null {
  const numeric = columns.filter((column) => column.numberShare > 0.9);
  const named = (says: (name: string) => boolean): ColumnFacts[] => numeric.filter((column) => says(column.name));
  // A file may give the place in metres and in degrees: degrees are preferred.
  const degrees = (limit: number) => (column: ColumnFacts) => column.low >= -limit && column.high <= limit;
  const pick = (candidates: readonly ColumnFacts[], limit: number): ColumnFacts | undefined =>
    candidates.find((column) => degrees(limit)(column) && column.decimalShare > 0.5) ?? candidates[0];
  const lng = pick(named(saysLng), 180);
  const lat = pick(named(saysLat), 90);
  if (!lng || !lat || lng === lat) {
    findings.push({
      level: 'check',
      about: 'fields.lng, fields.lat',
      zh: '没有找到经纬度列：记录将按区划或地名定位，或不定位',
      en: 'no columns of coordinates were found: records are placed by division or place name, or not at all',
    });
    return null;
  }
  if (degrees(180)(lng) && lat.high > 90 && lng.high <= 90)
    findings.push({
      level: 'check',
      about: 'fields.lng, fields.lat',
      zh: `“${lng.name}”与“${lat.name}”的取值像是互换了`,
      en: `the values of "${lng.name}" and "${lat.name}" look swapped`,
    });
  return { lng: lng.name, lat: lat.name };
}

interface DateRoles {
  readonly occurred: DateRole | null;
  readonly reported: DateRole | null;
  readonly closed: DateRole | null;
}

function dateRoles(columns: readonly ColumnFacts[], sample: SampleRows, findings: Finding[]): DateRoles {
  const split = splitDate(columns, sample, findings);
  const dated = columns.filter(
    (column) => column.dates && !(split && (split.column as readonly string[]).includes(column.name)),
  );
  const closed = dated.find(({ name }) => saysClosed(name)) ?? null;
  const open = dated.filter((column) => column !== closed);
  const occurred = open.find(({ name }) => saysOccurred(name)) ?? null;
  const reported = open.find((column) => column !== occurred && saysReported(column.name)) ?? null;
  const other = open.find((column) => column !== occurred && column !== reported) ?? null;
  for (const column of dated) dateFindings(column, findings);
  const role = (column: ColumnFacts | null): DateRole | null =>
    column?.dates ? { column: column.name, formats: column.dates.formats } : null;
  const first = role(occurred) ?? split ?? role(other);
  if (first) return { occurred: first, reported: role(reported), closed: role(closed) };
  if (reported)
    findings.push({
      level: 'check',
      about: 'fields.occurred',
      zh: `没有发生时间，用“${reported.name}”代替`,
      en: `there is no time of occurrence; "${reported.name}" stands in for it`,
    });
  return { occurred: role(reported), reported: null, closed: role(closed) };
}

function splitDate(columns: readonly ColumnFacts[], sample: SampleRows, findings: Finding[]): DateRole | null {
  for (const year of columns.filter(({ name }) => saysYear(name))) {
    const next = columns.find(({ index }) => index === year.index + 1);
    if (!next || year.dates) continue;
    const cells = (index: number): string[] => sample.rows.map((row) => row[index] ?? '');
    const pattern = guessSplitDate(cells(year.index), cells(next.index));
    if (!pattern) continue;
    const republic = pattern.startsWith('yyy/');
    findings.push({
      level: 'check',
      about: 'fields.occurred',
      zh: `“${year.name}”是年${republic ? '（民国）' : ''}，“${next.name}”是月日，合成一个日期`,
      en: `"${year.name}" holds the year${republic ? ' (Republic of China)' : ''} and "${next.name}" month and day: joined into one date`,
    });
    return { column: [year.name, next.name], formats: [pattern] };
  }
  return null;
}

function dateFindings({ name, dates }: ColumnFacts, findings: Finding[]): void {
  if (!dates) return;
  findings.push({
    level: dates.share === 1 ? 'seen' : 'check',
    about: name,
    zh: `日期，格式 ${dates.formats.join(' | ')}，可读 ${percent(dates.share)}`,
    en: `dates as ${dates.formats.join(' | ')}; ${percent(dates.share)} of its values can be read`,
  });
  if (dates.ambiguous)
    findings.push({
      level: 'check',
      about: name,
      zh: '日和月的先后无法判断：请问供数单位',
      en: 'day and month may be the other way round: ask the department that supplies the file',
    });
  if (dates.formats.includes('iso') || dates.formats.includes('epoch-ms'))
    findings.push({
      level: 'seen',
      about: name,
      zh: '是带时区的时刻，按城市的时区换算',
      en: 'instants with their offset; read on the clock of the city',
    });
}

function categories(columns: readonly ColumnFacts[], findings: Finding[]): string[] {
  const few = columns.filter(
    (column) =>
      column.distinct < 1000 &&
      column.uniqueShare < 0.5 &&
      column.averageLength < 60 &&
      column.decimalShare === 0 &&
      !saysDivision(column.name),
  );
  const named = few.filter((column) => saysCategory(column.name));
  const varied = named.filter(({ distinct }) => distinct > 1);
  const constant = named.filter(({ distinct }) => distinct === 1);
  const chosen = (varied.length > 0 ? varied : constant).slice(0, MAX_CATEGORY_COLUMNS);
  if (chosen.length > 0) {
    findings.push({
      level: 'check',
      about: 'fields.category',
      zh: `类别：${chosen.map(({ name, distinct }) => `“${name}”（${distinct} 种）`).join('、')}，由粗到细`,
      en: `category from ${chosen.map(({ name, distinct }) => `"${name}" (${distinct} words)`).join(', ')}, coarse to fine`,
    });
    return chosen.map(({ name }) => name);
  }
  const unnamed = few.filter(({ distinct, numberShare }) => distinct > 1 && distinct <= 200 && numberShare < 0.5);
  findings.push({
    level: 'fill',
    about: 'fields.category',
    zh: `没有列名说的是类别${unnamed.length > 0 ? `；取值少的列：${unnamed.map(({ name }) => `“${name}”`).join('、')}` : ''}`,
    en: `no name speaks of a category${unnamed.length > 0 ? `; columns of few words: ${unnamed.map(({ name }) => `"${name}"`).join(', ')}` : ''}`,
  });
  return [];
}

function whyNot(column: ColumnFacts, findings: Finding[]): string {
  const wordy = column.averageLength >= 25 && column.uniqueShare > 0.1;
  if (saysFreeText(column.name) || wordy) return '自由文本，可能含个人信息 (free text, may hold personal data)';
  if (saysDivision(column.name)) {
    findings.push({
      level: 'check',
      about: column.name,
      zh: '像区划列：若城市配置有这一级，可写入 fields.division',
      en: 'looks like a division: if the profile has this level, declare it as fields.division',
    });
    return '像区划列，尚未声明 (looks like a division, not declared yet)';
  }
  return '没有用到，请核对 (no use was found; check)';
}
