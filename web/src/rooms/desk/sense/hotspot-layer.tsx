import { useEffect, useMemo, useState } from 'react';
import { HOTSPOT_VARIANTS, type Sense } from '../../../../../core/contract/sense.ts';
import { hotColours } from '../../../layers/sense-ramps.ts';
import type { CityMap } from '../../../map/contract.ts';
import {
  countsWithin,
  HOT_CLASSES,
  HOT_STRENGTH,
  type HotClass,
  hotspotClasses,
  tallyOf,
  variantsIn,
} from '../../../sense/hotspots.ts';
import type { LiveResult } from '../../../sense/live-job.ts';
import { liveStatistics, Overtaken } from '../../../sense/live-source.ts';
import type { HotspotTable } from '../../../snapshot/sense.ts';
import type { HotspotBasis } from '../../../state/permalink.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useCellTotals } from '../use-cell-totals.ts';
import { useFinestGrid, useGrid } from '../use-grid.ts';
import { LayerLegend, Swatch } from './layer-legend.tsx';
import { StateLook } from './state-look.tsx';
import { Strongest } from './strongest.tsx';
import { useFill } from './use-fill.ts';
import { readyValue, useSay, useSense } from './use-sense.ts';
import { useShownCategory } from './use-shown-category.ts';

interface LayerProps {
  readonly map: CityMap;
}

/** Gi*: published by variant and window, or computed on whatever is filtered. */
export function HotspotLayer({ map }: LayerProps) {
  const say = useSay();
  const sense = readyValue(useSense('sense'));
  const tableState = useSense('hotspots');
  const table = readyValue(tableState);
  const chosen = useDesk((desk) => desk.basis);
  const window = useDesk((desk) => desk.window);
  const { setHotspots } = useDesk.getState();
  const variants = useMemo(() => (table ? variantsIn(table) : []), [table]);
  const bases: readonly HotspotBasis[] = sense && table ? [...variants, 'live'] : ['live'];
  const settled = tableState.status !== 'loading';
  const basis = chosen && bases.includes(chosen) ? chosen : settled ? (bases[0] ?? 'live') : (chosen ?? null);
  return (
    <LayerLegend title={say('hot.title')}>
      {tableState.status === 'failed' && <StateLook state={tableState} />}
      <label className="legend-choice">
        {say('hot.basis')}
        <select
          value={basis ?? ''}
          onChange={(event) => setHotspots({ basis: event.target.value as HotspotBasis, window })}
        >
          {bases.map((name) => (
            <option key={name} value={name}>
              {say(`hot.${name}`)}
            </option>
          ))}
        </select>
      </label>
      {basis !== null && <p className="fine">{say(`hot.note.${basis}`)}</p>}
      {basis === 'live' ? (
        <LiveHotspots map={map} />
      ) : (
        sense && table && basis && <PublishedHotspots map={map} sense={sense} table={table} basis={basis} />
      )}
      {basis === null && <StateLook state={tableState} />}
    </LayerLegend>
  );
}

interface PublishedProps extends LayerProps {
  readonly sense: Sense;
  readonly table: HotspotTable;
  readonly basis: (typeof HOTSPOT_VARIANTS)[number];
}

function PublishedHotspots({ map, sense, table, basis }: PublishedProps) {
  const { manifest } = useSession().snapshot;
  const say = useSay();
  const { label } = useText();
  const { category, text } = useShownCategory();
  const theme = useDesk((desk) => desk.theme);
  const windowKey = useDesk((desk) => desk.window);
  const { setHotspots } = useDesk.getState();
  const { resolution, windows, ring, cells, notAssessed } = sense.hotspots;
  const window = Math.max(
    0,
    windows.findIndex(({ key }) => key === windowKey),
  );
  const variant = HOTSPOT_VARIANTS.indexOf(basis);
  const why = notAssessed.find(
    (entry) => entry.category === category && entry.variant === variant && entry.window === window,
  )?.why;
  const rows = manifest.grid.cells[String(resolution)] ?? 0;
  const classes = useMemo(
    () => hotspotClasses(table, { category, window, variant }, rows),
    [table, category, window, variant, rows],
  );
  const fill = useMemo(
    () => ({
      resolution: null,
      finest: resolution,
      cells: { resolution, classes, colours: hotColours(theme), strength: HOT_STRENGTH },
    }),
    [resolution, classes, theme],
  );
  useFill(map, fill);
  return (
    <>
      <label className="legend-choice">
        {say('hot.window')}
        <select
          value={windows[window]?.key ?? ''}
          onChange={(event) => setHotspots({ basis, window: event.target.value })}
        >
          {windows.map(({ key, name }) => (
            <option key={key} value={key}>
              {label(name)}
            </option>
          ))}
        </select>
      </label>
      <p>{text}</p>
      {why ? (
        <p className="sense-absent">{say('hot.notAssessed', { why: say(`why.${why}`) })}</p>
      ) : (
        <HotClasses classes={classes} assessed={cells} />
      )}
      {basis === 'count' && <p className="fine">{say('hot.countNote')}</p>}
      <p className="fine">
        {say('hot.resolution', { resolution })} · {say('hot.n', { cells, ring })}
      </p>
      <Strongest resolution={resolution} />
      <p className="fine">{say('hot.fixed')}</p>
    </>
  );
}

