import { describe, expect, it } from 'vitest';
import { REJECT_KEYS } from '../../core/incident/reasons.ts';
import {
  NONE_U16,
  NONE_U32,
  newColumns,
  PART_COLUMNS,
  type PartColumns,
} from '../../pipelines/steps/incident-columns.ts';
import type { PartRows } from '../../pipelines/steps/part.ts';
import { settle } from '../../pipelines/steps/settle.ts';
import { settleAgain } from '../../pipelines/steps/settle-again.ts';
import { generator } from '../support/three-feeds.ts';

const DELETED = REJECT_KEYS.indexOf('deleted') + 1;

/** A part of some rows with ids below `ids`, in segments of at most 7 rows; `scanned` counts the columns that were read. */
function madePart(rows: number, ids: number, random: () => number): PartRows & { scanned: () => number } {
  const any = (n: number): number => Math.floor(random() * n);
  const columns = newColumns(rows);
  for (let i = 0; i < rows; i++) {
    const id = any(ids);
    columns.id_high[i] = BigInt(id % 3);
    // Ids that share words: only all four words together tell them apart.
    columns.id_low[i] = (BigInt(id % 5) << 32n) | BigInt(id);
    columns.revision[i] = any(2);
    columns.status[i] = any(5) === 0 ? DELETED : 0;
    columns.stage[i] = any(2);
    columns.close_hours[i] = NONE_U16;
    columns.unmapped_code[i] = NONE_U32;
    columns.row[i] = i + 2;
  }
  const segments: number[] = [];
  for (let left = rows; left > 0; left -= 7) segments.push(Math.min(left, 7));
  let scanned = 0;
  const column = <N extends keyof PartColumns>(segment: number, name: N): PartColumns[N] => {
    if (!PART_COLUMNS.some(([known]) => known === name)) throw new Error(`no column ${name}`);
    scanned++;
    return columns[name].slice(segment * 7, segment * 7 + (segments[segment] as number)) as PartColumns[N];
  };
  return { segments, unmapped: [], column, scanned: () => scanned } as unknown as PartRows & { scanned: () => number };
}

describe('settling again', () => {
  it('gives what settling everything gives, over 25 histories of files that come, change and go', () => {
    const random = generator(31);
    const any = (n: number): number => Math.floor(random() * n);
    let contested = 0;
    for (let history = 0; history < 25; history++) {
      const store = new Map<string, PartRows>();
      let named = 0;
      const add = (rows: number): string => {
        const key = `part-${named++}`;
        store.set(key, madePart(rows, 150, random));
        return key;
      };
      let keys = Array.from({ length: 6 }, () => add(40));
      const partsOf = (list: readonly string[]): PartRows[] => list.map((key) => store.get(key) as PartRows);
      let lost = settle(partsOf(keys), DELETED);
      for (let day = 0; day < 5; day++) {
        const before = { keys, lost };
        keys = keys.slice();
        for (let change = any(3); change >= 0; change--) {
          const at = any(keys.length + 1);
          const kind = any(5);
          if (kind <= 1) keys.splice(at, 0, add(1 + any(8)));
          else if (kind === 2) keys.splice(at, 1, add(1 + any(8)));
          else if (kind === 3 && keys.length > 1) keys.splice(at, 1);
          else if (any(4) === 0) keys.reverse();
        }
        // Now and then a part that is gone cannot be read any more.
        const isGone = any(5) === 0;
        const read = (key: string): PartRows | null => (isGone ? null : (store.get(key) as PartRows));
        lost = settleAgain(before, { keys, parts: partsOf(keys) }, read, DELETED);
        expect(lost).toEqual(settle(partsOf(keys), DELETED));
        contested += lost.reduce((sum, { position }) => sum + position.length, 0);
      }
    }
    expect(contested).toBeGreaterThan(4000);
  });

  it('takes a file that stands twice in a feed', () => {
    const random = generator(5);
    const [a, b] = [madePart(50, 40, random), madePart(3, 40, random)];
    const before = { keys: ['a', 'a'], lost: settle([a, a], DELETED) };
    const now = { keys: ['a', 'a', 'b'], parts: [a, a, b] };
    expect(settleAgain(before, now, () => null, DELETED)).toEqual(settle(now.parts, DELETED));
  });

  it('looks at the contents of few rows when one small part is new', () => {
    const random = generator(6);
    const old = Array.from({ length: 20 }, () => madePart(350, 1_000_000, random));
    const fresh = madePart(5, 1_000_000, random);
    const before = { keys: old.map((_, i) => `${i}`), lost: settle(old, DELETED) };
    const read = (): number => old.reduce((sum, part) => sum + part.scanned(), 0);
    const start = read();
    settleAgain(before, { keys: [...before.keys, 'new'], parts: [...old, fresh] }, () => null, DELETED);
    // The lower half of the id, once a segment of 50 in 20 parts; a few of the other half where the filter was wrong.
    expect(read() - start).toBeLessThan(20 * 50 * 1.2);
  });
});
