import type { Manifest } from '../../core/contract/manifest.ts';
import { Random } from '../../core/stats/random.ts';
import type { Filters, HourBlock } from '../../web/src/query/filters.ts';

/** Filters as names, as a hand on the desk sets them, and as the small integers of the snapshot. */
export interface FilterChange {
  readonly weeks: Filters['weeks'];
  readonly sources: readonly string[];
  readonly categories: readonly string[];
  /** A level-1 division: a file of facts names it. */
  readonly division: string | null;
  readonly hours: HourBlock | null;
  readonly names: { readonly from: string; readonly to: string } | null;
}

/** Each change redraws one or two parts of the filters, as a reader does. */
export function randomChanges(manifest: Manifest, count: number, seed: number): readonly FilterChange[] {
  const random = new Random(seed);
  const below = (n: number) => Math.floor(random.uniform() * n);
  const { weeks, dictionaries } = manifest;
  const groups = dictionaries.categories.filter(({ level }) => level === 1);
  const classes = dictionaries.categories.filter(({ level }) => level === 2);
  const districts = [
    ...new Set(manifest.files.flatMap(({ kind, division }) => (kind === 'facts' && division ? [division] : []))),
  ];
  let now: FilterChange = { weeks: null, sources: [], categories: [], division: null, hours: null, names: null };
  return Array.from({ length: count }, () => {
    const part = below(6);
    if (part === 0 || part === 5) {
      const length = [1, 4, 13, 52][below(4)] as number;
      const first = below(Math.max(1, weeks.length - length));
      const end = Math.min(weeks.length, first + length);
      const names = { from: weeks[first]?.iso ?? '', to: weeks[end - 1]?.iso ?? '' };
      now = below(3) === 0 ? { ...now, weeks: null, names: null } : { ...now, weeks: { first, end }, names };
    } else if (part === 1)
      now = {
        ...now,
        sources: below(2) === 0 ? [] : [dictionaries.sources[below(dictionaries.sources.length)]?.key ?? ''],
      };
    else if (part === 2) {
      const from = below(2) === 0 ? groups : classes;
      now = { ...now, categories: below(3) === 0 ? [] : [from[below(from.length)]?.code ?? ''] };
    } else if (part === 3)
      now = { ...now, division: below(2) === 0 ? null : (districts[below(districts.length)] ?? null) };
    else {
      const firstHour = below(20);
      const firstDay = below(5);
      const block = {
        firstDay,
        endDay: firstDay + 1 + below(7 - firstDay),
        firstHour,
        endHour: firstHour + 1 + below(24 - firstHour),
      };
      now = { ...now, hours: below(2) === 0 ? null : block };
    }
    return now;
  });
}
