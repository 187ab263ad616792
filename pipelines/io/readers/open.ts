import type { Feed } from '../../../core/contract/profile.ts';
import { readCsvRecords } from './csv-records.ts';
import { readGeoJsonRecords, readJsonRecords, readNdjsonRecords } from './json-records.ts';
import { readParquetRecords } from './parquet-records.ts';
import type { RecordReader } from './records.ts';
import { readXlsxRecords } from './xlsx-records.ts';

/** The reader of a feed's declared format. `listed` = size and time of the file when it was hashed. @throws InputError */
export function openReader(
  path: string,
  feed: Feed,
  wanted: readonly string[],
  listed: { readonly bytes: number; readonly mtimeNs: string },
): Promise<RecordReader> {
  const options = { listed };
  switch (feed.format.type) {
    case 'csv':
      return readCsvRecords(path, feed.format, options);
    case 'ndjson':
      return readNdjsonRecords(path, feed.format, wanted, options);
    case 'json':
      return readJsonRecords(path, feed.format, wanted, options);
    case 'geojson':
      return readGeoJsonRecords(path, wanted, options);
    case 'parquet':
      return readParquetRecords(path, wanted);
    case 'xlsx': {
      const { id } = feed.fields;
      return readXlsxRecords(path, feed.format, { idColumns: id === '@row' ? [] : typeof id === 'string' ? [id] : id });
    }
    default:
      return feed.format satisfies never;
  }
}
