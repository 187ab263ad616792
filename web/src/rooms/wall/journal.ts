import { z } from 'zod';
import type { Alerts } from '../../../../core/contract/sense.ts';

/** Which alerts stood when, as this machine saw it: what a shift hands over to the next. Kept in the browser's storage. */
const Entry = z.strictObject({
  atMs: z.number(),
  snapshot: z.string(),
  /** id → level. */
  alerts: z.record(z.string(), z.number().int()),
});
export type JournalEntry = z.infer<typeof Entry>;
const Journal = z.array(Entry);

const KEPT_MS = 7 * 86_400_000;
const MOST = 200;

/** Damaged text is an empty journal. */
export function parseJournal(text: string | null): readonly JournalEntry[] {
  try {
    const parsed = Journal.safeParse(JSON.parse(text ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

export function withEntry(journal: readonly JournalEntry[], entry: JournalEntry): readonly JournalEntry[] {
  // Read again, the same snapshot says nothing new.
  if (journal.at(-1)?.snapshot === entry.snapshot) return journal;
  return [...journal, entry].filter(({ atMs }) => entry.atMs - atMs <= KEPT_MS).slice(-MOST);
}

export const entryOf = (alerts: Alerts, snapshot: string, atMs: number): JournalEntry => ({
  atMs,
  snapshot,
  alerts: Object.fromEntries(alerts.alerts.map(({ id, level }) => [id, level])),
});

export interface Handover {
  /** When what it is compared with was seen; null = nothing is known of then, and nothing is compared. */
  readonly baseMs: number | null;
  readonly added: readonly string[];
  readonly escalated: readonly string[];
  readonly closed: readonly string[];
  /** Standing before and now. */
  readonly waiting: readonly string[];
}

/** Changes since a moment: against the last entry before it, else the first after it. */
export function handoverSince(journal: readonly JournalEntry[], sinceMs: number): Handover {
  const now = journal.at(-1);
  const base = journal.findLast(({ atMs }) => atMs <= sinceMs) ?? journal[0];
  if (!now || !base || base === now)
    return {
      baseMs: base?.atMs ?? null,
      added: [],
      escalated: [],
      closed: [],
      waiting: Object.keys(now?.alerts ?? {}),
    };
  const ids = Object.keys(now.alerts);
  const before = (id: string) => base.alerts[id];
  const escalated = ids.filter((id) => (before(id) ?? 0) > now.alerts[id]!);
  return {
    baseMs: base.atMs,
    added: ids.filter((id) => before(id) === undefined),
    escalated,
    closed: Object.keys(base.alerts).filter((id) => now.alerts[id] === undefined),
    waiting: ids.filter((id) => before(id) !== undefined && !escalated.includes(id)),
  };
}
