import type { ALERT_KINDS, QUALITY_FLAGS } from '../contract/sense.ts';

/** What a detector proposes for one day, before anything is merged, levelled or kept within a budget. Counts are incidents. */
export type AlertKind = (typeof ALERT_KINDS)[number];
export type QualityFlag = (typeof QUALITY_FLAGS)[number];

/** Where: cells of one resolution (rows of its grid table), one division (row of the division table), or the whole city. */
export type AlertPlace =
  | { readonly kind: 'cells'; readonly resolution: number; readonly cells: readonly number[] }
  | { readonly kind: 'division'; readonly division: number }
  | { readonly kind: 'city' };

export interface DivisionShare {
  readonly division: number;
  readonly level: number;
  readonly observed: number;
  /** Of the candidate's observed count, 0..1. */
  readonly share: number;
}

export interface Candidate {
  readonly kind: AlertKind;
  /** Id of the rule that proposes it. */
  readonly rule: string;
  /** Category id; 65535 = all. */
  readonly category: number;
  /** 0..4, of the category. */
  readonly severity: number;
  readonly place: AlertPlace;
  /** Every division that shares it, largest share first; empty for the city. */
  readonly divisions: readonly DivisionShare[];
  /** Half-open days since 1970-01-01. */
  readonly period: { readonly firstDay: number; readonly endDay: number };
  readonly observed: number;
  /** Reports behind `observed` where that counts distinct problems; left out: it counts reports. */
  readonly reports?: number | undefined;
  readonly expected: number;
  /** 95 % of the place's own normal. */
  readonly interval: readonly [number, number];
  /** P(Y >= observed); null where the method gives none. */
  readonly p: number | null;
  /** Days between chance findings of this strength: of the stream for a cluster, of all series or places tested together otherwise; null = not defined. */
  readonly recurrenceDays: number | null;
  readonly quality: readonly QualityFlag[];
  /** The `followDays` after the day it was raised, for the rule's track record; null = not over yet. */
  readonly follow: { readonly observed: number; readonly expected: number } | null;
}

/** Days after it by which an alert of a kind is judged: what builds up over months is not seen in one week. */
export const followDays = (kind: AlertKind): number => (kind === 'recurrence' || kind === 'slow-growth' ? 28 : 7);

/** Candidates of one evening. */
export interface CandidateDay {
  readonly day: number;
  readonly candidates: readonly Candidate[];
}

/** A tree in pre-order: the subtree of a node is the id range `[id, end)`. */
export interface TreeRanges {
  readonly end: (id: number) => number;
}

/** Is one the other, or above it? 65535 (all categories) is above everything. */
export function isLineage(tree: TreeRanges, a: number, b: number, root?: number): boolean {
  if (a === b || a === root || b === root) return true;
  return (a < b && b < tree.end(a)) || (b < a && a < tree.end(b));
}
