import { join } from 'node:path';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';
import type { ArtifactWriter } from './artifact-writer.ts';

/** Artifacts that an earlier run made from the same things are used again, after their bytes were checked. */
export interface Built {
  /** Remembered when it is made, so that a run which is killed later costs none of it. */
  readonly get: (key: string, make: () => Promise<FileEntry[]>) => Promise<FileEntry[]>;
  /** How many were made anew. */
  readonly made: () => number;
  /** Forgets what this run did not use; called when the manifest is published. */
  readonly keep: () => void;
}

export function openBuilt(store: string, writer: ArtifactWriter): Built {
  const path = join(store, 'built.json');
  const known = (readCheckedJson(path) ?? {}) as Record<string, FileEntry[]>; // nothing remembered
  const used: Record<string, FileEntry[]> = {};
  let made = 0;
  return {
    get: async (key, make) => {
      const before = known[key];
      const holds = before ? (await Promise.all(before.map((entry) => writer.holds(entry)))).every(Boolean) : false;
      const entries = before && holds ? before : await make();
      used[key] = entries;
      if (entries !== before) {
        made++;
        writeCheckedJson(path, { ...known, ...used });
      }
      return entries;
    },
    made: () => made,
    keep: () => writeCheckedJson(path, used),
  };
}
