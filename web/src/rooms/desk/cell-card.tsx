import { lazy, useMemo } from 'react';
import type { CategoryEntry } from '../../../../core/contract/manifest.ts';
import { cellPanels, type TreeCounts } from '../../query/panels.ts';
import { rangeSum, rankOf } from '../../query/roll-up.ts';
import { type PlacedCell, placeCell, placeOf, resolutionOf } from '../../snapshot/place.ts';
import { useDesk } from '../../state/store.ts';
import { weekName } from '../../time/week.ts';
import { Bar } from '../../ui/bar.tsx';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { MadeMark } from '../../ui/made-mark.tsx';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { Spark } from '../../ui/spark.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { divisionName, levelOf } from './divisions.ts';
import { useFilters } from './filters.ts';
import { periodText } from './period.ts';
import { useCellTotals } from './use-cell-totals.ts';
import { useFinestGrid, useGrid } from './use-grid.ts';

const CellSense = lazy(() => import('./sense/cell-sense.tsx').then(({ CellSense: part }) => ({ default: part })));

const CellVerdict = lazy(() => import('./place/cell-verdict.tsx').then(({ CellVerdict: part }) => ({ default: part })));
const CellMore = lazy(() => import('./place/cell-more.tsx').then(({ CellMore: part }) => ({ default: part })));

/** The pinned cell: how much, of what, when, and how it stands among its like. */
export function CellCard({ h3 }: { readonly h3: string }) {
  const { t } = useText();
  const grid = useGrid(resolutionOf(h3));
  const { pinCell } = useDesk.getState();
  const cell = useMemo(() => (grid ? placeCell(h3, grid) : null), [grid, h3]);
  return (
    <div className="cell-card">
      <button type="button" className="close" aria-label={t('cell.close')} onClick={() => pinCell(null)}>
        ×
      </button>
      {cell ? (
        <PlacedCard cell={cell} />
      ) : (
        <p className="panel-empty">{grid ? t('cell.outside') : t('panel.loading')}</p>
      )}
    </div>
  );
}

function PlacedCard({ cell }: { readonly cell: PlacedCell }) {
  const { manifest } = useSession().snapshot;
  const { t, label, number, locale } = useText();
  const panels = useMemo(() => cellPanels(cell, manifest), [cell, manifest]);
  const bySource = usePanel(panels.sources);
  const byCategory = usePanel(panels.categories);
  const byWeek = usePanel(panels.weeks);
  const sources = shownValue(bySource);
  const tree = shownValue(byCategory);
  const weeks = shownValue(byWeek);
  const shown = shownValue(usePanel(useSession().panels.totals));
  const { weeks: range } = useFilters();
  const totals = useCellTotals(cell.resolution);
  const n = sources ? sum(sources) : (totals?.n[cell.row] ?? null);
  const top = tree ? topCategories(tree, manifest.dictionaries.categories, 8) : [];
  const mostOf = (counts: readonly number[]) => Math.max(1, ...counts);
  return (
    <>
      <header className="card-head">
        <CellWhere cell={cell} />
        {n !== null && <p className="card-n">{t('cell.count', { n })}</p>}
        {n === 0 && <p className="fine">{t('cell.empty')}</p>}
        <p className="fine">
          {range ? periodText(range, manifest.weeks, locale) : t('cell.allWeeks')}
          {shown &&
            n !== null &&
            shown.n > 0 &&
            ` · ${t('cell.share', { share: percent(n / shown.n), total: shown.n })}`}
        </p>
        {totals && n !== null && n > 0 && <CellRank cell={cell} />}
      </header>
      <LazyPart>
        <CellVerdict cell={cell} />
      </LazyPart>
      <LazyPart>
        <CellSense cell={cell} />
      </LazyPart>
      <PanelFrame id="cell-weeks" title={t('cell.weekly')} state={byWeek}>
        {weeks && (
          <>
            <Spark values={weeks} window={range} label={t('cell.weekly')} />
            <p className="fine">
              {t('cell.weeklyRange', {
                from: weekName(manifest.weeks[0]?.iso ?? '', locale),
                to: weekName(manifest.weeks.at(-1)?.iso ?? '', locale),
                max: Math.max(0, ...weeks),
              })}
            </p>
          </>
        )}
      </PanelFrame>
      <PanelFrame id="cell-sources" title={t('cell.bySource')} state={bySource}>
        <ul className="rows">
          {sources &&
            manifest.dictionaries.sources.map((source) => (
              <li key={source.key} className="row plain">
                <span className="row-name">{label(source.name)}</span>
                <span className="row-count">{number(sources[source.id] ?? 0)}</span>
                <Bar n={sources[source.id] ?? 0} total={null} max={mostOf([...sources])} />
              </li>
            ))}
        </ul>
      </PanelFrame>
      <PanelFrame id="cell-categories" title={t('cell.byCategory')} state={byCategory}>
        {tree && top.length === 0 && <p className="panel-empty">{t('panel.empty')}</p>}
        <ul className="rows">
          {top.map(({ entry, count }) => (
            <li key={entry.code} className="row plain">
              <span className="row-name">{label(entry.name)}</span>
              <span className="row-count">{number(count)}</span>
              <Bar n={count} total={null} max={top[0]?.count ?? 1} />
            </li>
          ))}
        </ul>
      </PanelFrame>
      <LazyPart>
        <CellMore cell={cell} />
      </LazyPart>
      {totals && totals.withheld > 0 && <p className="fine note">{t('cell.withheld', { n: totals.withheld })}</p>}
      <p className="fine note">
        {t('cell.index')} <code>{cell.h3}</code>
      </p>
    </>
  );
}

