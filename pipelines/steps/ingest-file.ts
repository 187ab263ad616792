import type { CategoryEntry } from '../../core/contract/manifest.ts';
import type { Feed, Mapping, Profile } from '../../core/contract/profile.ts';
import { localDay } from '../../core/time/name-date.ts';
import { openReader } from '../io/readers/open.ts';
import type { RecordReader } from '../io/readers/records.ts';
import type { IngestTask } from '../worker-protocol.ts';
import { newColumns, SEGMENT_ROWS } from './incident-columns.ts';
import type { Ground, ToWgs84 } from './locate.ts';
import { newTally, normaliser, type Rejection, wantedColumns } from './normalise.ts';
import type { OwnDivisions, PlaceNames } from './own-place.ts';
import { monthOfDay, type PartSummary, unitOf, writeSegment, writeSummary } from './part.ts';

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
  /** Folder of the parts in the store. */
  readonly folder: string;
}

/** Reads one file under its feed's contract into a part of the store. @throws InputError */
export async function ingestFile(context: IngestContext, task: IngestTask): Promise<PartSummary> {
  const feed = context.profile.feeds[task.feedIndex] as Feed;
  const wanted = wantedColumns(feed);
  const reader: RecordReader = await openReader(task.path, feed, wanted);
  const rejections: Rejection[] = [];
  const tally = newTally();
  const normalise = normaliser(
    {
      ...context,
      feed,
      mapping: context.mapping[feed.categories] as Record<string, string>,
      toWgs84: context.toWgs84(feed),
      ownDivisions: context.ownDivisions(feed),
      fileHash: task.sha256,
      deliveredDay: feed.deliveredInName ? localDay(feed.deliveredInName, task.name) : null,
      observe: null,
    },
    reader,
    task.path,
    (rejection) => rejections.push(rejection),
  );
  const columns = newColumns(SEGMENT_ROWS);
  const segments: number[] = [];
  const units = new Map<number, number>();
  let length = 0;
  const flush = (): void => {
    if (length === 0) return;
    for (let i = 0; i < length; i++) {
      if (columns.status[i] !== 0) continue;
      const unit = unitOf(columns.source[i] as number, monthOfDay(columns.day[i] as number));
      units.set(unit, (units.get(unit) ?? 0) + 1); // a count starts at nothing
    }
    writeSegment(context.folder, task.key, segments.length, columns, length);
    segments.push(length);
    length = 0;
  };
  for await (const block of reader.blocks) {
    for (let r = 0; r < block.count; r++) {
      if (block.cells[r] === 0) continue; // a blank line is no record
      tally.read++;
      if (normalise(block, r, columns, length, tally) && ++length === SEGMENT_ROWS) flush();
    }
  }
  flush();
  const expected = new Set([...wanted, ...Object.keys(feed.notRead)]);
  const names = [...reader.columns, ...reader.otherColumns()];
  const summary: PartSummary = {
    read: tally.read,
    rows: segments.reduce((sum, rows) => sum + rows, 0),
    segments,
    rejections,
    unlocated: tally.unlocated,
    warnings: tally.warnings,
    unreadable: tally.unreadable,
    unknownDivisions: tally.unknownDivisions,
    withCoordinates: tally.withCoordinates,
    unmapped: [...tally.unmapped.keys()],
    personLike: tally.personLike,
    columns: names,
    unknownColumns: names.filter((name) => name !== '' && !expected.has(name)),
    units: Object.fromEntries([...units].sort((a, b) => a[0] - b[0])),
    evidence: null,
  };
  writeSummary(context.folder, task.key, summary);
  return summary;
}
