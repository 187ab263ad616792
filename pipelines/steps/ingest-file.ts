import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { type Feed, hasCoordinates, type Mapping, type Profile } from '../../core/contract/profile.ts';
import { datumEvidence, NO_DIVISION } from '../../core/geo/datum-test.ts';
import { shownCode, shownColumn } from '../../core/privacy/shown.ts';
import { localDay } from '../../core/time/name-date.ts';
import { InputError } from '../errors.ts';
import { openReader } from '../io/readers/open.ts';
import type { RecordReader } from '../io/readers/records.ts';
import type { IngestTask } from '../worker-protocol.ts';
import { newTally, type Rejection } from './file-tally.ts';
import { newColumns, PART_COLUMNS, type PartColumns, SEGMENT_ROWS } from './incident-columns.ts';
import type { Ground, ToWgs84 } from './locate.ts';
import { normaliser } from './normalise.ts';
import type { OwnDivisions, PlaceNames } from './own-place.ts';
import { monthOfDay, type PartSummary, unitOf, writeSegment, writeSummary } from './part.ts';
import { filledColumns, wantedColumns } from './record-columns.ts';

export interface IngestContext {
  readonly profile: Profile;
  readonly categories: readonly CategoryEntry[];
  readonly mapping: Mapping;
  readonly ground: Ground;
  readonly coarseDivision: Uint32Array;
  readonly idKey: Uint8Array;
  readonly toWgs84: (feed: Feed) => ToWgs84;
  readonly ownDivisions: (feed: Feed) => OwnDivisions | null;
  readonly places: PlaceNames | null;
  /** Level (1 = below the city) of the feed's own division column; 0 = it has none. */
  readonly levelOf: (feed: Feed) => number;
  /** Per division: parent id (-1 = none) and level. */
  readonly parents: Int32Array;
  readonly levels: Uint8Array;
  /** Rows on their way into a segment; kept from file to file. */
  readonly buffer: { columns: PartColumns; rows: number };
  /** Folder of the parts in the store. */
  readonly folder: string;
}

type Reader = RecordReader & { readonly unseenColumns?: () => readonly string[] };

/** Reads one file under its feed's contract into a part of the store. @throws InputError */
export async function ingestFile(context: IngestContext, task: IngestTask): Promise<PartSummary> {
  const feed = context.profile.feeds[task.feedIndex] as Feed;
  const reader = await openReader(task.path, feed, wantedColumns(feed), task);
  try {
    return await ingestRecords(context, task, feed, reader);
  } finally {
    await reader.close();
  }
}