/** The way down the divisions to the cell, and whether it lies in more than one. */
function CellWhere({ cell }: { readonly cell: PlacedCell }) {
  const { snapshot } = useSession();
  const { manifest, divisions } = snapshot;
  const { t, locale, label } = useText();
  const finest = useFinestGrid();
  const place = useMemo(() => finest && placeOf(cell, finest, divisions), [finest, cell, divisions]);
  if (!place) return <h2>{t('panel.cell')}</h2>;
  const below = place.path.slice(1);
  const names = below.map((id) => divisionName(divisions, id, locale));
  const level = place.shared[0] === undefined ? undefined : levelOf(manifest, divisions, place.shared[0]);
  const shared = place.shared.slice(0, 4).map((id) => divisionName(divisions, id, locale));
  const made = [...below, ...place.shared].some((id) => divisions.made[id]);
  return (
    <>
      <h2>
        {place.outside ? t('cell.noDivision') : names.length > 0 ? names.join(' › ') : label(manifest.profile.name)}
      </h2>
      {level && (
        <p className="fine">
          {t('cell.divisions', {
            n: place.shared.length,
            level: label(level.name),
            names: shared.join(SEPARATOR[locale]) + (place.shared.length > shared.length ? t('cell.andMore') : ''),
          })}
        </p>
      )}
      {made && <MadeMark />}
      {place.straddles && <p className="fine">{t('cell.straddles')}</p>}
    </>
  );
}

const SEPARATOR = { 'zh-CN': '\u3001', en: ', ' } as const;

function CellRank({ cell }: { readonly cell: PlacedCell }) {
  const { t } = useText();
  const totals = useCellTotals(cell.resolution);
  const rank = useMemo(() => totals && rankOf(totals, cell.row), [totals, cell]);
  if (!rank) return null;
  return (
    <p className="card-rank" title={t('cell.rankBasis')}>
      {rank.tied > 0
        ? t('cell.rankTied', { rank: rank.rank, of: rank.of, tied: rank.tied })
        : t('cell.rank', { rank: rank.rank, of: rank.of })}
    </p>
  );
}

/** Classes (level 2) and "unmapped", most frequent first; a group without classes stands for itself. */
export function topCategories(
  tree: TreeCounts,
  entries: readonly CategoryEntry[],
  limit: number,
): readonly { readonly entry: CategoryEntry; readonly count: number }[] {
  return entries
    .filter((entry) => entry.level === 2 || entry.level === 0)
    .map((entry) => ({ entry, count: rangeSum(tree.sums, entry) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, n) => total + n, 0);
}

/** One decimal: the share of a cell is small. */
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
