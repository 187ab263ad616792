import { useEffect, useMemo, useState } from 'react';
import type { Values } from '../../../i18n/texts.ts';
import { LazyPart } from '../../../ui/lazy-part.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import type { NamedCode } from './completion.ts';
import { type ConsoleStatus, useConsole } from './console-store.ts';
import { cancelQuery, openDatabase, runQuery } from './controller.ts';
import { examplesFor } from './examples.ts';
import { ROW_CAP } from './guard.ts';
import { adviceKey, type QueryProblem } from './problem.ts';
import { SqlEditor } from './sql-editor.tsx';
import { SqlResults } from './sql-results.tsx';
import { useSaySql } from './use-say-sql.ts';
import './sql-console.css';

const TIMEOUTS_S = [10, 30, 60] as const;

/** Reads the published incidents in SQL: an instance of its own that can reach nothing else. */
export function SqlConsole() {
  const { snapshot } = useSession();
  const say = useSaySql();
  const { label } = useText();
  const { manifest, divisions } = snapshot;
  const text = useConsole((state) => state.text);
  const status = useConsole((state) => state.status);
  const tables = useConsole((state) => state.tables);
  const problem = useConsole((state) => state.problem);
  const result = useConsole((state) => state.result);
  const timeoutS = useConsole((state) => state.timeoutS);
  const { setText, setTimeoutS } = useConsole.getState();
  const codes = useMemo((): readonly NamedCode[] => {
    const { categories, sources } = manifest.dictionaries;
    const places = divisions.code.map((code, id) => {
      const zh = divisions.name[id] ?? code;
      return { code, name: { zh, en: divisions.nameEn[id] ?? zh } };
    });
    return [
      ...categories.map(({ code, name }) => ({ code, name })),
      ...sources.map(({ key, name }) => ({ code: key, name })),
      // Streets and above: thousands of grid names would hide everything else.
      ...places.filter((_, id) => (divisions.level[id] ?? 9) <= 2),
    ];
  }, [manifest, divisions]);
  const examples = useMemo(
    () =>
      examplesFor(
        manifest.weeks.map(({ iso }) => iso),
        manifest.grid.overview,
      ),
    [manifest],
  );
  const example = examples.find(({ sql }) => sql === text);
  useEffect(() => void openDatabase(snapshot).catch(() => undefined), [snapshot]);
  const run = () => void runQuery(snapshot, text);
  const running = status.kind === 'running';
  return (
    <section className="sql-console" aria-label={say('console.title')} data-panel="sql" data-status={status.kind}>
      <div className="sql-top">
        <div className="sql-left">
          <SqlEditor text={text} tables={tables} codes={codes} onChange={setText} onRun={run} />
          <div className="pane-controls">
            {running ? (
              <button type="button" data-sql="cancel" onClick={cancelQuery}>
                {say('run.cancel')}
              </button>
            ) : (
              <button type="button" className="primary" data-sql="run" disabled={text.trim() === ''} onClick={run}>
                {say('run.run')} <kbd>Ctrl+↵</kbd>
              </button>
            )}
            <label>
              {say('run.timeout')}{' '}
              <select value={timeoutS} onChange={(event) => setTimeoutS(Number(event.target.value))}>
                {TIMEOUTS_S.map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {say('run.seconds', { n: seconds })}
                  </option>
                ))}
              </select>
            </label>
            <Saving />
            <StatusLine status={status} />
          </div>
          {example && <p className="sql-says">{label(example.says)}</p>}
        </div>
        <Shelf examples={examples} />
      </div>
      {problem && <Problem problem={problem} />}
      {result ? (
        <LazyPart>
          <SqlResults result={result} />
        </LazyPart>
      ) : (
        !problem && <p className="panel-empty">{say('console.empty', { n: ROW_CAP })}</p>
      )}
    </section>
  );
}

function StatusLine({ status }: { readonly status: ConsoleStatus }) {
  const { snapshot } = useSession();
  const say = useSaySql();
  const [seconds, setSeconds] = useState(0);
  const since = status.kind === 'running' ? status.startedMs : null;
  useEffect(() => {
    if (since === null) return;
    setSeconds(0);
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - since) / 1000)), 250);
    return () => clearInterval(timer);
  }, [since]);
  switch (status.kind) {
    case 'closed':
    case 'ready':
      return null;
    case 'loading':
      return (
        <span role="status" className="panel-loading">
          {status.progress
            ? say('status.loading', { loaded: status.progress.loaded, total: status.progress.total })
            : say('status.starting')}
        </span>
      );
    case 'running':
      return (
        <span role="status" className="panel-loading">
          {say('status.running', { n: seconds })}
        </span>
      );
    case 'failed':
      return (
        <span role="alert" className="panel-failed">
          {say('status.failed')} <code>{status.message}</code>{' '}
          <button type="button" onClick={() => void openDatabase(snapshot).catch(() => undefined)}>
            {say('status.retry')}
          </button>
        </span>
      );
    default:
      return status satisfies never;
  }
}

