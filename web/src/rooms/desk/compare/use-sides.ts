import { useMemo, useRef } from 'react';
import { keepsSpringFestival } from '../../../../../core/brief/change.ts';
import { type CellSeries, sumIn } from '../../../query/cell-series.ts';
import type { PanelState } from '../../../query/coordinator.ts';
import { scalePanel } from '../../../query/panels.ts';
import { seriesPanel } from '../../../query/series-panel.ts';
import { type ChangeInput, type Changes, changeInput, changesOf } from '../../../sense/changes.ts';
import type { ComparedSide } from '../../../state/compare-link.ts';
import { useDesk } from '../../../state/store.ts';
import type { DayRange } from '../../../time/week.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useFilters } from '../filters.ts';
import { cellsOf as cellsOfDivisions, unknownDivisions } from '../map-layers/unknown-cells.ts';
import { readyValue, useSense } from '../sense/use-sense.ts';
import { useFinestGrid, useGrid } from '../use-grid.ts';
import type { SideCells } from './cell-classes.ts';
import { type PeriodsCompared, periodsCompared } from './periods.ts';
import { seriesOfPlace } from './place-series.ts';
import { cellsIn, dailyTotals, unitsOf, weeklyTotals } from './side-series.ts';

/** One map of the two. */
export interface Side {
  readonly days: DayRange;
  /** All that pass the filters in these days, and those of them that no cell of the map holds. */
  readonly n: number;
  readonly notOnMap: number;
  readonly cells: SideCells & { readonly resolution: number };
}

export interface Sides {
  readonly state: PanelState<CellSeries>;
  /** null = not counted yet, or no week can be compared (`periods` null and the state ready). */
  readonly periods: PeriodsCompared | null;
  /** Changes of the other place against its own past; null = periods are compared. */
  readonly otherPlace: Changes | null;
  readonly now: Side | null;
  readonly before: Side | null;
  /** One scale for both. */
  readonly breaks: readonly number[] | null;
}

/** Everything both maps and the bar show, from one pass over the incidents. `division` = of the other place, null = there is none. */
export function useSides(side: ComparedSide, division: { readonly id: number; readonly end: number } | null): Sides {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const filters = useFilters();
  const resolution = useDesk((desk) => desk.resolution);
  const scale = useDesk((desk) => desk.look.scale);
  const isPlace = side.kind === 'place';
  const own = useMemo(
    () => (resolution === null ? null : { ...seriesPanel(resolution, manifest), id: 'compare' }),
    [resolution, manifest],
  );
  const other = useMemo(
    () => (own && isPlace && division ? seriesOfPlace(own, division) : null),
    [own, isPlace, division],
  );
  const state = usePanel(own);
  const otherState = usePanel(other);
  const here = useHeld(shownValue(state), filters);
  const there = useHeld(isPlace ? shownValue(otherState) : here, side);
  const input = useChangeInput(here, filters);
  const otherFilters = useMemo(() => ({ ...filters, division, area: null }), [filters, division]);
  const otherInput = useChangeInput(isPlace ? there : null, otherFilters);
  const periods = useMemo(() => {
    if (!here || !input) return null;
    return periodsCompared(
      {
        change: input,
        daily: dailyTotals(here),
        covered: manifest.window,
        springFestival: keepsSpringFestival(manifest.zone),
      },
      side.kind === 'place' ? { kind: 'previous' } : side,
    );
  }, [here, input, side, manifest]);
  const now = useSide(here, periods?.now ?? null, resolution);
  const before = useSide(there, (isPlace ? periods?.now : periods?.before) ?? null, resolution);
  const otherPlace = useMemo(() => (isPlace && otherInput ? changesOf(otherInput) : null), [isPlace, otherInput]);
  const length = periods ? periods.weeks.end - periods.weeks.first : null;
  const scaleQuestion = useMemo(
    () =>
      resolution === null || length === null
        ? null
        : scalePanel(resolution, { finest: manifest.grid.finest, length, weeks: manifest.weeks.length }, scale),
    [resolution, length, manifest, scale],
  );
  const locked = shownValue(usePanel(scaleQuestion));
  const breaks = locked && locked.resolution === resolution ? locked.breaks : null;
  return { state: isPlace && state.status === 'ready' ? otherState : state, periods, otherPlace, now, before, breaks };
}

/** Zooming asks for another resolution; the sums stay those of the last one until it is there. */
function useHeld(series: CellSeries | null, under: unknown): CellSeries | null {
  const held = useRef<{ readonly series: CellSeries; readonly under: unknown } | null>(null);
  if (series) held.current = { series, under };
  const last = held.current;
  return series ?? (last && last.under === under ? last.series : null);
}

function useChangeInput(series: CellSeries | null, filters: ReturnType<typeof useFilters>): ChangeInput | null {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const coverage = useDocument(snapshot.coverage);
  const table = useSense('series');
  const { value, failed } = coverage;
  const expected = manifest.files.some(({ path }) => path === 'coverage.json');
  // What is still filling is not known before the report on deliveries is there.
  const waiting = (expected && value === null && failed === null) || table.status === 'loading';
  const published = readyValue(table);
  return useMemo(() => {
    const counts = series && weeklyTotals(series);
    if (!counts || waiting) return null;
    return changeInput({ manifest, coverage: value, series: published, filters, counts });
  }, [series, waiting, value, published, manifest, filters]);
}

function useSide(series: CellSeries | null, days: DayRange | null, resolution: number | null): Side | null {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const unknown = useUnknownRows(days, resolution);
  return useMemo(() => {
    const monday = manifest.weeks[0]?.firstDay;
    if (!series || !days || monday === undefined || series.resolution !== resolution) return null;
    const units = unitsOf(series, monday, days);
    if (!units) return null;
    const n = series.sums.total ? sumIn(series.sums.total, units) : sumIn(series.sums.shown, units);
    return {
      days,
      n,
      notOnMap: n - sumIn(series.sums.shown, units),
      cells: { resolution: series.resolution, n: cellsIn(series, units), unknown },
    };
  }, [series, days, resolution, unknown, manifest]);
}

/** Rows for which no chosen source delivered anything in the weeks that hold these days; null = there is none. */
function useUnknownRows(days: DayRange | null, resolution: number | null): Uint8Array | null {
  const { snapshot } = useSession();
  const { manifest, divisions } = snapshot;
  const coverage = useDocument(snapshot.coverage).value ?? null;
  const sources = useDesk((desk) => desk.sources);
  const finest = useFinestGrid();
  const grid = useGrid(resolution);
  return useMemo(() => {
    const monday = manifest.weeks[0]?.firstDay;
    if (!coverage || !days || !finest || !grid || monday === undefined) return null;
    const weeks = {
      first: Math.max(0, Math.floor((days.firstDay - monday) / 7)),
      end: Math.min(manifest.weeks.length, Math.ceil((days.endDay - monday) / 7)),
    };
    const silent = unknownDivisions(coverage, { sources, weeks });
    const marked = cellsOfDivisions(
      finest.division,
      (silent.city ? [0] : silent.divisions).map((id) => ({ id, end: divisions.end[id] ?? id + 1 })),
    );
    if (!marked) return null;
    if (!('endId' in grid)) return marked;
    const rows = new Uint8Array(grid.h3.length);
    for (let row = 0; row < rows.length; row++) {
      const cells = marked.subarray(grid.firstId[row], grid.endId[row]);
      rows[row] = cells.length > 0 && !cells.includes(0) ? 1 : 0;
    }
    return rows;
  }, [coverage, days, sources, finest, grid, manifest, divisions]);
}
