import { type FileEntry, Manifest, SCHEMA_VERSION } from '../core/contract/manifest.ts';
import type { BuildInput } from './build-input.ts';
import type { FinestGrid } from './steps/grid.ts';
import { categoryTotals, placeTotals, type ReportContext, sourceEntries } from './steps/reports.ts';

/** The manifest of what a run has made. @throws Error when a record is neither accepted nor rejected */
export function manifestOf(
  work: Pick<BuildInput, 'loaded' | 'set' | 'from' | 'snapshot' | 'basemap'>,
  context: ReportContext,
  { grid, files }: { readonly grid: FinestGrid; readonly files: readonly FileEntry[] },
): Manifest {
  const { loaded, set } = work;
  const { profile, categories } = loaded;
  const { frame, counts, parts, rejected, units } = context;
  const sums = placeTotals(counts.place);
  const manifest = Manifest.parse({
    format: 'hexsight-snapshot',
    schemaVersion: SCHEMA_VERSION,
    snapshot: work.snapshot,
    profile: { id: profile.id, name: profile.name, attribution: profile.attribution },
    zone: profile.zone,
    from: work.from,
    window: { firstDay: frame.firstDay, endDay: frame.endDay },
    weeks: frame.weeks,
    bounds: set.bounds,
    grid: {
      finest: profile.grid.finest,
      coarsest: profile.grid.coarsest,
      cells: Object.fromEntries([
        [profile.grid.finest, grid.keys.length],
        ...grid.coarse.map((part) => [part.resolution, part.h3.length]),
      ]),
      overview: profile.grid.overview,
    },
    divisionLevels: profile.divisions.map((level, i) => ({
      level: i + 1,
      key: level.key,
      name: level.name,
      count: set.divisions.filter((division) => division.level === i + 1).length,
      made: level.made,
    })),
    dictionaries: { sources: sourceEntries(context), categories },
    totals: {
      read: parts.reduce((sum, part) => sum + part.summary.read, 0),
      accepted: units.reduce((sum, unit) => sum + unit.rows, 0),
      rejected: rejected.reduce((sum, rows) => sum + rows.length, 0),
      located: sums.located,
      divisionOnly: sums.divisionOnly,
      unlocated: sums.unlocated,
      ...categoryTotals(counts.category, profile.grid.finest),
    },
    basemap: work.basemap?.basemap ?? profile.basemap ?? null, // none: the built-in outlines
    files,
  });
  const { read, accepted, rejected: refused } = manifest.totals;
  if (read !== accepted + refused) throw new Error(`read ${read} ≠ accepted ${accepted} + rejected ${refused}`);
  return manifest;
}
