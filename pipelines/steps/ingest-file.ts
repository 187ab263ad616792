import type { CategoryEntry } from '../../core/contract/manifest.ts';
import type { Feed, Mapping, Profile } from '../../core/contract/profile.ts';
import type { DivisionIndex } from '../../core/geo/division-index.ts';
import { InputError } from '../errors.ts';
import { readCsv } from '../io/readers/csv.ts';
import { readJson, readNdjson } from '../io/readers/json.ts';
import type { RowReader } from '../io/readers/rows.ts';
import { readXlsx } from '../io/readers/xlsx.ts';
import type { IngestTask } from '../worker-protocol.ts';
import { BATCH_CAPACITY, type IncidentBatch, newColumns } from './incident-batch.ts';
import { newTally, normaliser, type Rejection, wantedColumns } from './normalise.ts';

export interface IngestContext {
  readonly profile: Profile;
  readonly categories: readonly CategoryEntry[];
  readonly mapping: Mapping;
  readonly index: DivisionIndex;
  readonly keys: Float64Array;
  readonly coarseDivision: Uint32Array;
  readonly idKey: Uint8Array;
}

export interface IngestResult {
  readonly read: number;
  readonly rejections: readonly Rejection[];
  /** Over all rows read. */
  readonly unlocated: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  /** Codes without a mapping; `unmapped_code` of an incident is a position here. */
  readonly unmapped: readonly string[];
  readonly personLike: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  readonly unknownColumns: readonly string[];
}

/** Reads one file under its feed's contract and hands its accepted rows over in batches. @throws InputError */
export async function ingestFile(
  context: IngestContext,
  task: IngestTask,
  send: (batch: IncidentBatch) => Promise<void>,
): Promise<IngestResult> {
  const feed = context.profile.feeds[task.feedIndex] as Feed;
  const wanted = wantedColumns(feed);
  const reader = await openReader(task.path, feed, wanted);
  const mapping = context.mapping[feed.categories] as Record<string, string>;
  const normalise = normaliser({ ...context, feed, feedIndex: task.feedIndex, mapping }, reader.columns, task.path);
  const tally = newTally();
  const rejections: Rejection[] = [];
  let out = newColumns();
  let length = 0;
  for await (const batch of reader.batches) {
    for (let i = 0; i < batch.rows.length; i++) {
      const row = batch.rows[i];
      if (!row) continue; // a blank line is no record
      tally.read++;
      const rejection = normalise(row, batch.firstRow + i, task.fileIndex, out, length, tally);
      if (rejection) rejections.push(rejection);
      else if (++length === BATCH_CAPACITY) {
        await send({ length, columns: out });
        out = newColumns();
        length = 0;
      }
    }
  }
  if (length > 0) await send({ length, columns: out });
  const expected = new Set([...wanted, ...Object.keys(feed.notRead)]);
  const others = [...reader.columns, ...reader.otherColumns()];
  return {
    read: tally.read,
    rejections,
    unlocated: tally.unlocated,
    warnings: tally.warnings,
    unmapped: [...tally.unmapped.keys()],
    personLike: tally.personLike,
    columns: others,
    unknownColumns: others.filter((name) => !expected.has(name)),
  };
}

function openReader(path: string, feed: Feed, wanted: readonly string[]): Promise<RowReader> {
  switch (feed.format.type) {
    case 'csv':
      return readCsv(path, feed.format);
    case 'ndjson':
      return readNdjson(path, feed.format, wanted);
    case 'json':
      return readJson(path, feed.format, wanted);
    case 'xlsx':
      return readXlsx(path, feed.format);
    case 'geojson':
    case 'parquet':
      throw new InputError(path, [`format ${feed.format.type} has no reader yet`]);
    default:
      return feed.format satisfies never;
  }
}
