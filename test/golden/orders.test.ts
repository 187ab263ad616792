import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifySnapshot } from '../../pipelines/verify.ts';
import {
  countedFiles,
  csvOf,
  generator,
  ndjsonOf,
  type Row,
  randomRow,
  runCity,
  setInputs,
  shuffled,
  threeFeeds,
} from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';

/** R8, whole runs: the published counts depend on the set of records alone. `test/property/settle.test.ts` has the thousand orders. */
let city: SmallCity;
beforeEach(() => {
  city = threeFeeds();
});
afterEach(() => city.remove());

/** Records of one feed with every kind of trouble an id can have. */
function troubled(random: () => number, withRevisions: boolean): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < 160; i++) {
    const first = randomRow(`R${i}`, random);
    rows.push(first);
    const later = { ...randomRow(first.id, random), rev: withRevisions ? 2 + Math.floor(random() * 2) : 1 };
    switch (i % 12) {
      case 0:
        rows.push(first); // the same report again
        break;
      case 1:
        rows.push(later); // corrected, perhaps into another month
        break;
      case 2:
        rows.push({ ...later, state: 'deleted' });
        break;
      case 3:
        rows.push({ ...later, mark: 'dup' });
        break;
      case 4:
        rows.push({ ...later, area: 'out' });
        break;
      case 5:
        rows.push({ ...later, time: '2023-05-05 10:00:00' });
        break;
      case 6: // one revision, different content: only coordinates, only the unmapped word, only the district
        rows.push({ ...first, lng: '120.0100', lat: '31.0100' });
        break;
      case 7:
        rows.push({ ...first, kind: 'odd-1' }, { ...first, kind: 'odd-2' });
        break;
      case 8:
        rows.push({ ...first, own: '01' }, { ...first, own: '02' }, { ...first, own: '' });
        break;
      case 9:
        rows.push({ ...later, state: 'deleted' }, { ...later, state: 'open' }, { ...later, mark: 'dup' });
        break;
      default:
    }
  }
  return rows;
}

/** Random rows cut into 1..6 files under random names. */
function split(feed: string, rows: readonly Row[], random: () => number): Record<string, string> {
  const files = 1 + Math.floor(random() * 6);
  const parts: Row[][] = Array.from({ length: files }, () => []);
  for (const row of shuffled(rows, random)) parts[Math.floor(random() * files)]?.push(row);
  // The delivery day belongs to a file's content, not to its order.
  const day = feed === 'disputes' ? '-20240801' : '';
  const names = shuffled(
    parts.map((_, i) => `${feed}-${i}${day}.csv`),
    random,
  );
  return Object.fromEntries(parts.map((part, i) => [names[i] as string, csvOf(part)]));
}

describe('one set of records', () => {
  it('gives one set of published counts in any order and any split over files', async () => {
    const random = generator(11);
    const feeds = {
      orders: troubled(random, true),
      police: troubled(random, false),
      disputes: troubled(random, false),
    };
    let expected: string[] | null = null;
    let read = new Set<number>();
    for (let i = 0; i < 12; i++) {
      setInputs(
        city,
        Object.assign({}, ...Object.entries(feeds).map(([feed, rows]) => split(feed, rows, random))) as Record<
          string,
          string
        >,
      );
      const summary = await runCity(city);
      expect(summary.read).toBe(summary.accepted + summary.rejected);
      read = read.add(summary.accepted);
      expected ??= countedFiles(city.out);
      expect(expected.length).toBeGreaterThan(10);
      expect(countedFiles(city.out)).toEqual(expected);
    }
    expect([...read]).toHaveLength(1);
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
  });

  it('counts the same bytes under two names once', async () => {
    const random = generator(12);
    const [orders, police, disputes] = [0, 1, 2].map(() =>
      csvOf(Array.from({ length: 40 }, (_, i) => randomRow(`P${i}`, random))),
    ) as [string, string, string];
    const once = { 'orders.csv': orders, 'police.csv': police, 'disputes-20240801.csv': disputes };
    setInputs(city, once);
    await runCity(city);
    const expected = countedFiles(city.out);
    setInputs(city, { ...once, 'orders-again.csv': orders, 'police-0.csv': police });
    const summary = await runCity(city);
    expect(countedFiles(city.out)).toEqual(expected);
    expect(summary.rejectedByReason).toMatchObject({ 'duplicate-id': 80 });
    expect(summary.accepted).toBe(120);
  });

  it('gives the same counts as CSV and as NDJSON', async () => {
    const random = generator(13);
    const rows = troubled(random, true);
    const inputs = (format: 'csv' | 'ndjson'): Record<string, string> => {
      const write = format === 'csv' ? csvOf : ndjsonOf;
      return {
        [`orders.${format}`]: write(rows),
        [`police.${format}`]: write(rows.slice(0, 50)),
        [`disputes-20240801.${format}`]: write(rows.slice(50)),
      };
    };
    setInputs(city, inputs('csv'));
    const asCsv = await runCity(city);
    const expected = countedFiles(city.out);
    const other = threeFeeds({ format: 'ndjson' });
    try {
      setInputs(other, inputs('ndjson'));
      const asJson = await runCity(other);
      expect(countedFiles(other.out)).toEqual(expected);
      expect(asJson.rejectedByReason).toEqual(asCsv.rejectedByReason);
    } finally {
      other.remove();
    }
  });
});
