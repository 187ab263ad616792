import { useMemo } from 'react';
import { useAreaFilter } from '../../area/area-filter.ts';
import type { Filters } from '../../query/filters.ts';
import { resolveFilters } from '../../state/resolve.ts';
import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';

/** The present filters in the small integers of the snapshot. */
export function useFilters(): Filters {
  const { manifest, divisions: table } = useSession().snapshot;
  const weeks = useDesk((state) => state.weeks);
  const sources = useDesk((state) => state.sources);
  const categories = useDesk((state) => state.categories);
  const division = useDesk((state) => state.division);
  const hours = useDesk((state) => state.hours);
  const area = useAreaFilter((state) => state.ranges);
  return useMemo(
    () => ({ ...resolveFilters({ weeks, sources, categories, division, hours }, manifest, table).filters, area }),
    [weeks, sources, categories, division, hours, area, manifest, table],
  );
}

/** Plain click: only this one, or none when it was the only one. With Ctrl or ⌘: add or take away. */
export function chosen(present: readonly string[], name: string, add: boolean): readonly string[] {
  if (add) return present.includes(name) ? present.filter((other) => other !== name) : [...present, name];
  return present.length === 1 && present[0] === name ? [] : [name];
}
