import type { Manifest } from '../../../core/contract/manifest.ts';
import type { Filters } from '../query/filters.ts';
import type { Divisions } from '../snapshot/model.ts';
import type { WeekRange } from '../time/week.ts';
import type { Link } from './permalink.ts';

/** The part of a link that filters. */
export type FilterNames = Pick<Link, 'weeks' | 'sources' | 'categories' | 'division' | 'hours'>;

export interface Resolved {
  readonly filters: Filters;
  /** Names this snapshot does not have; they filter nothing and are told to the reader. */
  readonly unknown: readonly string[];
}

/** Names → small integers of this snapshot. */
export function resolveFilters(names: FilterNames, manifest: Manifest, divisions: Divisions): Resolved {
  const unknown: string[] = [];
  const known = <T>(name: string, found: T | undefined | null): T[] => {
    if (found !== undefined && found !== null) return [found];
    unknown.push(name);
    return [];
  };
  const { sources, categories } = manifest.dictionaries;
  const weeks = names.weeks && weekRange(names.weeks, manifest);
  if (names.weeks) known(`${names.weeks.from}..${names.weeks.to}`, weeks);
  const divisionId = names.division === null ? -1 : divisions.code.indexOf(names.division);
  if (names.division !== null && divisionId < 0) unknown.push(names.division);
  return {
    filters: {
      weeks,
      sources: names.sources.flatMap((key) => known(key, sources.find((source) => source.key === key)?.id)),
      categories: names.categories.flatMap((code) =>
        known(
          code,
          categories.find((category) => category.code === code),
        ).map(({ id, end }) => ({ id, end })),
      ),
      // The city itself is no filter: its incidents without a place stay in.
      division: divisionId > 0 ? { id: divisionId, end: divisions.end[divisionId] as number } : null,
      area: null,
      hours: names.hours,
    },
    unknown,
  };
}

/** Names without those this snapshot does not have. */
export function knownNames(names: FilterNames, unknown: readonly string[]): FilterNames {
  const has = (name: string) => !unknown.includes(name);
  return {
    weeks: names.weeks && has(`${names.weeks.from}..${names.weeks.to}`) ? names.weeks : null,
    sources: names.sources.filter(has),
    categories: names.categories.filter(has),
    division: names.division !== null && has(names.division) ? names.division : null,
    hours: names.hours,
  };
}

/** The weeks of the snapshot inside [from, to]; null when there is none. */
function weekRange({ from, to }: { readonly from: string; readonly to: string }, manifest: Manifest): WeekRange | null {
  const first = manifest.weeks.findIndex((week) => week.iso >= from);
  const last = manifest.weeks.findLastIndex((week) => week.iso <= to);
  return first >= 0 && last >= first ? { first, end: last + 1 } : null;
}
