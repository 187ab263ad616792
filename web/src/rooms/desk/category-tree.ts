import type { CategoryEntry } from '../../../../core/contract/manifest.ts';

export interface TreeRow {
  readonly entry: CategoryEntry;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

/** Groups, and below the opened ones their classes and items. A search opens the way to every match and hides the rest. */
export function visibleRows(
  entries: readonly CategoryEntry[],
  opened: ReadonlySet<string>,
  search: string,
): readonly TreeRow[] {
  const wanted = search.trim().toLowerCase();
  const matches = (entry: CategoryEntry) =>
    entry.name.zh.includes(wanted) || entry.name.en.toLowerCase().includes(wanted);
  const holdsMatch = (entry: CategoryEntry) => {
    for (let id = entry.id + 1; id < entry.end; id++) if (matches(entries[id] as CategoryEntry)) return true;
    return false;
  };
  const rows: TreeRow[] = [];
  const visit = (id: number, end: number, inMatch: boolean): void => {
    for (let at = id; at < end; at = (entries[at] as CategoryEntry).end) {
      const entry = entries[at] as CategoryEntry;
      const match = wanted !== '' && matches(entry);
      const below = wanted !== '' && holdsMatch(entry);
      if (wanted !== '' && !match && !below && !inMatch) continue;
      const expandable = entry.end > entry.id + 1;
      const expanded = expandable && (below || opened.has(entry.code));
      rows.push({ entry, expandable, expanded });
      if (expanded) visit(entry.id + 1, entry.end, inMatch || match);
    }
  };
  visit(0, entries.length, false);
  return rows;
}
