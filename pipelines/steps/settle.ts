import type { PartColumn } from './incident-columns.ts';
import { NONE_U32, PART_COLUMNS } from './incident-columns.ts';
import type { PartRows } from './part.ts';

/** Rows of one part that count for nothing because another record of the same id does. Ascending positions. */
export interface Lost {
  readonly position: Uint32Array;
  /** 1 = the same report again, 0 = an earlier state of it. */
  readonly isCopy: Uint8Array;
  /** The record that counts: position of its part in the feed, and its record number. */
  readonly byPart: Uint32Array;
  readonly byRow: Uint32Array;
}

/**
 * One record per id of a feed, whatever the order of files and however they were cut.
 *
 * The highest revision counts. Between records of one revision: a deletion before anything, then an incident before a record that
 * stands for none (marked as duplicate, out of scope or window), then the later state by its content – closed before open, the later
 * stage, later first seen, and so on through the columns – so that the choice never depends on which file came first. What counts may
 * itself stand for no incident: then the id has none.
 *
 * Cost: about 0.2 µs and 28 bytes a row; only ids that occur twice are looked at closely.
 */
export function settle(parts: readonly PartRows[], deletedStatus: number): Lost[] {
  let total = 0;
  for (const part of parts) total += rowsOf(part);
  const ids = new Uint32Array(total * 4);
  let at = 0;
  for (const part of parts) {
    part.segments.forEach((rows, segment) => {
      writeIds(part, segment, rows, ids, at);
      at += rows;
    });
  }
  return decide(parts, sameIds(ids, total), null, deletedStatus);
}

export const rowsOf = (part: PartRows): number => part.segments.reduce((sum, rows) => sum + rows, 0);

/** Four words an id, least significant first. */
export function writeIds(part: PartRows, segment: number, rows: number, into: Uint32Array, row: number): void {
  const high = words(part.column(segment, 'id_high'));
  const low = words(part.column(segment, 'id_low'));
  for (let i = 0, at = row * 4; i < rows; i++) {
    into[at++] = low[i * 2] as number;
    into[at++] = low[i * 2 + 1] as number;
    into[at++] = high[i * 2] as number;
    into[at++] = high[i * 2 + 1] as number;
  }
}

/**
 * What loses in every chain of rows with one id. A row's number counts through the parts of the feed; with `numbers` a chain names
 * positions in it, ascending numbers of the rows that were looked at.
 */
export function decide(
  parts: readonly PartRows[],
  chains: Chains,
  numbers: Uint32Array | null,
  deletedStatus: number,
): Lost[] {
  const offsets: number[] = [];
  let total = 0;
  for (const part of parts) {
    offsets.push(total);
    total += rowsOf(part);
  }
  const lost: { position: number; isCopy: number; byPart: number; byRow: number }[][] = parts.map(() => []);
  const partOf = (index: number): number => lastStart(offsets, index);
  const records = contestedRecords(parts, partOf);
  for (const last of chains.contested) {
    const chain: number[] = [];
    for (let i = last; i >= 0; i = chains.index[i] as number) chain.push(numbers ? (numbers[i] as number) : i);
    let winner = chain[0] as number;
    for (const candidate of chain) if (compare(records, candidate, winner, deletedStatus) > 0) winner = candidate;
    // Of equal records the first in the order of files stands; the choice shows only in what is told file by file.
    for (const candidate of chain)
      if (candidate < winner && compare(records, candidate, winner, deletedStatus) === 0) winner = candidate;
    const byPart = partOf(winner);
    const byRow = records.cell('row', winner);
    for (const loser of chain) {
      if (loser === winner) continue;
      const part = partOf(loser);
      (lost[part] as (typeof lost)[number]).push({
        position: loser - (offsets[part] as number),
        isCopy: compare(records, loser, winner, deletedStatus) === 0 ? 1 : 0,
        byPart,
        byRow,
      });
    }
  }
  return lost.map((rows) => {
    rows.sort((a, b) => a.position - b.position);
    return {
      position: Uint32Array.from(rows, (row) => row.position),
      isCopy: Uint8Array.from(rows, (row) => row.isCopy),
      byPart: Uint32Array.from(rows, (row) => row.byPart),
      byRow: Uint32Array.from(rows, (row) => row.byRow),
    };
  });
}

/** Rows with one id, chained. */
export interface Chains {
  /** The row before i with the same id, or −1. */
  readonly index: Int32Array;
  /** The last row of every chain of two or more. */
  readonly contested: Iterable<number>;
}

