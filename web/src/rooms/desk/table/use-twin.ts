import { useMemo } from 'react';
import type { Comparison } from '../../../../../core/metric/comparison.ts';
import type { TableKey } from '../../../i18n/table-texts.ts';
import type { PanelState } from '../../../query/coordinator.ts';
import { placeOf } from '../../../snapshot/place.ts';
import { weekLabel } from '../../../time/week.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName, placeName } from '../divisions.ts';
import { useFilters } from '../filters.ts';
import { type Grouping, groupingName } from '../pane/pane-name.ts';
import { useSayTable } from '../pane/use-say-table.ts';
import { useFinestGrid, useGrid } from '../use-grid.ts';
import { comparisonOf, type Twin, twinOf, twinPanel } from './twin.ts';
import { type TwinComparison, useCompared } from './use-compared.ts';

export interface TwinTable {
  readonly twin: Twin;
  readonly comparison: TwinComparison;
  /** What a group is called. */
  readonly name: (id: number) => string;
  /** Code of the group, for joins: division and category code, source key, ISO week, H3 index. */
  readonly code: (id: number) => string;
  readonly compare: (id: number, counts: { readonly after: number; readonly before: number }) => Comparison | null;
}

/** The table under a grouping, with names; null while it is on its way. */
export function useTwin(grouping: Grouping): { readonly table: TwinTable | null; readonly state: PanelState<unknown> } {
  const { snapshot } = useSession();
  const { manifest, divisions } = snapshot;
  const { locale, label } = useText();
  const say = useSayTable();
  const filters = useFilters();
  const comparison = useCompared(grouping);
  const windows = comparison.compared.kind === 'windows' ? comparison.compared.windows : null;
  const key = `${groupingName(grouping)} ${JSON.stringify(windows)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of them
  const panel = useMemo(() => twinPanel(grouping, windows), [key]);
  const state = usePanel(panel);
  const answer = shownValue(state);
  const resolution = grouping.by === 'cell' ? grouping.resolution : null;
  const grid = useGrid(resolution);
  const finest = useFinestGrid();
  const twin = useMemo(() => {
    // The last answer may still be that of another grouping.
    if (!answer || groupingName(answer.grouping) !== groupingName(grouping)) return null;
    const { categories, sources } = manifest.dictionaries;
    const city = { divisions, categories, sources, weeks: manifest.weeks.length, finest: manifest.grid.finest };
    return twinOf(grouping, answer.columns, { city, filters, grid });
  }, [answer, grouping, manifest, divisions, filters, grid]);

  const table = useMemo((): TwinTable | null => {
    if (!twin || (grouping.by === 'cell' && !finest)) return null;
    const { categories, sources } = manifest.dictionaries;
    const { compared, dispersion, weekUsable } = comparison;
    const name = (id: number): string => {
      switch (grouping.by) {
        case 'division':
          return divisionName(divisions, id, locale);
        case 'category':
          return label(categories[id]?.name ?? UNKNOWN);
        case 'source':
          return label(sources.find((source) => source.id === id)?.name ?? UNKNOWN);
        case 'week': {
          const week = manifest.weeks[id];
          return week ? weekLabel(week, locale) : '';
        }
        case 'hour':
          return say('hour.slot', {
            day: say(`weekday.${Math.floor(id / 24)}` as TableKey),
            hour: pad(id % 24),
            next: pad((id % 24) + 1),
          });
        case 'cell': {
          const range = grid && 'endId' in grid ? { id: grid.firstId[id]!, end: grid.endId[id]! } : { id, end: id + 1 };
          if (!finest) return '';
          const place = placeOf(range, finest, divisions);
          return place.outside ? say('cell.outside') : placeName(place, divisions, locale);
        }
        default:
          return grouping satisfies never;
      }
    };
    const code = (id: number): string => {
      switch (grouping.by) {
        case 'division':
          return divisions.code[id] ?? '';
        case 'category':
          return categories[id]?.code ?? '';
        case 'source':
          return sources.find((source) => source.id === id)?.key ?? '';
        case 'week':
          return manifest.weeks[id]?.iso ?? '';
        case 'hour':
          return `${Math.floor(id / 24) + 1}-${pad(id % 24)}`;
        case 'cell':
          return grid?.h3[id]?.toString(16) ?? '';
        default:
          return grouping satisfies never;
      }
    };
    return {
      twin,
      comparison,
      name,
      code,
      compare: (id, { after, before }) => {
        // Hours are not periods: there is nothing a week before them that is another one.
        if (grouping.by === 'hour') return null;
        if (grouping.by !== 'week') return comparisonOf({ n: 0, after, before }, compared, dispersion(id));
        if (id < 1 || !weekUsable[id])
          return { kind: 'not-comparable', why: id < 1 ? 'no-counterpart' : 'missing-days' };
        const week = {
          kind: 'windows',
          windows: { after: { first: id, end: id + 1 }, before: { first: id - 1, end: id } },
          days: 7,
        } as const;
        return comparisonOf({ n: 0, after, before }, week, dispersion(id));
      },
    };
  }, [twin, comparison, grouping, manifest, divisions, grid, finest, locale, label, say]);
  return { table, state };
}

const UNKNOWN = { zh: '', en: '' };
const pad = (hour: number) => String(hour).padStart(2, '0');
