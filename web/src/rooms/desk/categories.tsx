import { useMemo, useState } from 'react';
import type { TreeCounts } from '../../query/panels.ts';
import { rangeSum } from '../../query/roll-up.ts';
import { useDesk } from '../../state/store.ts';
import { Bar } from '../../ui/bar.tsx';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { visibleRows } from './category-tree.ts';
import { chosen } from './filters.ts';

export const CATEGORY_SEARCH_ID = 'category-search';

export function Categories() {
  const { snapshot, panels } = useSession();
  const { t, number, label } = useText();
  const state = usePanel(panels.categories);
  const all = shownValue(usePanel(panels.all.categories));
  const counts = shownValue(state);
  const selected = useDesk((desk) => desk.categories);
  const { setCategories } = useDesk.getState();
  const [search, setSearch] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { categories } = snapshot.manifest.dictionaries;
  const rows = useMemo(() => visibleRows(categories, opened, search), [categories, opened, search]);
  const max = useMemo(
    () =>
      Math.max(1, ...categories.filter(({ level }) => level <= 1).map((entry) => countOf(all ?? counts, entry) ?? 0)),
    [categories, all, counts],
  );
  const toggle = (code: string) =>
    setOpened(
      (present) => new Set(present.has(code) ? [...present].filter((other) => other !== code) : [...present, code]),
    );
  return (
    <PanelFrame id="categories" title={t('panel.categories')} state={state} className="categories">
      <input
        id={CATEGORY_SEARCH_ID}
        type="search"
        className="search"
        aria-label={t('category.search')}
        placeholder={t('category.searchHint')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {rows.length === 0 && <p className="panel-empty">{t('category.noMatch', { text: search })}</p>}
      {counts?.depth === 'first-level' && opened.size > 0 && <p className="panel-note">{t('category.pending')}</p>}
      <ul className="rows tree">
        {rows.map(({ entry, expandable, expanded }) => {
          const name = label(entry.name);
          const n = countOf(counts, entry);
          return (
            <li
              key={entry.code}
              className="row"
              data-level={Math.max(1, entry.level)}
              data-selected={selected.includes(entry.code)}
              data-zero={n === 0}
            >
              {expandable ? (
                <button
                  type="button"
                  className="twist"
                  aria-expanded={expanded}
                  aria-label={expanded ? t('category.collapse', { name }) : t('category.expand', { name })}
                  onClick={() => toggle(entry.code)}
                />
              ) : (
                <span className="twist-none" />
              )}
              <input
                type="checkbox"
                aria-label={t('category.toggle', { name })}
                checked={selected.includes(entry.code)}
                onChange={() => setCategories(chosen(selected, entry.code, true))}
              />
              <button
                type="button"
                className="row-name"
                title={
                  entry.sensitive
                    ? t('category.sensitive')
                    : entry.level === 0
                      ? t('category.unmapped')
                      : t('category.only', { name })
                }
                onClick={(event) => setCategories(chosen(selected, entry.code, event.ctrlKey || event.metaKey))}
              >
                {name}
              </button>
              <span className="row-count">{n === null ? '' : number(n)}</span>
              {n !== null && entry.level <= 1 && <Bar n={n} total={countOf(all, entry)} max={max} />}
              {n !== null && entry.level > 1 && (
                <Bar n={n} total={countOf(all, entry)} max={countOf(all, groupOf(entry.code, categories)) ?? max} />
              )}
            </li>
          );
        })}
      </ul>
    </PanelFrame>
  );
}

interface Node {
  readonly id: number;
  readonly end: number;
  readonly level: number;
}

function groupOf<T extends { readonly code: string }>(code: string, entries: readonly T[]): T {
  const group = code.split('.')[0];
  return entries.find((entry) => entry.code === group) as T;
}

/** null = not counted at this depth yet. */
function countOf(counts: TreeCounts | null, node: Node): number | null {
  if (!counts || (counts.depth === 'first-level' && node.level > 1)) return null;
  return rangeSum(counts.sums, node);
}
