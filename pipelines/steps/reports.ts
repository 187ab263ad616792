import type { CategoryEntry, Manifest, SourceEntry } from '../../core/contract/manifest.ts';
import type { Feed } from '../../core/contract/profile.ts';
import {
  type Privacy,
  Privacy as PrivacySchema,
  type Quality,
  Quality as QualitySchema,
} from '../../core/contract/quality.ts';
import type { PileUp } from '../../core/geo/pile-up.ts';
import { LOCATE_METHODS, UNMAPPED_CATEGORY_ID } from '../../core/incident/dimensions.ts';
import { UNLOCATED_REASONS } from '../../core/incident/reasons.ts';
import { privacyWallSection } from '../../core/privacy/wall-section.ts';
import { isoMinute, monthKey } from '../../core/time/local-date.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import type { TimeFrame } from './aggregate.ts';
import { datumMistakes } from './check-files.ts';
import type { CoverageReportInput } from './coverage.ts';
import type { DivisionSet } from './divisions.ts';
import { NONE_U8, NONE_U32 } from './incident-columns.ts';
import type { InputFile } from './inputs.ts';
import { LOCATED, UNLOCATED_KEYS } from './locate.ts';
import { lastCompleteWeek, type WallTold } from './publish-wall.ts';
import { wantedColumns } from './record-columns.ts';
import type { RejectedRow } from './rejects.ts';
import { isNothing, relocateRow } from './relocate.ts';
import type { Settled } from './settle-feeds.ts';
import type { Counts, Unit } from './units.ts';

export interface ReportContext {
  readonly loaded: LoadedProfile;
  readonly inputs: readonly InputFile[];
  /** Per input file. */
  readonly parts: readonly Settled[];
  readonly rejected: readonly (readonly RejectedRow[])[];
  readonly counts: { readonly extent: Counts; readonly place: Counts; readonly category: Counts };
  readonly frame: TimeFrame;
  readonly units: readonly Unit[];
  readonly pileUps: ReadonlyMap<string, readonly PileUp[]>;
  readonly set: DivisionSet;
}

/** Accepted incidents by how well their place is known; the three add up to all. */
export function placeTotals(place: Counts): { located: number; divisionOnly: number; unlocated: number } {
  const sums = { located: 0, divisionOnly: 0, unlocated: 0 };
  const unlocated = place.column('unlocated');
  const method = place.column('method');
  const n = place.column('n');
  for (let i = 0; i < place.length; i++) {
    const rows = n[i] as number;
    if (unlocated[i] !== LOCATED) sums.unlocated += rows;
    else if (isDivisionOnly(method[i] as number)) sums.divisionOnly += rows;
    else sums.located += rows;
  }
  return sums;
}

const isDivisionOnly = (method: number): boolean => {
  const key = LOCATE_METHODS[method]?.key;
  return key === 'division' || key === 'pile-up';
};

export function categoryTotals(category: Counts, finest: number): Pick<Manifest['totals'], 'unmapped' | 'coarsened'> {
  const totals = { unmapped: 0, coarsened: 0 };
  const ids = category.column('category');
  const res = category.column('res');
  const n = category.column('n');
  for (let i = 0; i < category.length; i++) {
    if (ids[i] === UNMAPPED_CATEGORY_ID) totals.unmapped += n[i] as number;
    if ((res[i] as number) > 0 && (res[i] as number) < finest) totals.coarsened += n[i] as number;
  }
  return totals;
}

/** Months of the window between the source's first and last month in which nothing arrived: not delivered, not zero. */
function missingMonths(months: ReadonlyMap<string, number>): string[] {
  const present = [...months.keys()].sort();
  const [first] = present;
  const last = present[present.length - 1];
  if (first === undefined || last === undefined) return [];
  const missing: string[] = [];
  for (let key = first; key < last; key = nextMonth(key)) if (!months.has(key)) missing.push(key);
  return missing;
}

