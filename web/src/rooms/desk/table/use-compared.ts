import { useMemo } from 'react';
import { changesOf } from '../../../sense/changes.ts';
import { seriesDispersion } from '../../../sense/series.ts';
import { isPartial, type WeekRange } from '../../../time/week.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useFilters } from '../filters.ts';
import type { Grouping } from '../pane/pane-name.ts';
import { readyValue, useSense } from '../sense/use-sense.ts';
import type { Compared } from './twin.ts';

/** Stands for the sum of all groups: it has the series of the filters themselves. */
export const TOTAL = -1;
/** Stands for incidents that belong to no group: they have no series. */
export const NO_GROUP = -2;

export interface TwinComparison {
  readonly compared: Compared;
  /** By week: a week that cannot be compared with the one before. */
  readonly weekUsable: readonly boolean[];
  /** φ of a group's own series; 1 = it has none and counts as Poisson. */
  readonly dispersion: (id: number) => number;
}

/**
 * Which weeks of every group are compared: those the desk compares for the sum of all (`sense/changes.ts`), so that table and chart
 * cannot differ.
 */
export function useCompared(grouping: Grouping): TwinComparison {
  const { snapshot } = useSession();
  const { weeks, window, dictionaries } = snapshot.manifest;
  const { divisions } = snapshot;
  const filters = useFilters();
  const coverage = useDocument(snapshot.coverage).value;
  const table = readyValue(useSense('series'));
  const { by } = grouping;
  return useMemo(() => {
    const chosen = dictionaries.sources.filter(
      ({ id }) => filters.sources.length === 0 || filters.sources.includes(id),
    );
    const covered = coverage?.sources.filter(({ key }) => chosen.some((source) => source.key === key)) ?? []; // none: an older snapshot
    const filling = Math.max(0, ...covered.map(({ fillingDays }) => fillingDays));
    const usable = weeks.map((week) => !isPartial(week, window) && week.firstDay + 7 <= window.endDay - filling);
    const gaps = weeks.map((_, week) => covered.some(({ states }) => 'tm'.includes(states[0]?.[week] ?? 'd')));
    const changes = changesOf({
      weeks,
      counts: new Uint32Array(weeks.length),
      usable,
      gaps,
      range: filters.weeks,
      dispersion: 1,
    });
    const compared = ((): Compared => {
      if (!changes) return { kind: 'not-comparable', why: 'still-filling' };
      if (changes.previous.kind === 'not-comparable') return changes.previous;
      const { first, end } = changes.weeks;
      const before: WeekRange = { first: first - (end - first), end: first };
      return { kind: 'windows', windows: { after: changes.weeks, before }, days: 7 * (end - first) };
    })();
    const dispersion = (id: number) => {
      if (!table) return 1;
      if (id === TOTAL) return seriesDispersion(table, filters, dictionaries.categories) ?? 1;
      if (id < 0) return 1;
      if (by === 'division') {
        const division = { id, end: divisions.end[id] ?? id + 1 };
        return seriesDispersion(table, { ...filters, division }, dictionaries.categories) ?? 1;
      }
      const entry = by === 'category' ? dictionaries.categories[id] : undefined;
      if (entry) return seriesDispersion(table, { ...filters, categories: [entry] }, dictionaries.categories) ?? 1;
      return by === 'week' ? (seriesDispersion(table, filters, dictionaries.categories) ?? 1) : 1;
    };
    return {
      compared,
      weekUsable: usable.map(
        (isUsable, week) => isUsable && usable[week - 1] === true && !gaps[week] && !gaps[week - 1],
      ),
      dispersion,
    };
  }, [weeks, window, dictionaries, coverage, table, filters, by, divisions]);
}
