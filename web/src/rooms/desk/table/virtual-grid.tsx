// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are not there
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import './virtual-grid.css';

export interface GridColumn {
  readonly key: string;
  readonly name: string;
  /** Longer words for the name. */
  readonly title?: string;
  readonly align: 'start' | 'end';
  /** CSS grid track. */
  readonly track: string;
  readonly sortable?: boolean;
}
export interface GridSort {
  readonly key: string;
  readonly descending: boolean;
}

interface VirtualGridProps {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  readonly rows: number;
  readonly cell: (row: number, column: number) => ReactNode;
  /** Below the rows, always on screen: totals. */
  readonly foot?: readonly (readonly ReactNode[])[];
  readonly sort?: GridSort | null;
  readonly onSort?: (key: string) => void;
  /** Enter or a double click on a row. */
  readonly onActivate?: (row: number) => void;
  /** A look of its own for rows that are not like the others. */
  readonly rowKind?: (row: number) => string;
}

/** Rows above and below the visible ones that are drawn too. */
const SPARE = 8;
const ROW_REM = 1.75;

/**
 * A table of which only the visible rows exist. Rows have one height, so the list needs no measuring and no library: TanStack Table and
 * Virtual would bring 20 KB for what is one division here. One stop for the Tab key; arrows, Page, Home and End move the active cell,
 * Enter sorts by a header or opens a row.
 */
export function VirtualGrid(props: VirtualGridProps) {
  const { label, columns, rows, cell, foot = [], sort = null, onSort, onActivate, rowKind } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400, rowPx: 28 });
  /** Row −1 is the header. */
  const [active, setActive] = useState({ row: -1, column: 0 });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const rowPx = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setView({ top: element.scrollTop, height: element.clientHeight, rowPx });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  const { rowPx } = view;
  const row = Math.min(active.row, rows - 1);
  const column = Math.min(active.column, columns.length - 1);
  const first = Math.max(0, Math.floor(view.top / rowPx) - SPARE);
  const end = Math.min(rows, Math.ceil((view.top + view.height) / rowPx) + SPARE);
  const page = Math.max(1, Math.floor(view.height / rowPx) - 2 - foot.length);
  const tracks = columns.map(({ track }) => track).join(' ');

  const moveTo = (nextRow: number, nextColumn: number) => {
    const at = {
      row: Math.min(rows - 1, Math.max(-1, nextRow)),
      column: Math.min(columns.length - 1, Math.max(0, nextColumn)),
    };
    setActive(at);
    const element = scroller.current;
    if (!element) return;
    // The header and the foot stand over the rows.
    const shown = element.clientHeight - rowPx * (1 + foot.length);
    const top = Math.max(0, at.row) * rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowPx > element.scrollTop + shown) element.scrollTop = top + rowPx - shown;
    element.querySelector(`[data-column="${at.column}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.metaKey) return;
    const far = event.ctrlKey;
    if (far && event.key !== 'Home' && event.key !== 'End') return;
    if (event.key === 'Enter') {
      const header = columns[column];
      if (row >= 0) onActivate?.(row);
      else if (header?.sortable) onSort?.(header.key);
    } else {
      const to = moved({ row, column }, { key: event.key, far, page, rows, columns: columns.length });
      if (!to) return;
      moveTo(to.row, to.column);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const cellId = (atRow: number, atColumn: number) => `${id}-${atRow}-${atColumn}`;

  return (
    <div
      ref={scroller}
      className="virtual-grid"
      role="grid"
      aria-label={label}
      aria-rowcount={rows + 1 + foot.length}
      aria-colcount={columns.length}
      aria-activedescendant={cellId(row, column)}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="grid-head" role="row" aria-rowindex={1} tabIndex={-1} style={{ gridTemplateColumns: tracks }}>
        {columns.map((entry, at) => (
          <div
            key={entry.key}
            id={cellId(-1, at)}
            role="columnheader"
            tabIndex={-1}
            title={entry.title ?? entry.name}
            data-align={entry.align}
            data-column={at}
            data-active={row === -1 && column === at}
            aria-sort={sort?.key === entry.key ? (sort.descending ? 'descending' : 'ascending') : undefined}
          >
            {entry.sortable ? (
              <button type="button" tabIndex={-1} onClick={() => onSort?.(entry.key)}>
                {entry.name}
                <span className="sort-mark" aria-hidden="true">
                  {sort?.key === entry.key ? (sort.descending ? '▾' : '▴') : ''}
                </span>
              </button>
            ) : (
              entry.name
            )}
          </div>
        ))}
      </div>
      <div className="grid-rows" role="rowgroup" style={{ height: `${rows * rowPx}px` }}>
        {Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i).map((at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
          <div
            key={at}
            className="grid-row"
            role="row"
            tabIndex={-1}
            aria-rowindex={at + 2}
            data-kind={rowKind?.(at)}
            data-odd={at % 2 === 1}
            style={{ gridTemplateColumns: tracks, top: `${at * rowPx}px` }}
            onClick={() => setActive({ row: at, column })}
            onDoubleClick={() => onActivate?.(at)}
          >
            {columns.map((entry, k) => (
              <div
                key={entry.key}
                id={cellId(at, k)}
                role="gridcell"
                tabIndex={-1}
                data-align={entry.align}
                data-active={row === at && column === k}
              >
                {cell(at, k)}
              </div>
            ))}
          </div>
        ))}
      </div>
      {foot.length > 0 && (
        <div className="grid-foot" role="rowgroup">
          {foot.map((cells, at) => (
            <div
              key={cellId(rows + at, 0)}
              className="grid-row"
              role="row"
              tabIndex={-1}
              aria-rowindex={rows + 2 + at}
              style={{ gridTemplateColumns: tracks }}
            >
              {columns.map((entry, k) => (
                <div key={entry.key} role="gridcell" tabIndex={-1} data-align={entry.align}>
                  {cells[k]}
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

interface Move {
  readonly key: string;
  /** With Ctrl. */
  readonly far: boolean;
  readonly page: number;
  readonly rows: number;
  readonly columns: number;
}

/** Where a key moves the active cell; null = it moves nothing. */
export function moved(
  { row, column }: { readonly row: number; readonly column: number },
  { key, far, page, rows, columns }: Move,
): { readonly row: number; readonly column: number } | null {
  switch (key) {
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: Math.max(0, row - page), column };
    case 'Home':
      return far ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return far ? { row: rows - 1, column: columns - 1 } : { row, column: columns - 1 };
    default:
      return null;
  }
}
