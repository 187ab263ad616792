import { useEffect, useMemo, useState } from 'react';
import { verdictWords } from '../../../../../core/metric/verdict-words.ts';
import { tsvOf } from '../../../export/csv.ts';
import { useExport } from '../../../export/export-state.ts';
import type { TableKey } from '../../../i18n/table-texts.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName, levelOf } from '../divisions.ts';
import { type Grouping, groupingName } from '../pane/pane-name.ts';
import { useSayTable } from '../pane/use-say-table.ts';
import { periodText, rangeNames } from '../period.ts';
import type { Counts, TwinGroup } from './twin.ts';
import { twinSheet } from './twin-sheet.ts';
import { NO_GROUP, TOTAL } from './use-compared.ts';
import { type TwinTable, useTwin } from './use-twin.ts';
import { type GridColumn, type GridSort, VirtualGrid } from './virtual-grid.tsx';
import './table-pane.css';

/** The twin of map and charts: the filtered incidents by division, cell, category, source, week or hour, adding up to the summary. */
export function TablePane({ grouping }: { readonly grouping: Grouping }) {
  const { coordinator } = useSession();
  const { t } = useText();
  const say = useSayTable();
  const { table, state } = useTwin(grouping);
  const name = groupingName(grouping);
  // Another grouping has other columns.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name is what it is about
  useEffect(() => useExport.getState().setSort(null), [name]);
  return (
    <section
      className="table-pane"
      aria-label={say('table.title')}
      data-panel="table"
      aria-busy={state.status === 'loading'}
    >
      <div className="pane-controls">
        <GroupingChoice grouping={grouping} />
        {table && <CopyButton table={table} />}
      </div>
      {state.status === 'failed' && (
        <div className="panel-failed" role="alert">
          <strong>{t('panel.failed', { panel: say('table.title') })}</strong>
          <span className="panel-reason">{state.message}</span>
          <button type="button" onClick={() => coordinator.retry('table')}>
            {t('action.retry')}
          </button>
        </div>
      )}
      {table ? (
        <Grid key={groupingName(grouping)} table={table} />
      ) : (
        state.status !== 'failed' && (
          <p className="panel-loading" role="status">
            {t('panel.loading')}
          </p>
        )
      )}
    </section>
  );
}

