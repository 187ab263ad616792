import { type ChangeEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { DeskFinding } from '../../../../../core/contract/finding.ts';
import { download } from '../../../export/about.ts';
import { mergedFindings, withoutFinding } from '../../../findings/changes.ts';
import type { FindingImport } from '../../../findings/sheet.ts';
import { useFindings } from '../../../findings/use-findings.ts';
import { useRoom } from '../../../state/room.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { FindingForm } from './finding-form.tsx';
import { closeFindings, editFinding, useFindingsWindow } from './finding-form-state.ts';
import { useSayFinding } from './use-say-finding.ts';
import '../sense/alerts.css';

/** Write a finding of the present view, and see, open, change, take away, hand out and take in those that are there. */
export function FindingsWindow() {
  const say = useSayFinding();
  const dialog = useRef<HTMLDialogElement>(null);
  const { findings, problem } = useFindings();
  const editing = useFindingsWindow((state) => state.editing);
  const known = findings.find(({ id }) => id === editing) ?? null;
  useEffect(() => {
    dialog.current?.showModal();
    // Opening gives the focus to the first control; what was asked for is the form.
    dialog.current?.querySelector('textarea')?.focus();
  }, []);
  return (
    <dialog ref={dialog} className="findings" aria-labelledby="findings-title" onClose={closeFindings}>
      <header>
        <h2 id="findings-title">{say('title')}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {say('close')}
        </button>
      </header>
      <p className="fine">{say('explain')}</p>
      {problem && (
        <div className="panel-failed" role="alert" data-problem={problem}>
          <strong>{say(`problem.${problem}`)}</strong>
          {problem === 'damaged' && (
            <button type="button" onClick={() => void useFindings.getState().putAside()}>
              {say('problem.putAside')}
            </button>
          )}
        </div>
      )}
      <FindingForm key={known?.id ?? 'new'} known={known} />
      <h3>{say('list.title', { n: findings.length })}</h3>
      {findings.length === 0 && <p className="panel-empty">{say('list.none')}</p>}
      <ol className="findings-list">
        {[...findings].reverse().map((finding) => (
          <FindingRow key={finding.id} finding={finding} onLeave={() => dialog.current?.close()} />
        ))}
      </ol>
      <InOut findings={findings} />
    </dialog>
  );
}

interface FindingRowProps {
  readonly finding: DeskFinding;
  readonly onLeave: () => void;
}

function FindingRow({ finding, onLeave }: FindingRowProps) {
  const { manifest } = useSession().snapshot;
  const say = useSayFinding();
  const [sure, setSure] = useState(false);
  const { id, text, level, week, link, scope, n, snapshot, asOf, at } = finding;
  const go = (event: MouseEvent, url: string) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onLeave();
    useRoom.getState().goTo(url);
  };
  const [view, brief] = [`/desk?${link}`, `/review/${week}`];
  return (
    <li data-finding={id}>
      <p className="finding-text">
        {level !== null && <LevelMark level={level} />} {text}
      </p>
      <p className="fine">
        {id} · {scope || say('list.scopeNone')}
        {n !== null && ` · ${say('form.count', { n })}`} · {say('list.asOf', { asOf })} · {say('list.at', { at })}
        {snapshot !== manifest.snapshot && ` · ${say('list.otherSnapshot')}`}
      </p>
      <p className="finding-tools">
        <a href={view} data-open="view" onClick={(event) => go(event, view)}>
          {say('list.open')}
        </a>
        <a href={brief} data-open="brief" onClick={(event) => go(event, brief)}>
          {say('list.brief')} {week}
        </a>
        <button type="button" className="quiet" onClick={() => editFinding(id)}>
          {say('list.edit')}
        </button>
        <button
          type="button"
          className="quiet"
          onBlur={() => setSure(false)}
          onClick={() => (sure ? void useFindings.getState().change((all) => withoutFinding(all, id)) : setSure(true))}
        >
          {sure ? say('list.deleteSure') : say('list.delete')}
        </button>
      </p>
    </li>
  );
}

type ImportState =
  | { readonly kind: 'read'; readonly file: string; readonly result: FindingImport }
  | { readonly kind: 'failed'; readonly file: string; readonly message: string }
  | { readonly kind: 'kept'; readonly file: string; readonly n: number };

/** Out to a workbook and in from one; nothing is taken in before its faults were shown. */
function InOut({ findings }: { readonly findings: readonly DeskFinding[] }) {
  const say = useSayFinding();
  const [state, setState] = useState<ImportState | null>(null);
  const save = async () => {
    const [{ findingsSheet }, { writeWorkbook }] = await Promise.all([
      import('../../../findings/sheet.ts'),
      import('../../../ledger/xlsx.ts'),
    ]);
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    download('hexsight-findings.xlsx', new Blob([writeWorkbook([findingsSheet(findings)])], { type }));
  };
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    try {
      const [{ findingsOf }, { readWorkbook }] = await Promise.all([
        import('../../../findings/sheet.ts'),
        import('../../../ledger/xlsx.ts'),
      ]);
      const result = findingsOf(readWorkbook(new Uint8Array(await file.arrayBuffer())));
      setState({ kind: 'read', file: file.name, result });
    } catch (thrown) {
      setState({ kind: 'failed', file: file.name, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  const take = async (file: string, { findings: incoming }: FindingImport) => {
    if (await useFindings.getState().change((present) => mergedFindings(present, incoming)))
      setState({ kind: 'kept', file, n: incoming.length });
  };
  return (
    <footer className="findings-files">
      <div className="finding-tools">
        <button type="button" disabled={findings.length === 0} onClick={() => void save()}>
          {say('export')}
        </button>
        <label className="button-like">
          {say('import')}
          <input type="file" accept=".xlsx" onChange={(event) => void open(event)} />
        </label>
        <span className="fine">{say('where')}</span>
      </div>
      {state?.kind === 'failed' && (
        <p className="panel-failed" role="alert">
          {say('import.unreadable', { file: state.file, message: state.message })}
        </p>
      )}
      {state?.kind === 'kept' && <p role="status">{say('import.kept', { file: state.file, n: state.n })}</p>}
      {state?.kind === 'read' && <Faults state={state} onTake={take} onDrop={() => setState(null)} />}
    </footer>
  );
}

const MOST_FAULTS = 20;

interface FaultsProps {
  readonly state: Extract<ImportState, { readonly kind: 'read' }>;
  readonly onTake: (file: string, result: FindingImport) => Promise<void>;
  readonly onDrop: () => void;
}

function Faults({ state: { file, result }, onTake, onDrop }: FaultsProps) {
  const say = useSayFinding();
  const { findings, faults } = result;
  return (
    <div role="status">
      <p>{say('import.faults', { file, taken: findings.length, faults: faults.length })}</p>
      <ul>
        {faults.slice(0, MOST_FAULTS).map(({ row, column, why }) => (
          <li key={`${row}${column}${why}`}>
            {say('import.fault', { row: String(row), column, why: say(`fault.${why}`) })}
          </li>
        ))}
      </ul>
      {faults.length > MOST_FAULTS && <p>{say('import.more', { n: faults.length - MOST_FAULTS })}</p>}
      <div className="finding-tools">
        <button type="button" disabled={findings.length === 0} onClick={() => void onTake(file, result)}>
          {say('import.take', { n: findings.length })}
        </button>
        <button type="button" onClick={onDrop}>
          {say('import.drop')}
        </button>
      </div>
    </div>
  );
}
