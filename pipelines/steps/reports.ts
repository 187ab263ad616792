import type { CategoryEntry, SourceEntry } from '../../core/contract/manifest.ts';
import type { Feed } from '../../core/contract/profile.ts';
import {
  type Privacy,
  Privacy as PrivacySchema,
  type Quality,
  Quality as QualitySchema,
} from '../../core/contract/quality.ts';
import { UNMAPPED_CATEGORY_ID } from '../../core/incident/dimensions.ts';
import { UNLOCATED_REASONS } from '../../core/incident/reasons.ts';
import { isoMinute, monthKey } from '../../core/time/local-date.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import type { Duck } from '../io/duck.ts';
import type { RejectedInRun } from '../run.ts';
import type { TimeFrame } from './aggregate.ts';
import { NONE_U8 } from './incident-batch.ts';
import type { IngestResult } from './ingest-file.ts';
import type { InputFile } from './inputs.ts';
import { wantedColumns } from './normalise.ts';

export interface Tallies {
  readonly accepted: number;
  readonly located: number;
  readonly unmapped: number;
  readonly coarsened: number;
}

export interface ReportContext {
  readonly loaded: LoadedProfile;
  readonly inputs: readonly InputFile[];
  readonly results: readonly IngestResult[];
  readonly rejected: readonly RejectedInRun[];
  readonly counted: Tallies;
  readonly frame: TimeFrame;
}