function GroupingChoice({ grouping }: { readonly grouping: Grouping }) {
  const { manifest } = useSession().snapshot;
  const { label } = useText();
  const say = useSayTable();
  const { setPane } = useDesk.getState();
  const { coarsest, finest } = manifest.grid;
  const resolutions = Array.from({ length: finest - coarsest + 1 }, (_, i) => coarsest + i);
  const options: readonly (readonly [Grouping, string])[] = [
    ...manifest.divisionLevels
      .filter(({ level }) => level > 0)
      .map(({ level, name }) => [{ by: 'division', level }, say('by.division', { level: label(name) })] as const),
    ...[1, 2, 3].map((level) => [{ by: 'category', level }, say(`by.category.${level}` as TableKey)] as const),
    ...resolutions.map((resolution) => [{ by: 'cell', resolution }, say('by.cell', { resolution })] as const),
    ...(['source', 'week', 'hour'] as const).map((by) => [{ by }, say(`by.${by}`)] as const),
  ];
  return (
    <label className="table-by">
      {say('table.by')}
      <select value={groupingName(grouping)} onChange={(event) => setPane(event.target.value)}>
        {options.map(([option, name]) => (
          <option key={groupingName(option)} value={groupingName(option)}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The whole table, in the order in which it is sorted, as Excel pastes it. */
function CopyButton({ table }: { readonly table: TwinTable }) {
  const say = useSayTable();
  const { locale } = useText();
  const head = useNameHead(table.twin.grouping);
  const [done, setDone] = useState<'copied' | 'failed' | null>(null);
  const sorted = useSorted(table);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(tsvOf(twinSheet(table, sorted, { say, locale, nameHead: head })));
      setDone('copied');
    } catch {
      setDone('failed');
    }
    setTimeout(() => setDone(null), 4000);
  };
  const { setOpen } = useExport.getState();
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {say('table.copy')}
      </button>
      <button type="button" onClick={() => setOpen(true)}>
        {say('export.open')}
      </button>
      <span role="status" className="fine">
        {done && say(`table.${done}`)}
      </span>
    </>
  );
}

export const useNameHead = (grouping: Grouping): string => {
  const { manifest, divisions } = useSession().snapshot;
  const { label } = useText();
  const say = useSayTable();
  if (grouping.by !== 'division') return say(`head.${grouping.by}`);
  const first = divisions.level.indexOf(grouping.level);
  const level = first < 0 ? undefined : levelOf(manifest, divisions, first);
  return level ? label(level.name) : say('head.division');
};

export function useSorted(table: TwinTable): readonly TwinGroup[] {
  const sort = useExport((state) => state.sort);
  const { locale } = useText();
  return useMemo(() => sortedGroups(table, sort, locale), [table, sort, locale]);
}

/** null = as they come: administrative order, order of the category tree, time. Cells come by number. */
function sortedGroups(table: TwinTable, sort: GridSort | null, locale: string): readonly TwinGroup[] {
  const { groups, grouping } = table.twin;
  const chosen = sort ?? (grouping.by === 'cell' ? { key: 'n', descending: true } : null);
  if (!chosen) return groups;
  const value = valueFor(chosen.key, table);
  const sign = chosen.descending ? -1 : 1;
  const collator = new Intl.Collator(locale);
  return groups
    .map((group) => ({ group, value: value(group) }))
    .sort((a, b) => {
      // What is not known comes last, whichever way.
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      const order =
        typeof a.value === 'string' && typeof b.value === 'string'
          ? collator.compare(a.value, b.value)
          : Number(a.value) - Number(b.value);
      return sign * order || a.group.id - b.group.id;
    })
    .map(({ group }) => group);
}

function valueFor(key: string, table: TwinTable): (group: TwinGroup) => number | string | null {
  const compared = (group: TwinGroup) => {
    const comparison = table.compare(group.id, group);
    return comparison?.kind === 'compared' ? comparison : null;
  };
  switch (key) {
    case 'name':
      return (group) => table.name(group.id);
    case 'code':
      return (group) => table.code(group.id);
    case 'before':
      return (group) => (compared(group) ? group.before : null);
    case 'after':
      return (group) => (compared(group) ? group.after : null);
    case 'change':
      return (group) => compared(group)?.percent ?? null;
    case 'verdict':
      return (group) => {
        const comparison = compared(group);
        return comparison ? (comparison.z ?? Math.sign(comparison.after.n - comparison.before.n)) : null;
      };
    default:
      return (group) => group.n;
  }
}

function Grid({ table }: { readonly table: TwinTable }) {
  const { snapshot, panels } = useSession();
  const { manifest, divisions } = snapshot;
  const { t, number, label, locale } = useText();
  const say = useSayTable();
  const { twin, comparison } = table;
  const { grouping, others, total } = twin;
  const sort = useExport((state) => state.sort);
  const { setSort } = useExport.getState();
  const sorted = useSorted(table);
  const head = useNameHead(grouping);
  const shown = shownValue(usePanel(panels.totals));
  const compares = grouping.by !== 'hour';
  const { compared } = comparison;
  const weeks = compared.kind === 'windows' ? compared.windows : null;
  const name = (range: { readonly first: number; readonly end: number }) => periodText(range, manifest.weeks, locale);

  const columns: GridColumn[] = [
    { key: 'name', name: head, align: 'start', track: 'minmax(12rem, 2fr)', sortable: grouping.by !== 'cell' },
    { key: 'code', name: say('column.code'), align: 'start', track: 'minmax(8rem, 1fr)', sortable: true },
    { key: 'n', name: say('column.n'), align: 'end', track: '7rem', sortable: true },
    { key: 'share', name: say('column.share'), align: 'end', track: '5.5rem' },
  ];
  if (compares)
    columns.push(
      {
        key: 'before',
        name: say('column.before'),
        title: weeks ? name(weeks.before) : '',
        align: 'end',
        track: '6rem',
        sortable: true,
      },
      {
        key: 'after',
        name: say('column.after'),
        title: weeks ? name(weeks.after) : '',
        align: 'end',
        track: '6rem',
        sortable: true,
      },
      { key: 'change', name: say('column.change'), align: 'end', track: '6rem', sortable: true },
      { key: 'verdict', name: say('column.verdict'), align: 'start', track: 'minmax(9rem, 1fr)', sortable: true },
    );
  const cellsOf = (what: string | React.ReactNode, code: string, id: number, counts: Counts, judged = compares) => {
    const result = judged ? table.compare(id, counts) : null;
    const both = result?.kind === 'compared' ? result : null;
    const none = <span className="missing">–</span>;
    return [
      what,
      <span key="code" className="code">
        {code}
      </span>,
      number(counts.n),
      total.n > 0 ? `${number((counts.n / total.n) * 100, 1)}%` : '',
      both ? number(counts.before) : none,
      both ? number(counts.after) : none,
      both?.percent == null ? none : `${both.percent > 0 ? '+' : ''}${number(both.percent, 1).replace('-', '−')}%`,
      result ? label(verdictWords(result)) : none,
    ];
  };
  const open = (row: number) => {
    const group = sorted[row];
    if (group) activate(grouping, table.code(group.id), group.id);
  };
  const activate = (by: Grouping, code: string, id: number) => {
    const desk = useDesk.getState();
    if (by.by === 'division') desk.focusDivision(code);
    else if (by.by === 'category') desk.setCategories([code]);
    else if (by.by === 'source') desk.setSources([code]);
    else if (by.by === 'week') desk.setWeeks(rangeNames({ first: id, end: id + 1 }, manifest.weeks));
    else if (by.by === 'cell') desk.pinCell(code);
  };
  const rows = sorted.length + others.length;
  const memo = new Map<number, readonly React.ReactNode[]>();
  const row = (at: number): readonly React.ReactNode[] => {
    const known = memo.get(at);
    if (known) return known;
    const group = sorted[at];
    const other = others[at - sorted.length];
    const made = group
      ? cellsOf(
          grouping.by === 'hour' ? (
            table.name(group.id)
          ) : (
            <button
              type="button"
              tabIndex={-1}
              className="row-link"
              title={table.name(group.id)}
              onClick={() => open(at)}
            >
              {table.name(group.id)}
            </button>
          ),
          table.code(group.id),
          group.id,
          group,
        )
      : other
        ? cellsOf(say(`other.${other.kind}`), '', NO_GROUP, other, compares && grouping.by !== 'week')
        : [];
    memo.set(at, made);
    return made;
  };
  const unassigned =
    grouping.by === 'division' ? levelOf(manifest, divisions, divisions.level.indexOf(grouping.level)) : undefined;
  return (
    <>
      <p className="fine table-note">
        {say('table.rows', { n: sorted.length })}
        {compares &&
          weeks &&
          grouping.by !== 'week' &&
          ` · ${say('table.compared', { after: name(weeks.after), before: name(weeks.before) })}`}
        {compares && grouping.by === 'week' && ` · ${say('table.comparedWeek')}`}
        {compared.kind === 'not-comparable' &&
          compares &&
          grouping.by !== 'week' &&
          ` · ${label(verdictWords(compared))}`}
        {grouping.by === 'division' && ` · ${t('division.demand')}`}
        {unassigned?.made && ` · ${say('table.made')}`}
        {shown && shown.n !== total.n && <em className="mark warn"> {say('table.partial')}</em>}
      </p>
      {rows === 0 ? (
        <p className="panel-empty">{t('panel.empty')}</p>
      ) : (
        <VirtualGrid
          label={say('table.title')}
          columns={columns}
          rows={rows}
          cell={(at, column) => row(at)[column]}
          foot={[cellsOf(say('total'), '', TOTAL, total, compares && grouping.by !== 'week')]}
          sort={sort}
          onSort={(key) =>
            setSort(
              sort?.key !== key
                ? { key, descending: key !== 'name' && key !== 'code' }
                : sort.descending === (key !== 'name' && key !== 'code')
                  ? { key, descending: !sort.descending }
                  : null,
            )
          }
          onActivate={open}
          rowKind={(at) => (at < sorted.length ? 'group' : 'other')}
        />
      )}
      {grouping.by === 'division' && total.n > 0 && (
        <p className="fine">{say('table.hint', { name: divisionName(divisions, 0, locale) })}</p>
      )}
    </>
  );
}
