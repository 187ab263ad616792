import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sha256 } from '../../pipelines/io/atomic.ts';
import { manifestPath } from '../../pipelines/publish/snapshot-folder.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import { csvOf, generator, type Row, randomRow, runCity, setInputs, threeFeeds } from '../support/three-feeds.ts';

/** What the departments have delivered so far: rows by file. */
type Delivered = Map<string, Row[]>;
const STEPS = ['day', 'replace', 'late', 'move', 'delete', 'remove', 'again'] as const;

/**
 * R9: random histories of deliveries, published step by step into one store, against one run over what is there in the end, in a fresh
 * store with a key of its own: manifest and every published file are byte-identical.
 */
export async function historyChecks(histories: number, seed: number): Promise<{ runs: number; steps: Set<string> }> {
  const random = generator(seed);
  const seen = new Set<string>();
  let runs = 0;
  for (let h = 0; h < histories; h++) {
    const city = threeFeeds({ factsPeriod: h % 2 === 0 ? 'quarter' : 'month' });
    try {
      const delivered = start(random);
      const length = 3 + Math.floor(random() * 3);
      for (let step = 0; step <= length; step++) {
        if (step > 0) seen.add(change(delivered, random, step));
        setInputs(city, Object.fromEntries([...delivered].map(([name, rows]) => [name, csvOf(rows)])));
        await runCity(city);
        runs++;
      }
      const fresh = `${city.out}-fresh`;
      await runCity(city, fresh);
      runs++;
      expect(published(fresh), `history ${h} of seed ${seed}`).toEqual(published(city.out));
      expect(readFileSync(manifestPath(fresh)).equals(readFileSync(manifestPath(city.out)))).toBe(true);
      rmSync(fresh, { recursive: true });
      expect(readFileSync(join(`${city.out}.store`, 'id.key'))).not.toEqual(
        readFileSync(join(`${fresh}.store`, 'id.key')),
      );
    } finally {
      city.remove();
    }
  }
  return { runs, steps: seen };
}

/** Logical path, and the bytes on disk by hash, of the published snapshot. */
export function published(out: string): string[] {
  const manifest = publishedManifest(out);
  expect(manifest).not.toBeNull();
  return (manifest?.files ?? []).map(({ path, file }) => {
    const bytes = readFileSync(join(out, file));
    return `${path} ${file} ${sha256(bytes)}`;
  });
}

/** When each file below `files/` was written, ns since 1970; to see which were left alone. */
export const writtenAt = (out: string): Map<string, bigint> =>
  new Map(
    readdirSync(join(out, 'files')).map((name) => [name, statSync(join(out, 'files', name), { bigint: true }).mtimeNs]),
  );

function start(random: () => number): Delivered {
  const delivered: Delivered = new Map();
  for (const month of [1, 2, 3, 4, 5]) delivered.set(`orders-${month}.csv`, rowsOf(`O${month}-`, 14, random, month));
  delivered.set('police.csv', rowsOf('P', 40, random));
  delivered.set('disputes-20240601.csv', rowsOf('D', 30, random));
  return delivered;
}

const rowsOf = (prefix: string, n: number, random: () => number, month?: number): Row[] =>
  Array.from({ length: n }, (_, i) => randomRow(`${prefix}${i}`, random, month));

/** One more delivery. @returns what it was */
function change(delivered: Delivered, random: () => number, step: number): string {
  const kind = STEPS[Math.floor(random() * STEPS.length)] as (typeof STEPS)[number];
  const names = [...delivered.keys()];
  const name = names[Math.floor(random() * names.length)] as string;
  const rows = delivered.get(name) as Row[];
  const row = rows[Math.floor(random() * rows.length)] as Row;
  const feed = name.startsWith('orders') ? 'orders' : name.startsWith('police') ? 'police' : 'disputes';
  const extra = feed === 'disputes' ? `disputes-s${step}-202407${10 + step}.csv` : `${feed}-s${step}.csv`;
  switch (kind) {
    case 'day':
      delivered.set(`orders-day-${step}.csv`, rowsOf(`N${step}-`, 6, random, 6));
      break;
    case 'replace':
      delivered.set(name, rowsOf(`X${step}-`, 10, random));
      break;
    case 'late':
      delivered.set(extra, rowsOf(`L${step}-`, 4, random, 1));
      break;
    case 'move':
      delivered.set(extra, [{ ...randomRow(row.id, random), rev: row.rev + 1 }]);
      break;
    case 'delete':
      delivered.set(extra, [{ ...row, rev: row.rev + 1, state: 'deleted' }]);
      break;
    case 'remove':
      // A feed without any file stops the run.
      if (names.filter((other) => other.startsWith(feed)).length > 1) delivered.delete(name);
      break;
    case 'again':
      delivered.set(extra, rows);
      break;
    default:
      kind satisfies never;
  }
  return kind;
}
