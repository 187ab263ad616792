import type { Alert } from '../../../../core/contract/sense.ts';
import { ALL_CATEGORIES } from '../../../../core/contract/sense.ts';
import { SOURCE_KINDS, type SourceKind } from '../../../../core/incident/dimensions.ts';
import type { Compared, Comparison } from '../../../../core/metric/comparison.ts';
import { changeSentence, verdictWords } from '../../../../core/metric/verdict-words.ts';
import { saySense } from '../../i18n/sense-texts.ts';
import { sayWall } from '../../i18n/wall-texts.ts';
import type { Locale } from '../../map/contract.ts';
import { type Filters, NO_FILTERS } from '../../query/filters.ts';
import { type CalendarMarks, calendarMarks, publishedMarks } from '../../sense/calendar-marks.ts';
import { type Changes, changesUnder } from '../../sense/changes.ts';
import { RISK_DIVISION, riskWeek } from '../../sense/risk.ts';
import { type BandAnswer, bandFor } from '../../sense/series.ts';
import { levelText, percent } from '../../sense/words.ts';
import { childrenOf, type WeekCube } from '../../snapshot/model.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { type Ring, readyPart, type WallData } from './load-wall.ts';
import type { Bounds, Stop } from './tour.ts';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A count over some weeks with what may be said of its change. */
export interface Figure {
  readonly id: string;
  readonly name: Words;
  /** Sources it is made of: their age is its age. */
  readonly sources: readonly number[];
  /** null = no week of it can be told yet. */
  readonly changes: Changes | null;
}
export interface PairRow {
  readonly division: number;
  readonly name: Words;
  readonly demand: Changes | null;
  /** null = not known. */
  readonly response: { readonly received: number; readonly told: number; readonly closedWithin: number } | null;
}

export interface WallModel {
  readonly headline: readonly Figure[];
  readonly all: Figure;
  /** Groups, those that moved most first. */
  readonly movers: readonly Figure[];
  readonly pair: readonly PairRow[];
  readonly strip: {
    readonly byWeek: Uint32Array;
    readonly band: BandAnswer | null;
    readonly marks: CalendarMarks;
    /** A source delivered nothing, or little, in the week. */
    readonly gaps: readonly boolean[];
    /** Shorter than seven days. */
    readonly partial: readonly boolean[];
    readonly filling: readonly boolean[];
  };
  readonly stops: readonly Stop[];
}

/** Everything that a snapshot alone decides; what the clock decides is added when it is drawn. Cost: a few passes over the week cube. */
export function wallModel(data: WallData): WallModel {
  const { snapshot } = data;
  const { manifest, divisions, weekCube } = snapshot;
  const { sources, categories } = manifest.dictionaries;
  const everySource = sources.map(({ id }) => id);
  const coverage = readyPart(data.coverage);
  const series = readyPart(data.series);
  const weeks = manifest.weeks.length;
  const changes = (filters: Filters, pick: (row: number) => boolean): Changes | null =>
    changesUnder({ manifest, coverage, series, filters, counts: countsByWeek(weekCube, weeks, pick) });
  const all = { ...NO_FILTERS };

  const kinds = (Object.keys(SOURCE_KINDS) as SourceKind[]).flatMap((kind) => {
    const own = sources.filter((source) => source.kind === kind);
    return own.length > 0 ? [{ kind, own }] : [];
  });
  const headline = kinds.slice(0, 3).map(({ kind, own }): Figure => {
    const ids = own.map(({ id }) => id);
    const filters = { ...all, sources: kinds.length === 1 ? [] : ids };
    return {
      id: `incidents/sources=${own.map(({ key }) => key).join(',')}`,
      name: own.length === 1 && own[0] ? own[0].name : SOURCE_KINDS[kind],
      sources: ids,
      changes: changes(filters, (row) => ids.includes(weekCube.source[row]!)),
    };
  });

  const groups = categories.filter(({ level, id }) => level === 1 && id !== 0);
  const movers = groups
    .map(
      ({ id, end, code, name }): Figure => ({
        id: `incidents/category=${code}`,
        name,
        sources: contributors(weekCube, weeks, id, everySource),
        changes: changes({ ...all, categories: [{ id, end }] }, (row) => weekCube.group[row] === id),
      }),
    )
    .filter((figure) => figure.changes !== null && (figure.changes.n > 0 || beforeN(figure.changes) > 0))
    .sort((a, b) => movement(b) - movement(a));

  const response = readyPart(data.response);
  const pair = childrenOf(divisions, 0).map((id): PairRow => {
    const end = divisions.end[id]!;
    const found = response?.areas.find((area) => area.id === id) ?? null;
    return {
      division: id,
      name: nameOfDivision(snapshot, id),
      demand: changes({ ...all, division: { id, end } }, (row) => weekCube.division[row] === id),
      response: found,
    };
  });

  const calendar = readyPart(data.sense)?.calendar;
  const breakDays = coverage?.sources.flatMap(({ spans }) => spans.flatMap(({ breakDay }) => breakDay ?? [])) ?? [];
  const filling = Math.max(0, ...(coverage?.sources.map(({ fillingDays }) => fillingDays) ?? []));
  return {
    headline,
    all: {
      id: 'incidents',
      name: { zh: sayWall('zh-CN', 'headline.all'), en: sayWall('en', 'headline.all') },
      sources: everySource,
      changes: changes(all, () => true),
    },
    movers,
    pair,
    strip: {
      byWeek: countsByWeek(weekCube, weeks, () => true),
      band:
        series &&
        bandFor(series, all, {
          categories: categories.filter(({ level }) => level <= 1),
          weeks: manifest.weeks.length,
        }),
      marks: calendar
        ? publishedMarks(manifest.weeks, calendar)
        : calendarMarks(manifest.weeks, { zone: manifest.zone, breakDays }),
      gaps: manifest.weeks.map(
        (_, week) => coverage?.sources.some(({ states }) => 'tm'.includes(states[0]?.[week] ?? 'd')) ?? false,
      ),
      partial: manifest.weeks.map(
        ({ firstDay }) => firstDay < manifest.window.firstDay || firstDay + 7 > manifest.window.endDay,
      ),
      filling: manifest.weeks.map(({ firstDay }) => firstDay + 7 > manifest.window.endDay - filling),
    },
    stops: stopsOf(data),
  };
}