export function sameIds(ids: Uint32Array, total: number): Chains {
  let size = 16;
  while (size < total * 2) size *= 2;
  const table = new Int32Array(size);
  const index = new Int32Array(total).fill(-1);
  const contested = new Set<number>();
  for (let i = 0; i < total; i++) {
    const a = ids[i * 4] as number;
    const b = ids[i * 4 + 1] as number;
    let slot = a & (size - 1);
    for (;;) {
      const entry = (table[slot] as number) - 1;
      if (entry < 0) break;
      if (
        ids[entry * 4] === a &&
        ids[entry * 4 + 1] === b &&
        ids[entry * 4 + 2] === ids[i * 4 + 2] &&
        ids[entry * 4 + 3] === ids[i * 4 + 3]
      ) {
        index[i] = entry;
        contested.delete(entry);
        contested.add(i);
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
    table[slot] = i + 1;
  }
  return { index, contested };
}

export const words = (column: BigUint64Array): Uint32Array =>
  new Uint32Array(column.buffer, column.byteOffset, column.length * 2);

interface Records {
  readonly cell: (name: PartColumn, index: number) => number;
  /** The source's code where it has no mapping; its number differs from file to file. */
  readonly unmapped: (index: number) => string;
}

/** Single values of contested rows; a column of a segment is read when it is first asked for. */
function contestedRecords(parts: readonly PartRows[], partOf: (index: number) => number): Records {
  const starts: number[] = [];
  const where: { part: PartRows; segment: number; columns: Partial<Record<PartColumn, ArrayLike<number | bigint>>> }[] =
    [];
  let total = 0;
  for (const part of parts) {
    part.segments.forEach((rows, segment) => {
      starts.push(total);
      where.push({ part, segment, columns: {} });
      total += rows;
    });
  }
  let last = 0;
  const cell = (name: PartColumn, index: number): number => {
    // Chains run backwards through neighbouring files: the last segment is often the next one too.
    if (index < (starts[last] as number) || index >= (starts[last + 1] ?? total)) last = lastStart(starts, index);
    const segment = where[last] as (typeof where)[number];
    let column = segment.columns[name];
    if (!column) {
      column = segment.part.column(segment.segment, name);
      segment.columns[name] = column;
    }
    return Number(column[index - (starts[last] as number)]);
  };
  return {
    cell,
    unmapped: (index) => {
      const code = cell('unmapped_code', index);
      return code === NONE_U32 ? '' : ((parts[partOf(index)] as PartRows).unmapped[code] as string);
    },
  };
}

/** Position of the last start that is not above the index. */
function lastStart(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Later states first: these decide between records of one revision, in this order, the larger value wins. */
const STATE = ['stage', 'reported_minute'] as const;
const CONTENT = PART_COLUMNS.map(([name]) => name).filter(
  (name) => !['id_high', 'id_low', 'revision', 'row', 'status', 'unmapped_code', ...STATE].includes(name),
);

function compare(records: Records, a: number, b: number, deletedStatus: number): number {
  const { cell, unmapped } = records;
  const revision = cell('revision', a) - cell('revision', b);
  if (revision !== 0) return revision;
  const rank = statusRank(cell('status', a), deletedStatus) - statusRank(cell('status', b), deletedStatus);
  if (rank !== 0) return rank;
  const closed = isClosed(cell('close_hours', a)) - isClosed(cell('close_hours', b));
  if (closed !== 0) return closed;
  for (const name of STATE) {
    const difference = cell(name, a) - cell(name, b);
    if (difference !== 0) return difference;
  }
  // Also what only shows later: coordinates and place in a pile-up, the source's own division where a file's datum is doubted.
  for (const name of CONTENT) {
    const order = compareNumbers(cell(name, a), cell(name, b));
    if (order !== 0) return order;
  }
  return compareTexts(unmapped(a), unmapped(b));
}

/** NaN, no coordinate, comes first. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 0 : 1) - (Number.isNaN(b) ? 0 : 1);
  return a - b;
}
const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const isClosed = (closeHours: number): number => (closeHours === 65_535 ? 0 : 1);
/** A deletion counts before an incident, an incident before a record that stands for none; among those the reason decides. */
const statusRank = (status: number, deleted: number): number =>
  status === deleted ? 1000 : status === 0 ? 999 : status;
