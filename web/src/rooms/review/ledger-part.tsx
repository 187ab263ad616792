import { type ChangeEvent, useState } from 'react';
import { merged } from '../../ledger/changes.ts';
import type { ImportResult } from '../../ledger/sheets.ts';
import { useLedger } from '../../ledger/use-ledger.ts';
import { useReview } from './say.tsx';

type ImportState =
  | { readonly kind: 'read'; readonly file: string; readonly result: ImportResult }
  | { readonly kind: 'failed'; readonly file: string; readonly message: string }
  | { readonly kind: 'kept'; readonly file: string; readonly taken: number };

/** The three lists: how much is in them, out to a workbook and in from one. Nothing is taken in before its faults were shown. */
export function LedgerPart({ week }: { readonly week: string }) {
  const say = useReview();
  const { ledger, problem } = useLedger();
  const { change, putAside } = useLedger.getState();
  const [state, setState] = useState<ImportState | null>(null);

  const save = async () => {
    const [{ ledgerSheets }, { writeWorkbook }] = await Promise.all([
      import('../../ledger/sheets.ts'),
      import('../../ledger/xlsx.ts'),
    ]);
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const url = URL.createObjectURL(new Blob([writeWorkbook(ledgerSheets(ledger))], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `hexsight-ledger-${week}.xlsx`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    try {
      const [{ ledgerOf }, { readWorkbook }] = await Promise.all([
        import('../../ledger/sheets.ts'),
        import('../../ledger/xlsx.ts'),
      ]);
      const result = ledgerOf(readWorkbook(new Uint8Array(await file.arrayBuffer())), ledger);
      setState({ kind: 'read', file: file.name, result });
    } catch (thrown) {
      setState({ kind: 'failed', file: file.name, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  const take = async (file: string, { ledger: incoming, taken }: ImportResult) => {
    if (await change((present) => merged(present, incoming))) setState({ kind: 'kept', file, taken });
  };

  return (
    <section className="ledger-part no-print" aria-label={say('ledger.title')}>
      <h2>{say('ledger.title')}</h2>
      <p>
        {say('ledger.counts', {
          problems: ledger.problems.length,
          duties: ledger.duties.length,
          remedies: ledger.remedies.length,
          dispositions: ledger.dispositions.length,
        })}{' '}
        <span className="fine">{say('ledger.where')}</span>
      </p>
      {problem && (
        <div className="panel-failed" role="alert">
          <strong>{say(`ledger.problem.${problem}`)}</strong>
          {problem === 'damaged' && (
            <button type="button" onClick={() => void putAside()}>
              {say('ledger.putAside')}
            </button>
          )}
        </div>
      )}
      <div className="ledger-tools">
        <button type="button" onClick={() => void save()}>
          {say('ledger.export')}
        </button>
        <label className="button-like">
          {say('ledger.import')}
          <input type="file" accept=".xlsx" onChange={(event) => void open(event)} />
        </label>
      </div>
      {state?.kind === 'failed' && (
        <p className="panel-failed" role="alert">
          {say('ledger.unreadable', { file: state.file, message: state.message })}
        </p>
      )}
      {state?.kind === 'kept' && <p role="status">{say('ledger.kept', { file: state.file, n: state.taken })}</p>}
      {state?.kind === 'read' && (
        <div className="ledger-import" role="status">
          <p>
            {say('ledger.read', { file: state.file, taken: state.result.taken, faults: state.result.faults.length })}
          </p>
          <ul>
            {state.result.faults.slice(0, 50).map(({ sheet, row, column, why }) => (
              <li key={`${sheet}${row}${column}${why}`}>
                {row === 0
                  ? say('ledger.faultSheet', { sheet, column, why: say(`fault.${why}`) })
                  : say('ledger.fault', { sheet, row: String(row), column, why: say(`fault.${why}`) })}
              </li>
            ))}
          </ul>
          {state.result.faults.length > 50 && <p>{say('ledger.moreFaults', { n: state.result.faults.length - 50 })}</p>}
          <div className="ledger-tools">
            <button
              type="button"
              disabled={state.result.taken === 0}
              onClick={() => void take(state.file, state.result)}
            >
              {say('ledger.take', { n: state.result.taken })}
            </button>
            <button type="button" onClick={() => setState(null)}>
              {say('ledger.drop')}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}
