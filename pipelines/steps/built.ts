import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { writeAtomic } from '../io/atomic.ts';
import type { ArtifactWriter } from './artifact-writer.ts';

/** Artifacts that the last run made from the same things are used again, after their bytes were checked. */
export interface Built {
  readonly get: (key: string, make: () => Promise<FileEntry[]>) => Promise<FileEntry[]>;
  /** Remembers what this run used; called when the manifest is published. */
  readonly keep: () => void;
}

export function openBuilt(store: string, writer: ArtifactWriter): Built {
  const path = join(store, 'built.json');
  const known = readBuilt(path);
  const used: Record<string, FileEntry[]> = {};
  return {
    get: async (key, make) => {
      const before = known[key];
      const holds = before ? (await Promise.all(before.map((entry) => writer.holds(entry)))).every(Boolean) : false;
      const entries = before && holds ? before : await make();
      used[key] = entries;
      return entries;
    },
    keep: () => writeAtomic(path, JSON.stringify(used)),
  };
}

function readBuilt(path: string): Record<string, FileEntry[]> {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, FileEntry[]>;
  } catch {
    return {}; // a damaged memory only costs making the files again
  }
}