export function nameOfDivision({ divisions }: Pick<Snapshot, 'divisions'>, id: number): Words {
  const zh = divisions.name[id] ?? String(id);
  return { zh, en: divisions.nameEn[id] ?? zh };
}

function countsByWeek(cube: WeekCube, weeks: number, pick: (row: number) => boolean): Uint32Array {
  const counts = new Uint32Array(weeks);
  for (let row = 0; row < cube.n.length; row++) if (pick(row)) counts[cube.week[row]!]! += cube.n[row]!;
  return counts;
}

/** A source with less of a category than this does not carry it. */
const LEAST_SHARE = 0.02;
const YEAR_WEEKS = 52;

/** Sources that bring the reports of a group, by the last year. */
function contributors(cube: WeekCube, weeks: number, group: number, sources: readonly number[]): readonly number[] {
  const bySource = new Map<number, number>();
  let total = 0;
  for (let row = 0; row < cube.n.length; row++) {
    if (cube.group[row] !== group || cube.week[row]! < weeks - YEAR_WEEKS) continue;
    bySource.set(cube.source[row]!, (bySource.get(cube.source[row]!) ?? 0) + cube.n[row]!);
    total += cube.n[row]!;
  }
  const own = sources.filter((id) => (bySource.get(id) ?? 0) > LEAST_SHARE * total);
  return own.length > 0 ? own : sources;
}

const compared = (comparison: Comparison): Compared | null => (comparison.kind === 'compared' ? comparison : null);
const beforeN = (changes: Changes): number => compared(changes.previous)?.before.n ?? 0; // nothing to compare with: no movement

const WEIGHT = { 'clear-rise': 2, 'clear-fall': 2, 'some-rise': 1, 'some-fall': 1, normal: 0, 'too-few': -1 } as const;

/** First by verdict, then by how sure it is. */
function movement({ changes }: Figure): number {
  const previous = changes && compared(changes.previous);
  if (!previous) return -1000;
  return 1000 * WEIGHT[previous.verdict] + Math.min(999, Math.abs(previous.z ?? 0));
}

/** The change as it may stand on a wall: without counts below k. */
export function wallSentence(comparison: Comparison, k: number, unit: Words): Words {
  const small = comparison.kind === 'compared' && (comparison.before.n < k || comparison.after.n < k);
  return small ? verdictWords(comparison) : changeSentence(comparison, unit);
}

/** Stops of a tour that are alerts; the rest is left to the desk. */
export const MOST_ALERTS = 12;
const SENTINELS = 3;
/** Degrees shown around a single centre. */
const AROUND = 0.06;

function stopsOf(data: WallData): readonly Stop[] {
  const { snapshot } = data;
  const alerts = readyPart(data.alerts)?.alerts ?? [];
  return [
    { id: 'city', kind: 'city', bounds: null, level: null, caption: bothSay('tour.city', () => ({})) },
    ...alerts.slice(0, MOST_ALERTS).map(
      (alert): Stop => ({
        id: `alert/${alert.id}`,
        kind: 'alert',
        bounds: alertBounds(alert, data),
        level: alert.level,
        caption: alertCaption(alert, data),
      }),
    ),
    ...sentinels(data, snapshot),
    ...weeksStop(data),
  ];
}

/** A second a week. */
const PLAY_WEEK_MS = 1000;

function weeksStop(data: WallData): readonly Stop[] {
  const played = readyPart(data.played);
  if (!played) return [];
  const n = played.clock.bounds.end - played.clock.bounds.first;
  const caption = bothSay('tour.weeks', () => ({ n }));
  return [{ id: 'weeks', kind: 'weeks', bounds: null, level: null, caption, playMs: n * PLAY_WEEK_MS }];
}

function bothSay(
  key: Parameters<typeof sayWall>[1],
  values: (locale: Locale) => Readonly<Record<string, string | number>>,
): Words {
  return { zh: sayWall('zh-CN', key, values('zh-CN')), en: sayWall('en', key, values('en')) };
}