function Problem({ problem }: { readonly problem: QueryProblem }) {
  const say = useSaySql();
  const values: Values =
    problem.kind === 'refused' ? { word: problem.word } : problem.kind === 'timeout' ? { n: problem.seconds } : {};
  return (
    <div className="panel-failed sql-problem" role="alert">
      <strong>{say(adviceKey(problem), values)}</strong>
      {problem.kind === 'error' && (
        <>
          {problem.line !== null && <span>{say('problem.line', { n: problem.line })}</span>}
          <pre className="panel-reason">{problem.message}</pre>
        </>
      )}
      {problem.kind === 'stopped' && <pre className="panel-reason">{problem.message}</pre>}
    </div>
  );
}

function Saving() {
  const say = useSaySql();
  const text = useConsole((state) => state.text);
  const { save } = useConsole.getState();
  const [name, setName] = useState<string | null>(null);
  if (name === null)
    return (
      <button type="button" disabled={text.trim() === ''} onClick={() => setName('')}>
        {say('save.open')}
      </button>
    );
  const done = () => {
    if (name.trim() !== '') save({ name: name.trim().slice(0, 80), sql: text });
    setName(null);
  };
  return (
    <form
      className="sql-save"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the reader has just asked for it
        autoFocus
        value={name}
        maxLength={80}
        aria-label={say('save.name')}
        placeholder={say('save.name')}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit">{say('save.save')}</button>
    </form>
  );
}

type ShelfName = 'tables' | 'examples' | 'saved' | 'history';
const SHELVES: readonly ShelfName[] = ['examples', 'tables', 'saved', 'history'];

/** Beside the editor: examples, tables with their columns, what was saved and what was run. */
function Shelf({ examples }: { readonly examples: ReturnType<typeof examplesFor> }) {
  const say = useSaySql();
  const { label } = useText();
  const [shelf, setShelf] = useState<ShelfName>('examples');
  const tables = useConsole((state) => state.tables);
  const saved = useConsole((state) => state.saved);
  const history = useConsole((state) => state.history);
  const { setText, forget } = useConsole.getState();
  return (
    <div className="sql-shelf">
      <fieldset className="stage-choice" aria-label={say('shelf.label')}>
        {SHELVES.map((name) => (
          <button key={name} type="button" aria-pressed={shelf === name} onClick={() => setShelf(name)}>
            {say(`shelf.${name}`)}
          </button>
        ))}
      </fieldset>
      <div className="sql-shelf-body">
        {shelf === 'examples' &&
          examples.map(({ id, title, says, sql }) => (
            <button key={id} type="button" className="shelf-item" data-example={id} onClick={() => setText(sql)}>
              <strong>{label(title)}</strong>
              <span className="fine">{label(says)}</span>
            </button>
          ))}
        {shelf === 'tables' &&
          tables.map(({ name, says, columns }) => (
            <details key={name}>
              <summary>
                <code>{name}</code> <span className="fine">{label(says)}</span>
              </summary>
              <dl>
                {columns.map((column) => (
                  <div key={column.name}>
                    <dt>
                      <code>{column.name}</code>
                    </dt>
                    <dd>{label(column.says)}</dd>
                  </div>
                ))}
              </dl>
            </details>
          ))}
        {shelf === 'tables' && tables.length === 0 && <p className="panel-loading">{say('status.starting')}</p>}
        {shelf === 'saved' && saved.length === 0 && <p className="panel-empty">{say('shelf.noSaved')}</p>}
        {shelf === 'saved' &&
          saved.map(({ name, sql }) => (
            <div key={name} className="shelf-row">
              <button type="button" className="shelf-item" onClick={() => setText(sql)}>
                <strong>{name}</strong>
                <code className="fine">{sql}</code>
              </button>
              <button type="button" aria-label={say('shelf.forget', { name })} onClick={() => forget(name)}>
                ×
              </button>
            </div>
          ))}
        {shelf === 'history' && history.length === 0 && <p className="panel-empty">{say('shelf.noHistory')}</p>}
        {shelf === 'history' &&
          history.map((sql) => (
            <button key={sql} type="button" className="shelf-item" onClick={() => setText(sql)}>
              <code className="fine">{sql}</code>
            </button>
          ))}
      </div>
    </div>
  );
}
