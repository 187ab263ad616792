import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomic } from '../io/atomic.ts';
import { historyPath, type KeptManifest } from './snapshot-folder.ts';

/** `publish.keep` of the profile. */
const Keep = z.strictObject({ snapshots: z.number(), days: z.number(), graceMinutes: z.number() });
export type KeepPolicy = z.infer<typeof Keep>;

const Event = z.strictObject({
  /** Epoch milliseconds of the publisher's clock. */
  atMs: z.number(),
  action: z.enum(['publish', 'rollback']),
  /** Current from then on. */
  snapshot: z.string(),
  /** Current until then; null = nothing, or nothing readable. */
  from: z.string().nullable(),
});
export type PublishEvent = z.infer<typeof Event>;

const History = z.strictObject({ keep: Keep.nullable(), events: z.array(Event) });
export type History = z.infer<typeof History>;

/** Events beyond this many, about snapshots that are gone, are forgotten. */
const EVENTS_KEPT = 1000;

/**
 * When each snapshot became current, oldest first. Says nothing about which one is: that is the manifest alone. A history that is not
 * there (a folder published before there was one) or damaged is made up from the times of the manifests.
 */
export function readHistory(out: string, kept: readonly KeptManifest[]): History {
  const path = historyPath(out);
  if (existsSync(path)) {
    try {
      const parsed = History.safeParse(JSON.parse(readFileSync(path, 'utf8')));
      if (parsed.success) return parsed.data;
    } catch {
      // Not JSON: made up below, and replaced by the next publish.
    }
  }
  const events = [...kept]
    .sort((a, b) => a.mtimeMs - b.mtimeMs)
    .map(({ snapshot, mtimeMs }): PublishEvent => ({ atMs: mtimeMs, action: 'publish', snapshot, from: null }));
  return { keep: null, events };
}

export function writeHistory(out: string, history: History): void {
  writeAtomic(historyPath(out), JSON.stringify({ ...history, events: history.events.slice(-EVENTS_KEPT) }));
}

export interface SnapshotTimes {
  readonly publishedMs: number;
  /** When another one became current instead; null = it is current. */
  readonly supersededMs: number | null;
}

/**
 * Times of one snapshot. One without an event (its publisher was killed between the manifest and the history, or before the manifest)
 * was published when its manifest was written, and superseded by the next event, if it is not current.
 */
export function timesOf(kept: KeptManifest, current: string | null, { events }: History): SnapshotTimes {
  const published = events.findLast(({ action, snapshot }) => action === 'publish' && snapshot === kept.snapshot);
  const publishedMs = published?.atMs ?? kept.mtimeMs; // see above
  if (kept.snapshot === current) return { publishedMs, supersededMs: null };
  const last = events.findLastIndex(({ snapshot }) => snapshot === kept.snapshot);
  const next = last < 0 ? events.find(({ atMs }) => atMs >= kept.mtimeMs) : events[last + 1];
  return { publishedMs, supersededMs: next?.atMs ?? kept.mtimeMs }; // no later event: it never became current
}