export function isWithheld(alert: Alert, data: Pick<WallData, 'snapshot' | 'k'>): boolean {
  const sensitive = data.snapshot.manifest.dictionaries.categories[alert.category]?.sensitive ?? false;
  return alert.observed < (sensitive ? data.k.sensitive : data.k.usual);
}

/** The one sentence; a count too small for a wall is left to the desk. */
export function alertCaption(alert: Alert, data: Pick<WallData, 'snapshot' | 'k'>): Words {
  if (!isWithheld(alert, data)) return alert.why;
  const title = alertTitle(alert, data.snapshot);
  return bothSay('alerts.withheld', (locale) => ({ title: locale === 'en' ? title.en : title.zh }));
}

export function alertTitle(alert: Alert, snapshot: Snapshot): Words {
  const entry = snapshot.manifest.dictionaries.categories[alert.category];
  const text = (locale: Locale) => {
    const all = saySense(locale, 'hot.allCategories');
    const category =
      alert.category === ALL_CATEGORIES || !entry ? all : locale === 'en' ? entry.name.en : entry.name.zh;
    return `${category} · ${placeText(alert, snapshot, locale)}`;
  };
  return { zh: text('zh-CN'), en: text('en') };
}

/** A division with less of an alert than this stands on the desk's card, not on the wall. */
const LEAST_NAMED = 0.1;
const MOST_OF_IT = 0.5;

/** Outermost divisions that share it, and the deepest one that holds most of it. */
function placeText(alert: Alert, snapshot: Snapshot, locale: Locale): string {
  if (alert.divisions.length === 0) return saySense(locale, 'alerts.cityWide');
  const name = (id: number) => nameOfDivision(snapshot, id)[locale === 'en' ? 'en' : 'zh'];
  const top = Math.min(...alert.divisions.map(({ level }) => level));
  const outer = alert.divisions.filter(({ level, share }) => level === top && share >= LEAST_NAMED);
  const join = sayWall(locale, 'join');
  if (outer.length !== 1)
    return outer
      .map(({ division, share }) => saySense(locale, 'alerts.share', { name: name(division), share: percent(share) }))
      .join(join);
  const inner = alert.divisions
    .filter(({ level, share }) => level > top && share >= MOST_OF_IT)
    .sort((a, b) => b.level - a.level)[0];
  const main = name(outer[0]!.division);
  if (!inner) return main;
  return locale === 'en' ? `${name(inner.division)}, ${main}` : `${main}${name(inner.division)}`;
}

export function levelWords(level: number, locale: Locale): string {
  return levelText(level, (key, values) => saySense(locale, key, values));
}

function alertBounds(alert: Alert, data: WallData): Bounds | null {
  if (alert.centre) {
    const border = boxOf(data.borders.get(alert.id)) ?? [...alert.centre, ...alert.centre];
    return [border[0] - AROUND, border[1] - AROUND, border[2] + AROUND, border[3] + AROUND];
  }
  const only = alert.divisions[0];
  return only && alert.divisions.length === 1 ? divisionBox(data, only.division) : null;
}

export function divisionBox(data: WallData, id: number): Bounds | null {
  return boxOf(readyPart(data.outlines)?.get(id));
}

function boxOf(rings: readonly Ring[] | undefined): Bounds | null {
  const points = rings?.flat() ?? [];
  if (points.length === 0) return null;
  const [lng, lat] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...lng), Math.min(...lat), Math.max(...lng), Math.max(...lat)];
}

/** The places with the highest index: streets where there are any, else districts. */
function sentinels(data: WallData, snapshot: Snapshot): readonly Stop[] {
  const table = readyPart(data.risk);
  const sense = readyPart(data.sense);
  const week = table && riskWeek(table);
  if (!table || !sense || week === null) return [];
  const { divisions } = snapshot;
  const level = divisions.level.includes(2) ? 2 : 1;
  const rows = Array.from({ length: table.id.length }, (_, row) => row).filter(
    (row) => table.unit[row] === RISK_DIVISION && table.week[row] === week && divisions.level[table.id[row]!] === level,
  );
  rows.sort((a, b) => table.rank[a]! - table.rank[b]!);
  return rows.slice(0, SENTINELS).flatMap((row): Stop[] => {
    const id = table.id[row]!;
    const bounds = divisionBox(data, id);
    if (!bounds) return [];
    const parent = nameOfDivision(snapshot, divisions.parent[id] ?? 0);
    const name = nameOfDivision(snapshot, id);
    return [
      {
        id: `place/${divisions.code[id]}`,
        kind: 'place',
        bounds,
        level: null,
        caption: bothSay(sense.risk.kind === 'risk' ? 'tour.place' : 'tour.placeChange', (locale) => ({
          name: locale === 'en' ? `${name.en}, ${parent.en}` : `${level === 2 ? parent.zh : ''}${name.zh}`,
          score: Math.round(table.score[row]!),
          rank: table.rank[row]!,
          low: table.rankLow[row]!,
          high: table.rankHigh[row]!,
          of: rows.length,
        })),
      },
    ];
  });
}
