import { useState } from 'react';
import { csvOf, tsvOf } from '../../../export/csv.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { type GridColumn, VirtualGrid } from '../table/virtual-grid.tsx';
import { type ShownResult, useConsole } from './console-store.ts';
import { ROW_CAP } from './guard.ts';
import { mapColumns, resultOnMap } from './on-map.ts';
import { useHandOut } from './use-hand-out.ts';
import { useSaySql } from './use-say-sql.ts';

/** The rows of the last answer, and what can be done with them. */
export function SqlResults({ result }: { readonly result: ShownResult }) {
  const say = useSaySql();
  const { number } = useText();
  const { manifest } = useSession().snapshot;
  const { sheet, capped, ms } = result;
  const onMap = useConsole((state) => state.onMap);
  const { putOnMap } = useConsole.getState();
  const candidates = mapColumns(sheet);
  const [column, setColumn] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const handOut = useHandOut(result);
  const chosen = candidates.find((name) => name === column) ?? candidates[0];
  const draw = () => {
    if (!chosen) return;
    const { coarsest, finest } = manifest.grid;
    const made = resultOnMap(sheet, chosen, { sql: result.sql, coarsest, finest });
    if (!made) return setNote(say('map.nothing'));
    const desk = useDesk.getState();
    desk.setLayer('count');
    putOnMap(made);
    desk.setPane(null);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(tsvOf(sheet));
      setNote(say('result.copied'));
    } catch {
      setNote(say('result.copyFailed'));
    }
  };
  const columns: GridColumn[] = sheet.columns.map(({ name, kind }, at) => ({
    key: `${at}`,
    name,
    align: kind === 'text' ? 'start' : 'end',
    track: kind === 'text' ? 'minmax(9rem, 1fr)' : 'minmax(6rem, 0.6fr)',
  }));
  return (
    <div className="sql-results">
      <div className="pane-controls">
        <strong data-sql="rows">{say('result.rows', { n: sheet.rows.length })}</strong>
        <span className="fine">{say('result.ms', { n: Math.round(ms) })}</span>
        {capped && <em className="mark warn">{say('result.capped', { n: ROW_CAP })}</em>}
        {chosen && (
          <>
            {candidates.length > 1 && (
              <select aria-label={say('map.column')} value={chosen} onChange={(event) => setColumn(event.target.value)}>
                {candidates.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
            <button type="button" data-sql="map" aria-pressed={onMap?.sql === result.sql} onClick={draw}>
              {say('map.put')}
            </button>
          </>
        )}
        <button type="button" onClick={() => void copy()}>
          {say('result.copy')}
        </button>
        <button type="button" data-sql="csv" onClick={() => handOut('csv', (about) => csvOf(sheet, about))}>
          CSV
        </button>
        <button
          type="button"
          onClick={() =>
            handOut('parquet', async (about) => (await import('../../../export/parquet.ts')).parquetOf(sheet, about))
          }
        >
          Parquet
        </button>
        <span role="status" className="fine">
          {note}
        </span>
      </div>
      {sheet.rows.length === 0 ? (
        <p className="panel-empty">{say('result.none')}</p>
      ) : (
        <VirtualGrid
          label={say('result.title')}
          columns={columns}
          rows={sheet.rows.length}
          cell={(row, at) => {
            const value = sheet.rows[row]?.[at] ?? null;
            if (value === null) return <span className="missing">{say('result.null')}</span>;
            if (typeof value === 'string') return <span title={value}>{value}</span>;
            return Number.isInteger(value) ? number(value) : plain(value);
          }}
        />
      )}
    </div>
  );
}

/** Up to six significant digits after the point; a very small or large number keeps its exponent. */
function plain(value: number): string {
  return String(Number(value.toPrecision(8)));
}
