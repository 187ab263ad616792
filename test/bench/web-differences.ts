import type { Page } from 'playwright-core';
import type { Manifest } from '../../core/contract/manifest.ts';
import type { Filters } from '../../web/src/query/filters.ts';
import { type BaselineViews, baselinePass } from './web-baseline.ts';
import { type Baseline, filtersOf, type Subtrees } from './web-baseline-page.ts';
import type { FilterChange } from './web-changes.ts';

/** A view as text: equal texts are equal views. Of cells only sums that a moved, lost or doubled incident changes: there are a million. */
type Told = Readonly<Record<'totals' | 'weeks' | 'sources' | 'categories' | 'divisions' | 'hours' | 'cells', string>>;

/** Views in which the desk's scan and one plain pass over the files of the snapshot differ, over all changes. */
export async function differences(
  desk: Page,
  manifest: Manifest,
  {
    changes,
    baseline,
    subtree,
  }: { readonly changes: readonly FilterChange[]; readonly baseline: Baseline; readonly subtree: Subtrees },
): Promise<{
  readonly viewsCompared: number;
  readonly viewsThatDiffer: number;
  readonly firstDifference: string | null;
}> {
  let compared = 0;
  let differ = 0;
  let firstDifference: string | null = null;
  for (const change of changes) {
    const filters = filtersOf(change, manifest, subtree);
    const own = toldByPass(baselinePass(baseline.columns, baseline.sizes, filters), baseline.sizes.cells);
    const seen = await toldByDesk(desk, filters, manifest.grid.finest);
    for (const view of Object.keys(own) as (keyof Told)[]) {
      compared++;
      if (own[view] === seen[view]) continue;
      differ++;
      firstDifference ??= `${view} under ${JSON.stringify(filters)}: ${own[view].slice(0, 200)} ≠ ${seen[view].slice(0, 200)}`;
    }
  }
  return { viewsCompared: compared, viewsThatDiffer: differ, firstDifference };
}

function toldByPass(views: BaselineViews, cells: number): Told {
  let total = 0;
  let byPlace = 0;
  let bySize = 0;
  views.byCell.subarray(0, cells).forEach((n, cell) => {
    total += n;
    byPlace += n * (cell + 1);
    bySize += n * n;
  });
  return {
    totals: `${views.n}/${views.city}`,
    weeks: views.byWeek.join(),
    sources: views.bySource.join(),
    categories: views.byCategory.join(),
    divisions: views.byDivision.subarray(0, -1).join(),
    hours: views.byHour.join(),
    cells: `${total}/${byPlace}/${bySize}`,
  };
}

function toldByDesk(desk: Page, filters: Filters, resolution: number): Promise<Told> {
  return desk.evaluate(
    async ({ filters: asked, resolution: finest }) => {
      const { scan } = window.__hexsight;
      if (!scan) throw new Error('the scan is not running');
      const answer = await scan.ask({ kind: 'tally', filters: asked, resolution: finest });
      if (answer.kind !== 'tally' || answer.views.cells?.kind !== 'finest') throw new Error('not what was asked');
      const { views } = answer;
      const { cellId, n } = answer.views.cells;
      // A cell may have a row for each resolution its incidents are shown at.
      const byCell = new Map<number, number>();
      cellId.forEach((cell, i) => void byCell.set(cell, (byCell.get(cell) ?? 0) + (n[i] ?? Number.NaN)));
      let total = 0;
      let byPlace = 0;
      let bySize = 0;
      for (const [cell, count] of byCell) {
        total += count;
        byPlace += count * (cell + 1);
        bySize += count * count;
      }
      return {
        totals: `${views.totals.n}/${views.cityTotals.n}`,
        weeks: views.byWeek.join(),
        sources: views.bySource.join(),
        categories: views.byCategory.join(),
        divisions: views.byDivision.join(),
        hours: views.byHour.join(),
        cells: `${total}/${byPlace}/${bySize}`,
      };
    },
    { filters, resolution },
  );
}
