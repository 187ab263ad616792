import type { Feed, Profile } from '../../core/contract/profile.ts';
import { dateScanner, hasTimeOf, minuteOf, type TextEncoding } from '../../core/time/date-scan.ts';
import { betweenZones, zoneOffset } from '../../core/time/zone.ts';
import type { RecordBlock } from '../io/readers/records.ts';
import { trimEnd, trimStart } from './cell-text.ts';
import { type ColumnFinder, nameOf } from './record-columns.ts';

export interface DateColumn {
  readonly column: string;
  readonly cells: readonly number[];
  readonly isBlank: (block: RecordBlock, base: number) => boolean;
  /** As a `DateScanner`, on the city's clock. */
  readonly read: (block: RecordBlock, base: number) => number;
}

/** How the dates of a feed are read, on the clock of the city. */
export function dateColumns(
  { profile, feed }: { readonly profile: Profile; readonly feed: Feed },
  at: ColumnFinder,
  encoding: TextEncoding,
) {
  const cityOffset = zoneOffset(profile.zone);
  const shift = feed.zone && feed.zone !== profile.zone ? betweenZones(zoneOffset(feed.zone), cityOffset) : null;
  const column = (field: NonNullable<Feed['fields']['reported']>, name: string): DateColumn => {
    const cells = at.all(field.column, name);
    const scan = dateScanner(field.formats, cityOffset, encoding);
    // Instants come out on the city's clock already; clock times of another zone are shifted.
    const instants = field.formats.every((format) => format === 'iso' || format === 'epoch-ms');
    const convert = shift && !instants ? shift : null;
    const joined = new Uint8Array(256);
    const only = cells.length === 1 ? (cells[0] as number) : -1;
    const scanCells: (block: RecordBlock, base: number) => number =
      only >= 0
        ? ({ bytes, start, end }, base) => {
            const from = trimStart(bytes, start[base + only] as number, end[base + only] as number);
            return scan(bytes, from, trimEnd(bytes, from, end[base + only] as number));
          }
        : (block, base) => {
            const length = joinCells(block, base, cells, joined);
            return length < 0 ? Number.NaN : scan(joined, 0, length);
          };
    return {
      column: nameOf(field.column),
      cells,
      isBlank: ({ bytes, start, end }, base) => {
        for (const cell of cells) {
          const last = end[base + cell] as number;
          if (trimStart(bytes, start[base + cell] as number, last) < last) return false;
        }
        return true;
      },
      read: convert
        ? (block, base) => {
            const time = scanCells(block, base);
            return !Number.isNaN(time) ? convert(minuteOf(time)) * 2 + (hasTimeOf(time) ? 1 : 0) : time;
          }
        : scanCells,
    };
  };
  return {
    occurred: column(feed.fields.occurred, 'fields.occurred'),
    reported: feed.fields.reported ? column(feed.fields.reported, 'fields.reported') : null,
    closed: feed.fields.closed ? column(feed.fields.closed, 'fields.closed') : null,
  };
}

/** Trimmed cells joined with `/`; -1 when they do not fit. */
function joinCells(block: RecordBlock, base: number, cells: readonly number[], into: Uint8Array): number {
  let length = 0;
  for (let c = 0; c < cells.length; c++) {
    const cell = cells[c] as number;
    const from = trimStart(block.bytes, block.start[base + cell] as number, block.end[base + cell] as number);
    const to = trimEnd(block.bytes, from, block.end[base + cell] as number);
    if (length + to - from + 1 > into.length) return -1;
    if (c > 0) into[length++] = 47;
    for (let i = from; i < to; i++) into[length++] = block.bytes[i] as number;
  }
  return length;
}