function nextMonth(key: string): string {
  const year = Number(key.slice(0, 4));
  const month = Number(key.slice(5));
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

function monthsBySource({ extent }: ReportContext['counts']): Map<number, Map<string, number>> {
  const bySource = new Map<number, Map<string, number>>();
  const n = extent.column('n');
  for (let i = 0; i < extent.length; i++) {
    const source = extent.source[i] as number;
    const month = extent.month[i] as number;
    const months = bySource.get(source) ?? new Map<string, number>();
    months.set(`${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`, n[i] as number);
    bySource.set(source, months);
  }
  return bySource;
}

/** One entry a source, in the order of the profile. Rows refused before their route was known count for the feed's own source. */
export function sourceEntries(context: ReportContext): SourceEntry[] {
  const { extent, place, category } = context.counts;
  const months = monthsBySource(context.counts);
  const rejectedBySource = new Map<string, Record<string, number>>();
  context.inputs.forEach((file, i) => {
    const { source } = context.loaded.profile.feeds[file.feedIndex] as Feed;
    const counts = rejectedBySource.get(source) ?? {};
    for (const { reason } of context.rejected[i] ?? []) counts[reason] = (counts[reason] ?? 0) + 1; // a count starts at nothing
    rejectedBySource.set(source, counts);
  });
  return context.loaded.profile.sources.map((source, id) => {
    const rejected = sorted(rejectedBySource.get(source.key) ?? {}); // no file, nothing refused
    const sums = { accepted: 0, located: 0, divisionOnly: 0, unmapped: 0 };
    let asOf = Number.NEGATIVE_INFINITY;
    let firstDay = Number.POSITIVE_INFINITY;
    let lastDay = Number.NEGATIVE_INFINITY;
    eachOf(extent, id, (i) => {
      sums.accepted += extent.column('n')[i] as number;
      asOf = Math.max(asOf, extent.column('as_of')[i] as number);
      firstDay = Math.min(firstDay, extent.column('first_day')[i] as number);
      lastDay = Math.max(lastDay, extent.column('last_day')[i] as number);
    });
    const unlocated: Record<string, number> = {};
    eachOf(place, id, (i) => {
      const rows = place.column('n')[i] as number;
      const problem = place.column('unlocated')[i] as number;
      if (problem !== LOCATED) {
        const key = UNLOCATED_KEYS[problem] as string;
        unlocated[key] = (unlocated[key] ?? 0) + rows; // idem
      } else if (isDivisionOnly(place.column('method')[i] as number)) sums.divisionOnly += rows;
      else sums.located += rows;
    });
    eachOf(category, id, (i) => {
      if (category.column('category')[i] === UNMAPPED_CATEGORY_ID) sums.unmapped += category.column('n')[i] as number;
    });
    const any = sums.accepted > 0;
    return {
      id,
      key: source.key,
      kind: source.kind,
      name: source.name,
      cadenceDays: source.cadenceDays,
      asOf: any ? isoMinute(asOf) : null,
      firstDay: any ? firstDay : null,
      lastDay: any ? lastDay : null,
      read: sums.accepted + Object.values(rejected).reduce((sum, n) => sum + n, 0),
      accepted: sums.accepted,
      rejected,
      located: sums.located,
      divisionOnly: sums.divisionOnly,
      unlocated: Object.fromEntries(
        Object.keys(UNLOCATED_REASONS).flatMap((key) => (unlocated[key] ? [[key, unlocated[key]]] : [])),
      ),
      unmapped: sums.unmapped,
      monthsMissing: missingMonths(months.get(id) ?? new Map()),
    };
  });
}

function eachOf(counts: Counts, source: number, visit: (i: number) => void): void {
  for (let i = 0; i < counts.length; i++) if (counts.source[i] === source) visit(i);
}

/** What of a file's rows stands: accepted rows by unlocated reason and by unmapped code. */
interface FileCounts {
  readonly unlocated: Record<string, number>;
  readonly unmapped: Uint32Array;
}

function fileCounts(part: Settled, categories: readonly CategoryEntry[]): FileCounts {
  const { rows, lost, summary, relocation } = part;
  const moved = !isNothing(relocation);
  const noCoarse = new Uint32Array(0);
  const problems = new Float64Array(256);
  const unmapped = new Uint32Array(summary.unmapped.length);
  let next = 0;
  let offset = 0;
  rows.segments.forEach((count, segment) => {
    const status = rows.column(segment, 'status');
    const unlocated = rows.column(segment, 'unlocated');
    if (moved) {
      const names = ['x', 'y', 'own', 'category', 'method', 'cell_id', 'res', 'division'] as const;
      const columns = Object.fromEntries(names.map((name) => [name, rows.column(segment, name)])) as never;
      const target = Object.assign({ unlocated }, columns);
      for (let i = 0; i < count; i++) relocateRow(relocation, target, i, categories, noCoarse);
    }
    const codes = unmapped.length > 0 ? rows.column(segment, 'unmapped_code') : null;
    for (let i = 0; i < count; i++) {
      while ((lost.position[next] as number) < offset + i) next++;
      if (status[i] !== 0 || lost.position[next] === offset + i) continue;
      problems[unlocated[i] as number]!++;
      if (codes && codes[i] !== NONE_U32) unmapped[codes[i] as number]!++;
    }
    offset += count;
  });
  return {
    unlocated: sorted(
      Object.fromEntries(UNLOCATED_KEYS.flatMap((key, i) => (problems[i] ? [[key, problems[i] as number]] : []))),
    ),
    unmapped,
  };
}

/** Accepted incidents per feed and unmapped code, most frequent first; `…` for all codes that are not told. */
function unmappedCodes(context: ReportContext, counts: readonly FileCounts[]): Quality['unmapped'] {
  const sums = new Map<string, Quality['unmapped'][number]>();
  const add = (feed: string, code: string, n: number): void => {
    const key = `${feed}\0${code}`;
    sums.set(key, { feed, code, rows: (sums.get(key)?.rows ?? 0) + n }); // a sum starts at nothing
  };
  context.parts.forEach((part, i) => {
    part.summary.unmapped.forEach((code, c) => {
      const n = counts[i]?.unmapped[c] as number;
      if (n > 0) add((context.inputs[i] as InputFile).feed, code, n);
    });
  });
  return [...sums.values()].sort((a, b) => b.rows - a.rows || (a.feed + a.code < b.feed + b.code ? -1 : 1));
}

/** Daily and delay counts as the coverage step wants them. */
export function coverageInput(context: ReportContext, daily: Counts, delay: Counts): CoverageReportInput {
  const { loaded, frame } = context;
  const { extent } = context.counts;
  const asOf = new Float64Array(loaded.profile.sources.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < extent.length; i++)
    asOf[extent.source[i] as number] = Math.max(
      asOf[extent.source[i] as number] as number,
      extent.column('as_of')[i] as number,
    );
  // Rows whose first sight nobody recorded say nothing about delay.
  const days = delay.column('delay');
  const known = Array.from({ length: delay.length }, (_, i) => i).filter((i) => days[i] !== NONE_U8);
  return {
    window: frame,
    weeks: frame.weeks,
    divisions: context.set.divisions.flatMap((division) => (division.level === 1 ? [division.id] : [])),
    sources: loaded.profile.sources.map((source, i) => ({
      key: source.key,
      cadenceDays: source.cadenceDays,
      asOfMinute: Number.isFinite(asOf[i]) ? (asOf[i] as number) : null,
    })),
    calendar: {
      // A break of one category leaves the source's volume alone.
      breaks: loaded.days.breaks.flatMap(({ day, source, category }) => (category === null ? [{ day, source }] : [])),
      holidays: loaded.days.holidays,
    },
    dailyCounts: {
      source: daily.source,
      division: Uint32Array.from(daily.column('district')),
      day: Int32Array.from(daily.column('day')),
      n: Uint32Array.from(daily.column('n')),
    },
    delayCounts: {
      source: Uint8Array.from(known, (i) => delay.source[i] as number),
      occurredDay: Int32Array.from(known, (i) => delay.column('day')[i] as number),
      delayDays: Int32Array.from(known, (i) => days[i] as number),
      n: Uint32Array.from(known, (i) => delay.column('n')[i] as number),
    },
  };
}

export function qualityReport(context: ReportContext): Quality {
  const { inputs, parts, rejected, loaded } = context;
  const counts = parts.map((part) => fileCounts(part, loaded.categories));
  const months = monthsBySource(context.counts);
  return QualitySchema.parse({
    files: inputs.map((file, i) => {
      const { summary } = parts[i] as Settled;
      const refused = rejected[i] as readonly RejectedRow[];
      return {
        feed: file.feed,
        name: file.name,
        read: summary.read,
        accepted: summary.read - refused.length,
        rejected: count(refused.map((row) => row.reason)),
        unlocated: (counts[i] as FileCounts).unlocated,
        warnings: sorted(summary.warnings),
        unknownColumns: summary.unknownColumns,
        datum: summary.datum ? datumMistakes(file.name, summary.datum, loaded.profile.thresholds.maxDatumShare) : [],
        unknownDivisions: Object.values(summary.unknownDivisions).reduce((sum, n) => sum + n, 0),
      };
    }),
    pileUps: [...context.pileUps].map(([feed, points]) => ({
      feed,
      addresses: points.filter((point) => point.verdict === 'address').length,
      undecided: points.filter((point) => point.verdict === 'undecided').length,
      defaultPoints: points
        .filter((point) => point.verdict === 'default-point')
        .map(({ rows, reasons, division }) => ({
          rows,
          reasons: [...reasons],
          division: division === null ? null : (context.set.divisions[division]?.code ?? null),
        })),
    })),
    unmapped: unmappedCodes(context, counts),
    months: loaded.profile.sources.flatMap((source, id) =>
      windowMonths(context.frame).map((month) => ({
        source: source.key,
        month,
        rows: months.get(id)?.get(month) ?? null,
      })),
    ),
  });
}

function windowMonths(frame: TimeFrame): string[] {
  const months = new Set<string>();
  for (let day = frame.firstDay; day < frame.endDay; day++) months.add(monthKey(day));
  return [...months];
}

export function privacyReport(context: ReportContext, wall: WallTold): Privacy {
  const { loaded, inputs, parts } = context;
  const { feeds, grid } = loaded.profile;
  const partsOf = (feed: Feed): Settled[] =>
    inputs.flatMap((file, i) => (file.feed === feed.id ? [parts[i] as Settled] : []));
  const last = lastCompleteWeek({ weeks: context.frame.weeks, endDay: context.frame.endDay });
  const { category } = context.counts;
  const coarsened = new Map<string, { category: string; resolution: number; rows: number }>();
  for (let i = 0; i < category.length; i++) {
    const res = category.column('res')[i] as number;
    if (res === 0 || res >= grid.finest) continue;
    const { code } = loaded.categories[category.column('category')[i] as number] as CategoryEntry;
    const key = `${code} ${res}`;
    const rows = (coarsened.get(key)?.rows ?? 0) + (category.column('n')[i] as number); // a sum starts at nothing
    coarsened.set(key, { category: code, resolution: res, rows });
  }
  return PrivacySchema.parse({
    columnsNotRead: feeds.map((feed) => {
      const wanted = new Set(wantedColumns(feed));
      const seen = new Set([...partsOf(feed).flatMap((part) => part.summary.columns), ...Object.keys(feed.notRead)]);
      return { feed: feed.id, columns: [...seen].filter((name) => !wanted.has(name)).sort() };
    }),
    columnsRead: feeds.map((feed) => ({ feed: feed.id, columns: wantedColumns(feed).sort() })),
    personLikeRefused: feeds.flatMap((feed) => {
      const sums: Record<string, number> = {};
      for (const { summary } of partsOf(feed))
        for (const [detector, rows] of Object.entries(summary.personLike))
          sums[detector] = (sums[detector] ?? 0) + rows; // idem
      return Object.entries(sorted(sums)).map(([detector, rows]) => ({ feed: feed.id, detector, rows }));
    }),
    coarsened: [...coarsened.values()].sort((a, b) => (a.category + a.resolution < b.category + b.resolution ? -1 : 1)),
    identifiersPublished: 0,
    grade: {
      desk: 'Single incidents without identifiers, to a cell of about 15,000 m²; for accounts that may see incidents.',
      wall: 'Counts as multiples of k over places merged until they hold k; small categories stay out of cells. Outlines and grid.',
    },
    wall: privacyWallSection(wall, {
      k: loaded.profile.publish.k,
      kSensitive: loaded.profile.publish.kSensitive,
      lastWeek: context.frame.weeks[last]?.iso ?? null,
    }),
    retention: loaded.profile.publish.keep,
  });
}

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1; // a count starts at nothing
  return sorted(counts);
}

/** By key, so that equal counts give equal bytes. */
function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
