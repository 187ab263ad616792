import { useCallback, useMemo } from 'react';
import { type SayPlayback, sayPlayback } from '../../../i18n/playback-texts.ts';
import type { CellSeries } from '../../../query/cell-series.ts';
import type { PanelState } from '../../../query/coordinator.ts';
import { seriesPanel } from '../../../query/series-panel.ts';
import { useDesk } from '../../../state/store.ts';
import {
  type Clock,
  clockOf,
  firstPosition,
  positionOf,
  previousWindow,
  type UnitRange,
  type WindowKind,
  windowAt,
} from '../../../time/clock.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useFilters } from '../filters.ts';
import { usePlayback } from './playback-store.ts';

export function useSayPlayback(): SayPlayback {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayPlayback>((key, values) => sayPlayback(locale, key, values), [locale]);
}

export interface PlaybackFrame {
  readonly series: CellSeries;
  readonly clock: Clock;
  readonly at: number;
  readonly window: UnitRange;
  readonly previous: UnitRange | null;
}

/** The clock over the counts the page holds, and where it stands. `frame` null = the counts are not there. */
export function useFrame(): { readonly state: PanelState<CellSeries>; readonly frame: PlaybackFrame | null } {
  const { manifest } = useSession().snapshot;
  const drawn = usePlayback(({ resolution }) => resolution);
  const panel = useMemo(() => (drawn === null ? null : seriesPanel(drawn, manifest)), [drawn, manifest]);
  const state = usePanel(panel);
  const series = shownValue(state);
  const chosen = useFilters().weeks;
  const link = useDesk(({ playback }) => playback);
  const runningDay = usePlayback((playback) => playback.runningDay);
  const kind: WindowKind = link?.window ?? 'step';
  const day = runningDay ?? link?.day ?? null;
  const clock = useMemo(
    () => series && clockOf({ weeks: manifest.weeks, covered: manifest.window, chosen }, series.unit, kind),
    [series, manifest, chosen, kind],
  );
  const frame = useMemo(() => {
    if (!series || !clock) return null;
    const at = day === null ? firstPosition(clock) : positionOf(clock, day);
    const window = windowAt(clock, at);
    return { series, clock, at, window, previous: previousWindow(clock, window) };
  }, [series, clock, day]);
  return { state, frame };
}
