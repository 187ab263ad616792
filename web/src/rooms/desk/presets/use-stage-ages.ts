import { useEffect, useMemo, useState } from 'react';
import { type StageAges, stageAges } from '../../../../../core/metric/stage-ages.ts';
import { parseIsoDate } from '../../../../../core/time/local-date.ts';
import { type Filters, inRanges } from '../../../query/filters.ts';
import { type HandledFacts, handledFacts } from '../../../snapshot/handled-facts.ts';
import { daysOf, type WeekRange } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';

/** Without a chosen period, and at most. */
export const USUAL_WEEKS = 13;
export const MOST_WEEKS = 26;

export interface StagePlace {
  /** Id range of divisions; null = anywhere, also nowhere. */
  readonly division: { readonly id: number; readonly end: number } | null;
  /** Finest cells and the resolution at which they are read; null = not narrowed to a cell. */
  readonly cell: { readonly id: number; readonly end: number; readonly resolution: number } | null;
}

export interface StageAnswer {
  readonly weeks: WeekRange;
  /** Days of receipt that are counted, half-open. */
  readonly days: { readonly firstDay: number; readonly endDay: number };
  readonly cut: 'none' | 'no-period' | 'too-long';
  readonly rows: ReadonlyMap<number, StageAges>;
}

export type StageState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly message: string; readonly retry: () => void }
  | { readonly status: 'ready'; readonly value: StageAnswer };

/** Row that stands for all. */
export const ALL_ROWS = -1;

/** Weeks whose reports are looked at: the chosen ones, or the last that have data. */
function stageWeeks(
  chosen: WeekRange | null,
  weeks: number,
): { readonly range: WeekRange; readonly cut: StageAnswer['cut'] } {
  if (!chosen) return { range: { first: Math.max(0, weeks - USUAL_WEEKS), end: weeks }, cut: 'no-period' };
  const tooLong = chosen.end - chosen.first > MOST_WEEKS;
  return {
    range: tooLong ? { first: chosen.end - MOST_WEEKS, end: chosen.end } : chosen,
    cut: tooLong ? 'too-long' : 'none',
  };
}

/**
 * Stages and ages under weeks, sources and categories of the filters, at a place.
 * @param byGroup one row a level-1 category besides the total
 */
export function useStageAges(filters: Filters, place: StagePlace, byGroup: boolean): StageState {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const [files, setFiles] = useState<
    | { readonly status: 'loading' }
    | { readonly status: 'failed'; readonly message: string }
    | { readonly status: 'ready'; readonly value: readonly HandledFacts[] }
  >({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const { weeks: chosen, sources, categories } = filters;
  const at = useMemo(() => {
    const { range, cut } = stageWeeks(chosen, manifest.weeks.length);
    return { range, cut, days: daysOf(range, manifest.weeks, manifest.window) };
  }, [chosen, manifest]);
  const { division, cell } = place;
  const { firstDay, endDay } = at.days;
  const [id, end] = [division?.id ?? -1, division?.end ?? -1];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads again
  useEffect(() => {
    let gone = false;
    setFiles({ status: 'loading' });
    handledFacts(snapshot, { firstDay, endDay }, id < 0 ? null : { id, end }).then(
      (value) => !gone && setFiles({ status: 'ready', value }),
      (thrown: unknown) =>
        !gone && setFiles({ status: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    return () => {
      gone = true;
    };
  }, [snapshot, firstDay, endDay, id, end, attempt]);
  return useMemo((): StageState => {
    if (files.status === 'loading') return files;
    if (files.status === 'failed') return { ...files, retry: () => setAttempt((count) => count + 1) };
    const entries = manifest.dictionaries.categories;
    const groupOf = entries.map(
      ({ id: own }) => entries.find(({ level, id: from, end: to }) => level <= 1 && from <= own && own < to)?.id ?? own,
    );
    const asOf = new Map(
      manifest.dictionaries.sources.map((source) => [
        source.id,
        source.asOf ? parseIsoDate(source.asOf.slice(0, 10)) : manifest.window.endDay - 1,
      ]),
    );
    const asOfDay = (source: number) => asOf.get(source) ?? manifest.window.endDay - 1;
    const rows = new Map<number, StageAges>();
    const count = (rowOf: (file: HandledFacts, i: number) => number) =>
      stageAges(
        files.value,
        files.value.map((file) => ({
          asOfDay,
          rowOf: (i) => (passes(file, i) ? rowOf(file, i) : null),
        })),
      );
    const passes = (file: HandledFacts, i: number): boolean => {
      const day = file.day[i] as number;
      if (day < firstDay || day >= endDay) return false;
      if (sources.length > 0 && !sources.includes(file.source[i] as number)) return false;
      if (!inRanges(categories, file.category[i] as number)) return false;
      if (id >= 0 && !((file.division[i] as number) >= id && (file.division[i] as number) < end)) return false;
      if (!cell) return true;
      const own = file.cell[i] as number;
      return (file.res[i] as number) >= cell.resolution && own >= cell.id && own < cell.end;
    };
    const total = count(() => ALL_ROWS);
    for (const [key, value] of total) rows.set(key, value);
    if (byGroup)
      for (const [key, value] of count((file, i) => groupOf[file.category[i] as number] ?? 0)) rows.set(key, value); // 0 = unmapped
    return { status: 'ready', value: { weeks: at.range, days: at.days, cut: at.cut, rows } };
  }, [files, manifest, firstDay, endDay, sources, categories, id, end, cell, byGroup, at]);
}
