import { useMemo } from 'react';
import {
  differenceEdges,
  differenceFill,
  divergingColours,
  significanceFill,
  Z_EDGES,
} from '../../../layers/diverging.ts';
import type { CellCounts, CellFill, CityMap } from '../../../map/contract.ts';
import { type CellTotals, coarseTotals, finestTotals } from '../../../query/roll-up.ts';
import { COMPARED_WITH, type ComparedWith } from '../../../state/map-look.ts';
import { useDesk } from '../../../state/store.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { periodText } from '../period.ts';
import { useFill } from '../sense/use-fill.ts';
import { useCellTotals } from '../use-cell-totals.ts';
import { useGrid } from '../use-grid.ts';
import { useRangeText } from './breaks.tsx';
import { comparedCells, comparisonOf } from './comparison.ts';
import { ModeChoice } from './legend-extras.tsx';
import { unknownDivisions } from './unknown-cells.ts';
import { useSayLayers } from './use-say.ts';
import './map-layers.css';

/** Nothing is filled while there is nothing to compare. */
const NOTHING = (finest: number): CellFill => ({ resolution: null, finest, cells: null });

/** This period less the one it is compared with: as a number, or in standard errors. */
export function CompareLayer({ map }: { readonly map: CityMap }) {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const say = useSayLayers();
  const { locale } = useText();
  const theme = useDesk((desk) => desk.theme);
  const resolution = useDesk((desk) => desk.resolution);
  const { mode, against } = useDesk((desk) => desk.look);
  const { setLook } = useDesk.getState();
  const { weeks } = useFilters();
  const comparison = useMemo(() => comparisonOf(weeks, against), [weeks, against]);
  const panel = useMemo(
    () => (comparison.kind === 'periods' ? comparedCells(manifest, against) : null),
    [comparison.kind, manifest, against],
  );
  const state = usePanel(panel);
  const before = useTotals(shownValue(state), resolution);
  const now = useCellTotals(resolution);
  const { finest } = manifest.grid;
  const made = useMemo(() => {
    if (comparison.kind !== 'periods' || !now || !before || now.n.length !== before.n.length || resolution === null)
      return null;
    const counts = { resolution, finest, now: now.n, before: before.n };
    const edges = mode === 'z' ? Z_EDGES : differenceEdges(now.n, before.n);
    return {
      edges,
      fill: mode === 'z' ? significanceFill(counts, theme) : differenceFill(counts, edges, theme),
    };
  }, [comparison.kind, now, before, resolution, finest, mode, theme]);
  const fill = useMemo(() => made?.fill ?? NOTHING(finest), [made, finest]);
  useFill(map, fill);
  const title = say(mode === 'z' ? 'compare.title.z' : 'compare.title.difference');
  return (
    <aside className="legend" aria-label={title}>
      <h2>{title}</h2>
      <ModeChoice />
      <label className="legend-choice">
        {say('compare.against')}
        <select value={against} onChange={(event) => setLook({ against: event.target.value as ComparedWith })}>
          {COMPARED_WITH.map((key) => (
            <option key={key} value={key}>
              {say(`compare.${key}`)}
            </option>
          ))}
        </select>
      </label>
      {comparison.kind === 'no-period' && <p className="mark warn">{say('compare.choose')}</p>}
      {comparison.kind === 'outside' && <p className="mark warn">{say('compare.outside')}</p>}
      {comparison.kind === 'periods' && (
        <>
          <p>
            {say('compare.periods', {
              now: periodText(comparison.now, manifest.weeks, locale),
              before: periodText(comparison.before, manifest.weeks, locale),
            })}
          </p>
          {resolution !== null && <p className="fine">{say('compare.edge', { resolution })}</p>}
          {state.status === 'failed' && (
            <p className="mark warn">{say('compare.failed', { message: state.message })}</p>
          )}
          {state.status !== 'failed' && !made && <p className="panel-loading">{say('compare.loading')}</p>}
          {made && <Steps edges={made.edges} significance={mode === 'z'} />}
          <Reporting now={comparison.now} before={comparison.before} />
        </>
      )}
    </aside>
  );
}

/** The legend: most first, the same steps on both sides of none. */
function Steps({ edges, significance }: { readonly edges: readonly number[]; readonly significance: boolean }) {
  const say = useSayLayers();
  const theme = useDesk((desk) => desk.theme);
  const rangeText = useRangeText();
  const colours = divergingColours(theme, edges.length);
  const text = (from: number, i: number, more: boolean) =>
    significance
      ? say(more ? 'compare.zMore' : 'compare.zFewer', { from: String(from) })
      : say(more ? 'compare.more' : 'compare.fewer', { range: rangeText(from, edges[i + 1]) });
  return (
    <>
      <ol>
        {edges
          .map((from, i) => (
            <li key={from}>
              <i style={{ background: colours[edges.length + i] }} />
              {text(from, i, true)}
            </li>
          ))
          .reverse()}
        <li>
          <i className="swatch-zero" />
          {significance ? say('compare.zNone', { from: String(edges[0]) }) : say('compare.same')}
        </li>
        {edges.map((from, i) => (
          <li key={from}>
            <i style={{ background: colours[edges.length - 1 - i] }} />
            {text(from, i, false)}
          </li>
        ))}
      </ol>
      <p className="fine">{say(significance ? 'compare.zNote' : 'compare.locked')}</p>
    </>
  );
}

interface ReportingProps {
  readonly now: { readonly first: number; readonly end: number };
  readonly before: { readonly first: number; readonly end: number };
}

/** A warning where one of the periods has a week of a chosen source in which the city got nothing. */
function Reporting({ now, before }: ReportingProps) {
  const { snapshot } = useSession();
  const say = useSayLayers();
  const coverage = useDocument(snapshot.coverage).value ?? null;
  const chosen = useDesk((desk) => desk.sources);
  const gap = useMemo(() => {
    if (!coverage) return false;
    const sources = coverage.sources.map(({ key }) => key).filter((key) => chosen.length === 0 || chosen.includes(key));
    const silent = (source: string, week: number) =>
      unknownDivisions(coverage, { sources: [source], weeks: { first: week, end: week + 1 } }).city;
    return [now, before].some(({ first, end }) => {
      for (let week = first; week < end; week++) if (sources.some((source) => silent(source, week))) return true;
      return false;
    });
  }, [coverage, chosen, now, before]);
  return gap ? <p className="mark warn">{say('compare.missing')}</p> : null;
}

function useTotals(counts: CellCounts | null, resolution: number | null): CellTotals | null {
  const grid = useGrid(resolution);
  return useMemo(() => {
    if (counts?.kind !== 'finest' || !grid || resolution === null) return null;
    return 'endId' in grid ? coarseTotals(counts, grid) : finestTotals(counts, resolution, grid.h3.length);
  }, [counts, grid, resolution]);
}