async function ingestRecords(
  context: IngestContext,
  task: IngestTask,
  feed: Feed,
  reader: Reader,
): Promise<PartSummary> {
  const wanted = wantedColumns(feed);
  const rejections: Rejection[] = [];
  const toWgs84 = context.toWgs84(feed);
  const datum =
    feed.fields.division && hasCoordinates(feed)
      ? datumEvidence({
          crs: feed.crs,
          declared: toWgs84,
          divisionAt: context.ground.index.at,
          ancestorAt: ancestorsAt(context, context.levelOf(feed)),
        })
      : null;
  const tally = newTally();
  const normalise = normaliser(
    {
      ...context,
      feed,
      mapping: context.mapping[feed.categories] as Record<string, string>,
      toWgs84,
      ownDivisions: context.ownDivisions(feed),
      fileHash: task.sha256,
      deliveredDay: feed.deliveredInName ? localDay(feed.deliveredInName, task.name) : null,
      datum,
    },
    reader,
    task.path,
    (rejection) => rejections.push(rejection),
  );
  const { buffer } = context;
  const segments: number[] = [];
  const units = new Map<number, number>();
  let length = 0;
  const flush = (): void => {
    if (length === 0) return;
    const { columns } = buffer;
    // Rows of one unit mostly follow each other.
    let last = -1;
    let run = 0;
    const count = (): void => {
      if (run > 0) units.set(last, (units.get(last) ?? 0) + run); // a count starts at nothing
    };
    for (let i = 0; i < length; i++) {
      if (columns.status[i] !== 0) continue;
      const unit = unitOf(columns.source[i] as number, monthOfDay(columns.day[i] as number));
      if (unit !== last) {
        count();
        last = unit;
        run = 0;
      }
      run++;
    }
    count();
    writeSegment(context.folder, task.key, segments.length, columns, length);
    segments.push(length);
    length = 0;
  };
  for await (const block of reader.blocks) {
    if (length + block.count > buffer.rows && buffer.rows < SEGMENT_ROWS) grow(buffer, length, length + block.count);
    for (let r = 0; r < block.count; r++) {
      if (block.cells[r] === 0) continue; // a blank line is no record
      tally.read++;
      if (normalise(block, r, buffer.columns, length, tally) && ++length === SEGMENT_ROWS) flush();
    }
  }
  flush();
  const unseen = reader.unseenColumns?.() ?? [];
  const needed = neededColumns(feed);
  const gone = tally.read > 0 ? unseen.filter((name) => needed.has(name)) : [];
  if (gone.length > 0)
    throw new InputError(
      task.path,
      gone.map((name) => `required column "${name}" occurs in no record 所有记录中都没有此字段`),
    );
  const expected = new Set([...wanted, ...Object.keys(feed.notRead)]);
  // A name that the contract does not know may be a record where a header should be.
  const names = [...reader.columns, ...reader.otherColumns()].map((name) =>
    expected.has(name) ? name : shownColumn(name),
  );
  const unmapped = [...tally.unmapped];
  const summary: PartSummary = {
    read: tally.read,
    rows: segments.reduce((sum, rows) => sum + rows, 0),
    segments,
    rejections,
    unlocated: tally.unlocated,
    warnings: tally.warnings,
    unreadable: tally.unreadable,
    filled: filledColumns(feed, tally.filled),
    unknownDivisions: toldWords(tally.unknownDivisions),
    withCoordinates: tally.withCoordinates,
    unmapped: unmapped.map(([code, { rows }]) => shownCode(code, rows)),
    unmappedFirstRow: unmapped.map(([, { firstRow }]) => firstRow),
    unmappedRows: unmapped.map(([, { rows }]) => rows),
    personLike: tally.personLike,
    columns: [...new Set(names)],
    unknownColumns: names.filter((name) => name !== '' && !expected.has(name)),
    units: Object.fromEntries([...units].sort((a, b) => a[0] - b[0])),
    datum: datum?.tallies() ?? null,
  };
  writeSummary(context.folder, task.key, summary);
  return summary;
}

/** Room for `needed` rows, at most a segment; the first `length` rows are kept. */
function grow(buffer: IngestContext['buffer'], length: number, needed: number): void {
  buffer.rows = Math.min(SEGMENT_ROWS, Math.max(needed, buffer.rows * 2, 32_768));
  const larger = newColumns(buffer.rows);
  for (const [name] of PART_COLUMNS) larger[name].set(buffer.columns[name].subarray(0, length) as never);
  buffer.columns = larger;
}

/** Words as they may be told; those that may not are one number. */
function toldWords(words: Readonly<Record<string, number>>): Record<string, number> {
  const told: Record<string, number> = {};
  for (const [word, rows] of Object.entries(words)) {
    const shown = shownCode(word, rows);
    told[shown] = (told[shown] ?? 0) + rows; // a sum starts at nothing
  }
  return told;
}

/** Columns without which a feed says nothing; times of handling may be missing from a whole file. */
function neededColumns(feed: Feed): Set<string> {
  const { reported: _reported, closed: _closed, stage: _stage, revision: _revision, ...needed } = feed.fields;
  return new Set(wantedColumns({ ...feed, fields: needed }));
}

/** Per division: its ancestor at a level, NO_DIVISION where it has none. */
function ancestorsAt({ parents, levels }: IngestContext, level: number): Uint32Array {
  return Uint32Array.from(parents, (_, id) => {
    let at = id;
    while (at >= 0 && (levels[at] as number) > level) at = parents[at] as number;
    return at >= 0 && levels[at] === level ? at : NO_DIVISION;
  });
}
