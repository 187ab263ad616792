import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REJECT_KEYS } from '../../core/incident/reasons.ts';
import { openSections, type SectionArray, writeSections } from '../io/sections.ts';
import { partFolder } from './ingest.ts';
import { PartRows, readSummary } from './part.ts';
import { type Lost, settle } from './settle.ts';
import { type SettledBefore, settleAgain } from './settle-again.ts';

const COLUMNS = ['position', 'isCopy', 'byPart', 'byRow'] as const satisfies readonly (keyof Lost)[];
const DELETED = REJECT_KEYS.indexOf('deleted') + 1;

/**
 * What loses in each part of a feed. Remembered in the store under the keys of the parts, which say all that decides it: the next run
 * settles only what the parts that changed can change.
 */
export function settledFeed(
  store: string,
  feed: string,
  now: { readonly keys: readonly string[]; readonly parts: readonly PartRows[] },
): Lost[] {
  const path = join(store, 'settled', `${feed}.lost`);
  const before = settledBefore(path);
  const partOfKey = (key: string): PartRows | null => {
    const summary = readSummary(partFolder(store), key);
    return summary ? new PartRows(partFolder(store), key, summary) : null;
  };
  const lost = before ? settleAgain(before, now, partOfKey, DELETED) : settle(now.parts, DELETED);
  if (before && before.keys.join() === now.keys.join()) return lost;
  mkdirSync(join(store, 'settled'), { recursive: true });
  const arrays: Record<string, SectionArray> = {};
  lost.forEach((rows, part) => {
    for (const name of COLUMNS) arrays[`${part}.${name}`] = rows[name] as SectionArray;
  });
  writeSections(path, { keys: now.keys }, arrays);
  return lost;
}

/** @returns null when nothing is remembered, or not as it was written */
function settledBefore(path: string): SettledBefore | null {
  const file = openSections(path);
  if (!file) return null;
  try {
    const { keys } = file.meta as { keys: string[] };
    const lost = keys.map(
      (_, part) => Object.fromEntries(COLUMNS.map((name) => [name, file.array(`${part}.${name}`)])) as unknown as Lost,
    );
    return { keys, lost };
  } catch {
    return null; // a damaged memory is none
  } finally {
    file.close();
  }
}
