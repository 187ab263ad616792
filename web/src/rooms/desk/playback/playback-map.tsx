import { useEffect, useLayoutEffect, useMemo } from 'react';
import { classColours } from '../../../layers/ramp.ts';
import type { CellFill, CityMap } from '../../../map/contract.ts';
import { sumIn, WindowCounts } from '../../../query/cell-series.ts';
import { scalePanel } from '../../../query/panels.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useGrid } from '../use-grid.ts';
import { GHOST } from './ghost.ts';
import { usePlayback } from './playback-store.ts';
import { useFrame, useSayPlayback } from './use-playback.ts';
import { windowClasses } from './window-classes.ts';
import { windowWords } from './window-words.ts';

/** Draws one window after the other on the map, in one scale, and explains it. */
export function PlaybackMap({ map }: { readonly map: CityMap }) {
  const say = useSayPlayback();
  const { number } = useText();
  const theme = useDesk((desk) => desk.theme);
  const marks = useDesk((desk) => desk.marks);
  const { frame } = useFrame();
  const resolution = usePlayback((playback) => playback.resolution);
  const breaks = useLockedBreaks(resolution);
  const series = frame?.series ?? null;
  const held = useMemo(
    () =>
      series && {
        now: new WindowCounts(series),
        before: new WindowCounts(series),
        classes: new Uint32Array(series.rows),
      },
    [series],
  );
  const colours = useMemo(() => breaks && [...classColours(theme, breaks.length), GHOST[theme]], [breaks, theme]);
  const fill = useMemo((): CellFill | null => {
    if (resolution === null) return null;
    if (!frame || !held || !breaks || !colours || frame.series.resolution !== resolution)
      return { resolution, finest: resolution, cells: null };
    const now = held.now.moveTo(frame.window);
    const before = frame.previous && held.before.moveTo(frame.previous);
    const classes = windowClasses({ now, before }, breaks, held.classes);
    return { resolution, finest: resolution, cells: { resolution, classes, colours } };
  }, [resolution, frame, held, breaks, colours]);
  useLayoutEffect(() => {
    if (fill) map.setFill(fill);
  }, [map, fill]);
  useEffect(() => () => map.setFill(null), [map]);

  const grid = useGrid(resolution);
  useEffect(() => {
    // Another function a frame: whoever shows a count under the pointer reads it again.
    usePlayback.setState({
      countOf:
        !grid || !frame || !held
          ? null
          : (cell) => {
              if (cell.resolution !== frame.series.resolution) return null;
              const row = rowOf(grid.h3, BigInt(`0x${cell.h3}`));
              return row < 0 ? null : (held.now.moveTo(frame.window)[row] as number);
            },
    });
  }, [grid, frame, held]);
  useEffect(() => () => usePlayback.setState({ countOf: null }), []);

  if (!frame || !breaks || !colours) return null;
  const { sums } = frame.series;
  const withheld = sumIn(sums.withheld, frame.window);
  const unlocated = sums.total ? sumIn(sums.total, frame.window) - sumIn(sums.shown, frame.window) - withheld : 0;
  return (
    <aside className="legend" aria-label={say('legend.title')}>
      <h2>{say('legend.title')}</h2>
      <p>{windowWords(frame.clock, frame.window, say)}</p>
      <p className="fine">{say('legend.locked', { resolution: frame.series.resolution })}</p>
      <ol>
        {breaks.map((from, i) => (
          <li key={from}>
            <i style={{ background: colours[i] }} />
            {classWords(from, breaks[i + 1], number)}
          </li>
        ))}
        {frame.clock.kind !== 'cumulative' && (
          <li>
            <i style={{ background: GHOST[theme] }} />
            {say('legend.ghost')}
          </li>
        )}
      </ol>
      {withheld > 0 && <p className="mark">{say('legend.withheld', { n: withheld })}</p>}
      {unlocated > 0 && <p>{say('legend.unlocated', { n: unlocated })}</p>}
      {marks && <p className="fine">{say('legend.marks')}</p>}
    </aside>
  );
}

/** One set of breaks for all frames: over all windows of that length; a growing window takes those of its last frame. */
function useLockedBreaks(resolution: number | null): readonly number[] | null {
  const { manifest } = useSession().snapshot;
  const window = useDesk(({ playback }) => playback?.window ?? 'step');
  const choice = useDesk(({ look }) => look.scale);
  const chosen = useFilters().weeks;
  const weeks = manifest.weeks.length;
  const whole = chosen ? chosen.end - chosen.first : weeks;
  const length = Math.min(weeks, window === 'cumulative' ? whole : window === 'trailing-28' ? 4 : 1);
  const panel = useMemo(
    () =>
      resolution === null ? null : scalePanel(resolution, { finest: manifest.grid.finest, length, weeks }, choice),
    [resolution, manifest, length, weeks, choice],
  );
  return shownValue(usePanel(panel))?.breaks ?? null;
}

function classWords(from: number, next: number | undefined, number: (value: number) => string): string {
  if (next === undefined) return `≥ ${number(from)}`;
  return next - 1 === from ? number(from) : `${number(from)}–${number(next - 1)}`;
}

function rowOf(h3: BigUint64Array, wanted: bigint): number {
  let low = 0;
  let high = h3.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = h3[middle] as bigint;
    if (at === wanted) return middle;
    if (at < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
