import { useCallback, useMemo } from 'react';
import { type SayWall, sayWall } from '../../i18n/wall-texts.ts';
import { useDesk } from '../../state/store.ts';
import { isoDate } from '../../time/week.ts';
import { type SourceFreshness, sourceFreshness, type TileFreshness, tileFreshness } from './freshness.ts';
import { type Layout, layoutOf } from './layout.ts';
import { remFor } from './type-size.ts';
import { type Shown, useWall } from './wall-store.ts';

export function useSayWall(): SayWall {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayWall>((key, values) => sayWall(locale, key, values), [locale]);
}

export function useLayout(): Layout {
  const size = useWall((wall) => wall.size);
  const options = useWall((wall) => wall.options);
  return useMemo(() => {
    const { family, tiles, viewing } = options;
    return layoutOf({ ...size, family, tiles, rem: viewing && remFor(viewing) });
  }, [size, options]);
}

/** Age of every source by the clock that is trusted. */
export function useFreshness(shown: Shown): readonly SourceFreshness[] {
  const nowMinute = useWall((wall) => wall.nowMinute);
  // By the day: within one, nothing of it changes.
  const today = Math.floor(nowMinute / 1440);
  const { sources } = shown.data.snapshot.manifest.dictionaries;
  return useMemo(() => sourceFreshness(sources, today * 1440), [sources, today]);
}

export function useTile(shown: Shown, used: readonly number[]): TileFreshness {
  const all = useFreshness(shown);
  return useMemo(() => tileFreshness(all, used), [all, used]);
}

/** `截至 11-15（7 天前）` */
export function asOfText(tile: TileFreshness, say: SayWall): string {
  const { asOfDay, ageDays } = tile;
  if (asOfDay === null || ageDays === null) return say('fresh.never');
  return say(ageDays === 0 ? 'fresh.asOfToday' : 'fresh.asOf', { day: isoDate(asOfDay).slice(5), n: ageDays });
}