export async function tallies(duck: Duck): Promise<Tallies> {
  const [row] = await duck.rows<Tallies>(`
    SELECT count(*)::INTEGER AS accepted,
           coalesce(sum(CASE WHEN unlocated = ${NONE_U8} THEN 1 ELSE 0 END), 0)::INTEGER AS located,
           coalesce(sum(CASE WHEN category = ${UNMAPPED_CATEGORY_ID} THEN 1 ELSE 0 END), 0)::INTEGER AS unmapped,
           coalesce(sum(CASE WHEN res > 0 AND res < 10 THEN 1 ELSE 0 END), 0)::INTEGER AS coarsened
    FROM incident`);
  return row as Tallies;
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

async function monthsBySource(duck: Duck): Promise<Map<number, Map<string, number>>> {
  const rows = await duck.rows<{ source: number; month: number; n: number }>(`
    SELECT i.source AS source, d.month AS month, count(*)::INTEGER AS n
    FROM incident i JOIN calendar d ON d.day = i.day GROUP BY i.source, d.month ORDER BY source, month`);
  const bySource = new Map<number, Map<string, number>>();
  for (const { source, month, n } of rows) {
    const months = bySource.get(source) ?? new Map<string, number>();
    months.set(`${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`, n);
    bySource.set(source, months);
  }
  return bySource;
}

/** One entry a source, in the order of the profile. Rows refused before their route was known count for the feed's own source. */
export async function sourceEntries(duck: Duck, context: ReportContext): Promise<SourceEntry[]> {
  const rows = await duck.rows<{
    source: number;
    n: number;
    located: number;
    unmapped: number;
    as_of: number;
    first_day: number;
    last_day: number;
  }>(`
    SELECT source, count(*)::INTEGER AS n,
           sum(CASE WHEN unlocated = ${NONE_U8} THEN 1 ELSE 0 END)::INTEGER AS located,
           sum(CASE WHEN category = ${UNMAPPED_CATEGORY_ID} THEN 1 ELSE 0 END)::INTEGER AS unmapped,
           max(reported_minute) AS as_of, min(day)::INTEGER AS first_day, max(day)::INTEGER AS last_day
    FROM incident GROUP BY source ORDER BY source`);
  const unlocated = await duck.rows<{ source: number; reason: number; n: number }>(`
    SELECT source, unlocated AS reason, count(*)::INTEGER AS n FROM incident WHERE unlocated <> ${NONE_U8}
    GROUP BY source, unlocated ORDER BY source, reason`);
  const months = await monthsBySource(duck);
  const reasons = Object.keys(UNLOCATED_REASONS);
  return context.loaded.profile.sources.map((source, id) => {
    const row = rows.find((candidate) => candidate.source === id);
    const refused = count(
      context.rejected.filter((rejection) => rejection.source === source.key).map((rejection) => rejection.reason),
    );
    const accepted = row?.n ?? 0; // no row of the GROUP BY: nothing was accepted
    return {
      id,
      key: source.key,
      kind: source.kind,
      name: source.name,
      cadenceDays: source.cadenceDays,
      asOf: row ? isoMinute(row.as_of) : null,
      firstDay: row?.first_day ?? null,
      lastDay: row?.last_day ?? null,
      read: accepted + Object.values(refused).reduce((sum, n) => sum + n, 0),
      accepted,
      rejected: refused,
      located: row?.located ?? 0, // idem
      unlocated: Object.fromEntries(
        unlocated.filter((entry) => entry.source === id).map((entry) => [reasons[entry.reason] as string, entry.n]),
      ),
      unmapped: row?.unmapped ?? 0, // idem
      monthsMissing: missingMonths(months.get(id) ?? new Map()),
    };
  });
}

/** A code that so few incidents carry could be a slip of the pen with a name in it: only its number of incidents is told, as `…`. */
const LISTED_FROM_ROWS = 5;

/** Accepted incidents per feed and unmapped code, most frequent first. */
async function unmappedCodes(duck: Duck, context: ReportContext): Promise<Quality['unmapped']> {
  const rows = await duck.rows<{ file: number; code: number; n: number }>(`
    SELECT (seq // 4294967296)::INTEGER AS file, unmapped_code::INTEGER AS code, count(*)::INTEGER AS n
    FROM incident WHERE category = ${UNMAPPED_CATEGORY_ID} GROUP BY file, unmapped_code ORDER BY file, code`);
  const sums = new Map<string, Quality['unmapped'][number]>();
  const add = (feed: string, code: string, n: number, into: typeof sums): void => {
    const key = `${feed}\0${code}`;
    into.set(key, { feed, code, rows: (into.get(key)?.rows ?? 0) + n }); // a sum starts at nothing
  };
  for (const { file, code, n } of rows)
    add(
      (context.inputs[file] as InputFile).feed,
      (context.results[file] as IngestResult).unmapped[code] as string,
      n,
      sums,
    );
  const shown: typeof sums = new Map();
  for (const { feed, code, rows: n } of sums.values()) {
    const withheld = n < LISTED_FROM_ROWS || /\d{4}/.test(code) || code.length > 60;
    add(feed, withheld ? '…' : code, n, shown);
  }
  return [...shown.values()].sort((a, b) => b.rows - a.rows || (a.feed + a.code < b.feed + b.code ? -1 : 1));
}

async function unlocatedByFile(duck: Duck): Promise<Map<number, Record<string, number>>> {
  const rows = await duck.rows<{ file: number; reason: number; n: number }>(`
    SELECT (seq // 4294967296)::INTEGER AS file, unlocated AS reason, count(*)::INTEGER AS n
    FROM incident WHERE unlocated <> ${NONE_U8} GROUP BY file, unlocated ORDER BY file, reason`);
  const reasons = Object.keys(UNLOCATED_REASONS);
  const byFile = new Map<number, Record<string, number>>();
  for (const { file, reason, n } of rows) byFile.set(file, { ...byFile.get(file), [reasons[reason] as string]: n });
  return new Map([...byFile].map(([file, counts]) => [file, sorted(counts)]));
}

export async function qualityReport(duck: Duck, context: ReportContext): Promise<Quality> {
  const { inputs, results, rejected, loaded } = context;
  const byFile = new Map<number, RejectedInRun[]>();
  for (const row of rejected) {
    const list = byFile.get(row.fileIndex);
    if (list) list.push(row);
    else byFile.set(row.fileIndex, [row]);
  }
  const unmapped = await unmappedCodes(duck, context);
  const unlocated = await unlocatedByFile(duck);
  const months = await monthsBySource(duck);
  return QualitySchema.parse({
    files: inputs.map((file, i) => {
      const result = results[i] as IngestResult;
      const refused = byFile.get(i) ?? []; // none refused in this file
      return {
        feed: file.feed,
        name: file.name,
        read: result.read,
        accepted: result.read - refused.length,
        rejected: count(refused.map((row) => row.reason)),
        unlocated: unlocated.get(i) ?? {}, // all of this file are located
        warnings: sorted(result.warnings),
        unknownColumns: result.unknownColumns,
      };
    }),
    unmapped,
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

export async function privacyReport(duck: Duck, context: ReportContext): Promise<Privacy> {
  const { loaded, inputs, results } = context;
  const feeds = loaded.profile.feeds;
  const filesOf = (feed: Feed) =>
    inputs.flatMap((file, i) => (file.feed === feed.id ? [results[i] as IngestResult] : []));
  const coarsened = await duck.rows<{ category: number; n: number }>(`
    SELECT category, count(*)::INTEGER AS n FROM incident
    WHERE res > 0 AND res < ${loaded.profile.grid.finest} GROUP BY category ORDER BY category`);
  return PrivacySchema.parse({
    columnsNotRead: feeds.map((feed) => {
      const wanted = new Set(wantedColumns(feed));
      const seen = new Set([...filesOf(feed).flatMap((result) => result.columns), ...Object.keys(feed.notRead)]);
      return { feed: feed.id, columns: [...seen].filter((name) => !wanted.has(name)).sort() };
    }),
    columnsRead: feeds.map((feed) => ({ feed: feed.id, columns: wantedColumns(feed).sort() })),
    personLikeRefused: feeds.flatMap((feed) => {
      const sums: Record<string, number> = {};
      for (const result of filesOf(feed))
        for (const [detector, rows] of Object.entries(result.personLike)) sums[detector] = (sums[detector] ?? 0) + rows; // idem
      return Object.entries(sorted(sums)).map(([detector, rows]) => ({ feed: feed.id, detector, rows }));
    }),
    coarsened: coarsened
      .map(({ category, n }) => ({
        category: (loaded.categories[category] as CategoryEntry).code,
        resolution: loaded.profile.publish.sensitiveResolution,
        rows: n,
      }))
      .sort((a, b) => (a.category < b.category ? -1 : 1)),
    identifiersPublished: 0,
    grade: {
      desk: 'Single incidents without identifiers, to a cell of about 15,000 m²; for accounts that may see incidents.',
      wall: 'Outlines and grid only. Counts with small cells merged and suppressed are not made yet.',
    },
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
