import type { Query } from '../../../../core/brief/figure.ts';
import type { Scope } from '../../../../core/contract/ledger.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { DEFAULT_LINK, formatLink, type Link } from '../../state/permalink.ts';

/** The desk's address for the query behind a figure: names instead of this snapshot's integers. */
export function deskUrl(
  query: Query,
  { manifest, divisions }: Pick<Snapshot, 'manifest' | 'divisions'>,
  look: Pick<Link, 'locale' | 'theme'>,
): string {
  const { weeks, sources, category, division, alert } = query;
  const [from, to] = weeks ? [manifest.weeks[weeks.first]?.iso, manifest.weeks[weeks.end - 1]?.iso] : [];
  const entry = category === null ? null : manifest.dictionaries.categories[category];
  const link: Link = {
    ...DEFAULT_LINK,
    ...look,
    snapshot: manifest.snapshot,
    weeks: from && to ? { from, to } : null,
    sources: sources.flatMap((id) => manifest.dictionaries.sources.find((source) => source.id === id)?.key ?? []),
    categories: entry ? [entry.code] : [],
    division: division === null ? null : (divisions.code[division] ?? null),
    alert,
  };
  return `/desk?${formatLink(link)}`;
}

/** The same query by the names that outlive the snapshot, for the ledger. */
export function scopeOf(
  query: Pick<Query, 'sources' | 'category' | 'division' | 'alert'>,
  { manifest, divisions }: Pick<Snapshot, 'manifest' | 'divisions'>,
): Scope {
  const { sources, category, division, alert } = query;
  return {
    division: division === null ? null : (divisions.code[division] ?? null),
    category: category === null ? null : (manifest.dictionaries.categories[category]?.code ?? null),
    sources: sources.flatMap((id) => manifest.dictionaries.sources.find((source) => source.id === id)?.key ?? []),
    alert,
  };
}
