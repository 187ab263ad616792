import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatumTallies } from '../../core/geo/datum-test.ts';
import { monthKey } from '../../core/time/local-date.ts';
import { isFileError } from '../io/file-failure.ts';
import { openSections, type SectionArray, writeSections } from '../io/sections.ts';
import type { Rejection } from './file-tally.ts';
import { PART_COLUMNS, type PartColumn, type PartColumns } from './incident-columns.ts';

/** What reading one file gave, without its rows. */
export interface PartSummary {
  readonly read: number;
  /** Rows written: incidents, and known records that stand for none. */
  readonly rows: number;
  readonly segments: readonly number[];
  readonly rejections: readonly Rejection[];
  /** Over all rows read. */
  readonly unlocated: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  readonly unreadable: Readonly<Record<string, number>>;
  /** Per column that can be unreadable: values that were there to be read. */
  readonly filled: Readonly<Record<string, number>>;
  /** Words of the source's own division that name none of ours, as they may be told, with their rows. */
  readonly unknownDivisions: Readonly<Record<string, number>>;
  readonly withCoordinates: number;
  /** Codes without a mapping as they may be shown (`shownCode`); `unmapped_code` of a row is a position here. */
  readonly unmapped: readonly string[];
  /** Record number at which each was first met: what is not shown can be looked up in the file. */
  readonly unmappedFirstRow: readonly number[];
  /** Rows that carry it, before settling. */
  readonly unmappedRows: readonly number[];
  readonly personLike: Readonly<Record<string, number>>;
  /** Names as they may be shown (`shownColumn`). */
  readonly columns: readonly string[];
  readonly unknownColumns: readonly string[];
  /** Rows of status 0 per unit `source/month`, in the order of the keys. */
  readonly units: Readonly<Record<string, number>>;
  /** For the datum test; null = the feed says no own division. */
  readonly datum: DatumTallies | null;
}

/** `source number × 10⁶ + year × 100 + month`: a unit of work as one number. */
export const unitOf = (source: number, month: number): number => source * 1_000_000 + month;
export const sourceOfUnit = (unit: number): number => Math.floor(unit / 1_000_000);
export const monthOfUnit = (unit: number): number => unit % 1_000_000;

const months = new Int32Array(65_536);
/** `202611` of a day. */
export function monthOfDay(day: number): number {
  let month = months[day] as number;
  if (month === 0) {
    month = Number(monthKey(day).replace('-', ''));
    months[day] = month;
  }
  return month;
}

const segmentPath = (folder: string, key: string, segment: number): string => join(folder, `${key}.${segment}.rows`);
const summaryPath = (folder: string, key: string): string => join(folder, `${key}.part`);

export function writeSegment(folder: string, key: string, segment: number, columns: PartColumns, rows: number): void {
  const cut = Object.fromEntries(
    PART_COLUMNS.map(([name]) => [name, columns[name].subarray(0, rows)]),
  ) as unknown as Record<string, SectionArray>;
  writeSections(segmentPath(folder, key, segment), { key, segment, rows }, cut);
}

/** Written last: a part without it does not exist. */
export function writeSummary(folder: string, key: string, summary: PartSummary): void {
  writeSections(summaryPath(folder, key), { key, summary }, {});
}

/** @returns null when the part was never finished or is damaged */
export function readSummary(folder: string, key: string): PartSummary | null {
  const file = openSections(summaryPath(folder, key));
  if (!file) return null;
  file.close();
  const { key: named, summary } = file.meta as { key: string; summary: PartSummary };
  if (named !== key) return null;
  return summary.segments.every((_, i) => existsSync(segmentPath(folder, key, i))) ? summary : null;
}

/** The rows of a part, column by column and segment by segment. Nothing is kept open or in memory. */
export class PartRows {
  readonly #paths: readonly string[];
  readonly #key: string;
  readonly segments: readonly number[];
  /** `PartSummary.unmapped` */
  readonly unmapped: readonly string[];

  constructor(folder: string, key: string, summary: PartSummary) {
    this.segments = summary.segments;
    this.unmapped = summary.unmapped;
    this.#key = key;
    this.#paths = summary.segments.map((_, i) => segmentPath(folder, key, i));
  }

  /** @throws DamagedPart; the error of the file system when the disk fails or files run out */
  column<N extends PartColumn>(segment: number, name: N): PartColumns[N] {
    const file = openSections(this.#paths[segment] as string);
    if (!file) throw new DamagedPart(this.#key);
    try {
      const meta = file.meta as { key: string; segment: number; rows: number };
      if (meta.key !== this.#key || meta.segment !== segment || meta.rows !== this.segments[segment])
        throw new DamagedPart(this.#key);
      return file.array(name) as unknown as PartColumns[N];
    } catch (cause) {
      if (isFileError(cause)) throw cause;
      throw new DamagedPart(this.#key);
    } finally {
      file.close();
    }
  }
}

/** A part of the store cannot be read: it is removed and its file read again. */
export class DamagedPart extends Error {
  constructor(readonly key: string) {
    super(`part ${key} of the store is damaged`);
  }
}

/** Reads every byte of every part and removes those that are not as they were written. @returns how many */
export function removeDamagedParts(folder: string): number {
  const keys = new Set(readdirSync(folder).map((name) => name.split('.')[0] as string));
  let removed = 0;
  for (const key of keys) {
    if (isSound(folder, key)) continue;
    for (const name of readdirSync(folder)) if (name.startsWith(`${key}.`)) rmSync(join(folder, name), { force: true });
    removed++;
  }
  return removed;
}

function isSound(folder: string, key: string): boolean {
  const summary = readSummary(folder, key);
  if (!summary) return false;
  const rows = new PartRows(folder, key, summary);
  try {
    for (let segment = 0; segment < rows.segments.length; segment++)
      for (const [name] of PART_COLUMNS) rows.column(segment, name);
    return true;
  } catch (cause) {
    if (cause instanceof DamagedPart) return false;
    throw cause;
  }
}
