import type { Manifest } from '../../../core/contract/manifest.ts';

/**
 * Incidents the page holds at most: at 11 bytes each, with what lies beside them, about 250 MB. With more of them the desk answers from
 * the cubes, and says so.
 */
export const ROW_BUDGET = 20_000_000;

/** Incidents beyond the budget; 0 = the facts are loaded. */
export function beyondBudget({ files }: Pick<Manifest, 'files'>, budget: number = ROW_BUDGET): number {
  const rows = files.reduce((sum, { kind, rows: own }) => sum + (kind === 'facts' ? (own ?? 0) : 0), 0);
  return Math.max(0, rows - budget);
}
