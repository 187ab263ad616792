import type { Feed } from '../../../core/contract/profile.ts';
import { InputError } from '../../errors.ts';
import { readCsv } from './csv.ts';
import { readJson, readNdjson } from './json.ts';
import { blocksOfText, type RecordReader } from './records.ts';
import type { RowReader } from './rows.ts';
import { readXlsx } from './xlsx.ts';

/** The reader of a feed's declared format. @throws InputError */
export async function openReader(path: string, feed: Feed, wanted: readonly string[]): Promise<RecordReader> {
  const asRecords = (reader: RowReader): RecordReader => ({
    columns: reader.columns,
    encoding: 'utf-8',
    blocks: blocksOfText(reader.batches, reader.columns.length),
    otherColumns: reader.otherColumns,
  });
  switch (feed.format.type) {
    case 'csv':
      return asRecords(await readCsv(path, feed.format));
    case 'ndjson':
      return asRecords(await readNdjson(path, feed.format, wanted));
    case 'json':
      return asRecords(await readJson(path, feed.format, wanted));
    case 'xlsx':
      return asRecords(await readXlsx(path, feed.format));
    case 'geojson':
    case 'parquet':
      throw new InputError(path, [`format ${feed.format.type} has no reader yet`]);
    default:
      return feed.format satisfies never;
  }
}