const SHOWN: readonly HotClass[] = ['hot3', 'hot2', 'hot1', 'cold1', 'cold2', 'cold3'];

interface HotClassesProps {
  readonly classes: Uint32Array;
  /** Cells with a value: what is not in a class of these is not significant. */
  readonly assessed: number;
}

function HotClasses({ classes, assessed }: HotClassesProps) {
  const say = useSay();
  const theme = useDesk((desk) => desk.theme);
  const colours = hotColours(theme);
  const tally = useMemo(() => tallyOf(classes, HOT_CLASSES.length + 1), [classes]);
  const { number } = useText();
  return (
    <ol className="counted">
      {SHOWN.map((name) => {
        const index = HOT_CLASSES.indexOf(name);
        return (
          <Swatch key={name} colour={colours[index] ?? null}>
            {say(`hot.${name}`)} <em>{number(tally[index + 1] ?? 0)}</em>
          </Swatch>
        );
      })}
      <Swatch colour={null}>
        {say('hot.emptyCell')} <em>{number(assessed - (classes.length - (tally[0] ?? 0)))}</em>
      </Swatch>
    </ol>
  );
}

/** Finer grids have close to a million cells: their neighbours alone would take seconds. */
const FINEST_LIVE = 9;

type LiveState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'ready'; readonly resolution: number; readonly result: LiveResult };

function LiveHotspots({ map }: LayerProps) {
  const { manifest } = useSession().snapshot;
  const say = useSay();
  const theme = useDesk((desk) => desk.theme);
  const finest = Math.min(FINEST_LIVE, manifest.grid.finest);
  const drawn = useDesk((desk) => desk.resolution);
  const state = useLive(drawn === null ? null : Math.min(drawn, finest));
  const result = state.status === 'ready' && state.result.kind === 'value' ? state.result : null;
  const resolution = state.status === 'ready' ? state.resolution : null;
  const fill = useMemo(
    () => ({
      resolution: null,
      finest,
      cells: result && resolution !== null ? { resolution, classes: result.classes, colours: hotColours(theme) } : null,
    }),
    [finest, result, resolution, theme],
  );
  useFill(map, fill);
  return (
    <>
      {state.status === 'loading' && (
        <p className="panel-loading" role="status">
          {say('hot.liveLoading')}
        </p>
      )}
      {state.status === 'failed' && <p className="mark warn">{say('hot.liveFailed', { message: state.message })}</p>}
      {state.status === 'ready' && state.result.kind === 'not-assessed' && (
        <p className="sense-absent">{say('hot.notAssessed', { why: say(`why.${state.result.why}`) })}</p>
      )}
      {result && (
        <>
          <p className="live-state">{say('hot.liveState', { cells: result.cells, ms: result.ms.toFixed(0) })}</p>
          <HotClasses classes={result.classes} assessed={result.cells} />
          <p className="fine">{say('hot.n', { cells: result.cells, ring: 1 })}</p>
        </>
      )}
      <p className="fine">
        {resolution !== null && `${say('hot.resolution', { resolution })} · `}
        {say('hot.coarser', { resolution: finest })}
      </p>
      <p className="fine">{say('hot.countNote')}</p>
    </>
  );
}

/** The newest answer for the counts as filtered now; the last one stays until it is there. */
function useLive(resolution: number | null): LiveState {
  const { division, area } = useFilters();
  const totals = useCellTotals(resolution);
  const grid = useGrid(resolution);
  const finest = useFinestGrid();
  const [state, setState] = useState<LiveState>({ status: 'loading' });
  useEffect(() => {
    if (!totals || !grid || resolution === null || totals.n.length !== grid.h3.length) return;
    if ((division || area) && !finest) return;
    let gone = false;
    const coarse = 'endId' in grid ? grid : null;
    const cells = {
      firstId: (row: number) => (coarse ? coarse.firstId[row]! : row),
      endId: (row: number) => (coarse ? coarse.endId[row]! : row + 1),
    };
    const n = countsWithin(totals.n, { division, area }, finest && { finest, cells });
    liveStatistics()
      .hotspots({ resolution, h3: grid.h3, n })
      .then(
        (result) => !gone && setState({ status: 'ready', resolution, result }),
        (thrown: unknown) => {
          if (gone || thrown instanceof Overtaken) return;
          setState({ status: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
        },
      );
    return () => {
      gone = true;
    };
  }, [totals, grid, finest, resolution, division, area]);
  return state;
}
