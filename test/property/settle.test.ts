import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { REJECT_KEYS } from '../../core/incident/reasons.ts';
import {
  NONE_U16,
  NONE_U32,
  newColumns,
  PART_COLUMNS,
  type PartColumn,
} from '../../pipelines/steps/incident-columns.ts';
import type { PartRows } from '../../pipelines/steps/part.ts';
import { settle } from '../../pipelines/steps/settle.ts';
import { generator, shuffled } from '../support/three-feeds.ts';

/** R8: what counts of each id, in 1,000 orders of the records and splits over 1..6 files. */
type Record1 = Partial<{ readonly [N in PartColumn]: number | bigint }> & { readonly code?: string };
const status = (reason: (typeof REJECT_KEYS)[number]): number => REJECT_KEYS.indexOf(reason) + 1;
const DELETED = status('deleted');

/** A part in memory, in segments of at most `most` rows; unmapped codes are numbered in the order they are met, as in a file. */
function part(records: readonly Record1[], most: number): PartRows {
  const segments: number[] = [];
  for (let left = records.length; left > 0; left -= most) segments.push(Math.min(left, most));
  const unmapped: string[] = [];
  const columns = newColumns(records.length);
  records.forEach((record, i) => {
    columns.close_hours[i] = NONE_U16;
    for (const [name] of PART_COLUMNS) {
      const value = record[name];
      if (value !== undefined) (columns[name] as unknown as (number | bigint)[])[i] = value;
    }
    columns.unmapped_code[i] = NONE_U32;
    if (record.code !== undefined) {
      if (!unmapped.includes(record.code)) unmapped.push(record.code);
      columns.unmapped_code[i] = unmapped.indexOf(record.code);
    }
    columns.row[i] = i + 2;
  });
  const column = (segment: number, name: PartColumn) => {
    const from = segments.slice(0, segment).reduce((sum, rows) => sum + rows, 0);
    return columns[name].slice(from, from + (segments[segment] as number));
  };
  return { segments, unmapped, column } as unknown as PartRows;
}

/** Records that stand, by content, and how many are set aside as copies and as earlier states. */
function outcome(files: readonly (readonly Record1[])[], most: number) {
  const lost = settle(
    files.map((records) => part(records, most)),
    DELETED,
  );
  const stands: string[] = [];
  let [copies, earlier] = [0, 0];
  files.forEach((records, f) => {
    const { position, isCopy, byPart, byRow } = lost[f] as (typeof lost)[number];
    const gone = new Set(position);
    expect(gone.size).toBe(position.length);
    expect([...position]).toEqual([...position].sort((a, b) => a - b));
    position.forEach((at, i) => {
      const by = (files[byPart[i] as number] as readonly Record1[])[(byRow[i] as number) - 2] as Record1;
      expect(by.id_low).toBe((records[at] as Record1).id_low);
      if (isCopy[i] === 1) {
        copies++;
        expect(text(by)).toBe(text(records[at] as Record1));
      } else earlier++;
    });
    records.forEach((record, i) => {
      if (!gone.has(i)) stands.push(text(record));
    });
  });
  return { stands: stands.sort(), copies, earlier };
}
const text = (record: Record1): string =>
  JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : Object.is(value, Number.NaN) ? 'NaN' : value,
  );

function records(random: () => number): Record1[] {
  const list: Record1[] = [];
  const any = (n: number): number => Math.floor(random() * n);
  for (let id = 0; id < 60; id++) {
    const times = id % 5 === 0 ? 1 : 1 + any(5);
    for (let k = 0; k < times; k++) {
      const word = any(4) === 0 ? { code: `odd-${any(2)}` } : {};
      const record: Record1 = {
        id_high: 7n,
        id_low: BigInt(id),
        revision: any(3),
        status:
          any(3) === 0 ? (any(2) === 0 ? DELETED : status(REJECT_KEYS[any(4)] as (typeof REJECT_KEYS)[number])) : 0,
        stage: any(2),
        day: 19_000 + any(2),
        x: any(2) === 0 ? Number.NaN : any(2),
        y: any(2),
        own: any(2),
        place_hash: any(2),
        reported_minute: any(2),
        close_hours: any(2) === 0 ? NONE_U16 : any(3),
        ...word,
      };
      list.push(record);
      if (any(4) === 0) list.push(record);
    }
  }
  return list;
}

describe('settling', () => {
  it('lets the same records stand in 1,000 orders and splits', () => {
    const random = generator(8);
    const all = records(random);
    const hashes = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const files: Record1[][] = Array.from({ length: 1 + Math.floor(random() * 6) }, () => []);
      for (const record of shuffled(all, random)) files[Math.floor(random() * files.length)]?.push(record);
      const result = outcome(files, 1 + Math.floor(random() * 40));
      expect(result.stands.length + result.copies + result.earlier).toBe(all.length);
      hashes.add(createHash('sha256').update(JSON.stringify(result)).digest('hex'));
    }
    expect(hashes.size).toBe(1);
  });

  const winner = (...list: Record1[]): Record1 => {
    const rows = list.map((record) => ({ id_high: 1n, id_low: 1n, ...record }));
    const [lost] = settle([part(rows, 10)], DELETED);
    const gone = new Set(lost?.position);
    const left = list.filter((_, i) => !gone.has(i));
    expect(left).toHaveLength(1);
    return left[0] as Record1;
  };

  it.each<[string, Record1, Record1]>([
    ['the higher revision', { revision: 2 }, { revision: 1, status: DELETED }],
    ['a deletion, of one revision', { revision: 1, status: DELETED }, { revision: 1 }],
    ['an incident before a mark', { revision: 1 }, { revision: 1, status: status('duplicate-marked') }],
    ['a withdrawal of a later revision', { revision: 3, status: status('not-in-scope') }, { revision: 2 }],
    ['closed before open', { close_hours: 3 }, { close_hours: NONE_U16, stage: 4 }],
    ['the later stage', { stage: 4 }, { stage: 3, reported_minute: 99 }],
    ['the later first seen', { reported_minute: 5 }, { reported_minute: 4, day: 9 }],
    ['a point before none', { x: 120, y: 31 }, { x: Number.NaN, y: Number.NaN }],
    ['the later code, where neither has a mapping', { code: 'b' }, { code: 'a' }],
  ])('%s counts', (_, counts, other) => {
    expect(winner(counts, other)).toBe(counts);
    expect(winner(other, counts)).toBe(counts);
  });

  it('takes ids apart that share their low word, and loses nothing of unique ones', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ id_high: BigInt(i >> 1), id_low: BigInt(i & 1) }));
    expect(settle([part(rows, 300), part([], 1)], DELETED).map((lost) => lost.position.length)).toEqual([0, 0]);
  });
});
