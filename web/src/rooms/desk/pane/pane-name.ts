import type { Divisions } from '../../../snapshot/model.ts';

/** How the table groups. */
export type Grouping =
  | { readonly by: 'division' | 'category'; readonly level: number }
  | { readonly by: 'cell'; readonly resolution: number }
  | { readonly by: 'source' | 'week' | 'hour' };

/** What lies over the map. */
export type Pane =
  | { readonly kind: 'table'; readonly grouping: Grouping }
  | { readonly kind: 'sql' }
  | { readonly kind: 'stages' };

/** The name in the permalink; what it does not know is nothing. */
export function readPane(name: string | null): Pane | null {
  if (name === 'sql' || name === 'stages') return { kind: name };
  const [, by, number] = /^table-([a-z]+)(?:-(\d+))?$/.exec(name ?? '') ?? [];
  switch (by) {
    case 'division':
    case 'category':
      return { kind: 'table', grouping: { by, level: Number(number) } };
    case 'cell':
      return { kind: 'table', grouping: { by, resolution: Number(number) } };
    case 'source':
    case 'week':
    case 'hour':
      return { kind: 'table', grouping: { by } };
    default:
      return null;
  }
}

export function groupingName(grouping: Grouping): string {
  if ('level' in grouping) return `table-${grouping.by}-${grouping.level}`;
  return 'resolution' in grouping ? `table-cell-${grouping.resolution}` : `table-${grouping.by}`;
}

/** Divisions just below the focus; at the deepest level, that level. */
export function levelBelow(divisions: Divisions, focus: number, deepest: number): number {
  return Math.min(deepest, (divisions.level[focus] ?? 0) + 1); // an unknown division: below the city
}
