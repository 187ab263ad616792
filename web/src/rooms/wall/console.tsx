import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { handoverSince, parseJournal } from './journal.ts';
import { nameOfDivision } from './model.ts';
import { JOURNAL } from './runtime.ts';
import { readKept } from './storage.ts';
import { useReport } from './use-report.ts';
import { useSayWall } from './use-wall.ts';
import './css/console.css';

/** The operator's window: drives the wall of this machine, and prints what a shift hands over. */
export function Console() {
  const say = useSayWall();
  const { label } = useText();
  const { report, command } = useReport();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.target instanceof HTMLInputElement) return;
      if (event.key === 'n' || event.key === 'ArrowRight') command({ kind: 'step', by: 1 });
      else if (event.key === 'p' || event.key === 'ArrowLeft') command({ kind: 'step', by: -1 });
      else if (event.key === 'f') command({ kind: 'freeze', frozen: true });
      else if (event.key === 'r') command({ kind: 'resume' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [command]);
  return (
    <main className="wall-console">
      <header>
        <h1>{say('console.title')}</h1>
        <p role="status" data-connected={report !== null}>
          {report ? say('console.connected', { id: report.snapshot.slice(0, 8) }) : say('console.alone')}
        </p>
      </header>
      <section aria-label={say('console.drive')}>
        <div className="console-buttons">
          <button type="button" onClick={() => command({ kind: 'step', by: -1 })}>
            {say('console.previous')} <kbd>p</kbd>
          </button>
          <button type="button" onClick={() => command({ kind: 'step', by: 1 })}>
            {say('console.next')} <kbd>n</kbd>
          </button>
          <button
            type="button"
            aria-pressed={report?.frozen ?? false}
            onClick={() => command({ kind: 'freeze', frozen: !(report?.frozen ?? false) })}
          >
            {say('console.freeze')} <kbd>f</kbd>
          </button>
          <button type="button" onClick={() => command({ kind: 'resume' })}>
            {say('console.resume')} <kbd>r</kbd>
          </button>
        </div>
        <CaptionForm caption={report?.caption ?? null} onCaption={(text) => command({ kind: 'caption', text })} />
        <PlaceForm onVisit={(division) => command({ kind: 'visit', division })} />
        <ol className="console-stops">
          {report?.stops.map((stop) => (
            <li key={stop.id} data-stop={stop.id} aria-current={stop.id === report.at}>
              {stop.level === null ? <i /> : <LevelMark level={stop.level} />}
              <span>{label(stop.caption)}</span>
              <button type="button" onClick={() => command({ kind: 'go', id: stop.id })}>
                {say('console.show')}
              </button>
              <button
                type="button"
                aria-pressed={report.pinned === stop.id}
                onClick={() => command({ kind: 'pin', id: report.pinned === stop.id ? null : stop.id })}
              >
                {say('console.pin')}
              </button>
            </li>
          ))}
        </ol>
      </section>
      <HandoverSheet snapshot={report?.snapshot ?? null} captions={report?.stops ?? []} />
    </main>
  );
}

function CaptionForm({
  caption,
  onCaption,
}: {
  readonly caption: string | null;
  readonly onCaption: (text: string | null) => void;
}) {
  const say = useSayWall();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCaption(text.trim() === '' ? null : text.trim());
  };
  return (
    <form onSubmit={submit}>
      <label>
        {say('console.caption')}
        <input value={text} maxLength={60} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit">{say('console.write')}</button>
      <button
        type="button"
        disabled={caption === null}
        onClick={() => {
          setText('');
          onCaption(null);
        }}
      >
        {say('console.clear')}
      </button>
    </form>
  );
}

const MOST_FOUND = 6;

function PlaceForm({ onVisit }: { readonly onVisit: (code: string) => void }) {
  const say = useSayWall();
  const { label } = useText();
  const { snapshot } = useSession();
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const { divisions } = snapshot;
    const hits: number[] = [];
    for (let id = 1; id < divisions.count && hits.length < MOST_FOUND; id++) {
      if (divisions.level[id]! > 2) continue;
      const { zh, en } = nameOfDivision(snapshot, id);
      if (zh.includes(wanted) || en.toLowerCase().includes(wanted)) hits.push(id);
    }
    return hits;
  }, [text, snapshot]);
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <label>
        {say('console.place')}
        <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      {found.map((id) => (
        <button key={id} type="button" onClick={() => onVisit(snapshot.divisions.code[id]!)}>
          {label(nameOfDivision(snapshot, id))}
        </button>
      ))}
    </form>
  );
}

const SHIFTS = [0, 8, 16, 20] as const;

interface HandoverProps {
  /** A new snapshot on the wall: read again. */
  readonly snapshot: string | null;
  readonly captions: readonly { readonly id: string; readonly caption: { readonly zh: string; readonly en: string } }[];
}

/** 自 08:00 以来: what came, what rose, what ended, what still stands. */
function HandoverSheet({ snapshot, captions }: HandoverProps) {
  const say = useSayWall();
  const { label, locale } = useText();
  const [hour, setHour] = useState(8);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another snapshot has written to the journal
  const handover = useMemo(
    () => handoverSince(parseJournal(readKept(JOURNAL)), lastTimeOf(hour, Date.now())),
    [hour, snapshot],
  );
  const text = (id: string) => {
    const stop = captions.find((one) => one.id === `alert/${id}`);
    return stop ? label(stop.caption) : id;
  };
  const parts = [
    ['waiting', handover.waiting],
    ['added', handover.added],
    ['escalated', handover.escalated],
    ['closed', handover.closed],
  ] as const;
  return (
    <section className="console-handover" aria-label={say('handover.title')}>
      <header>
        <h2>{say('handover.since', { hour: `${String(hour).padStart(2, '0')}:00` })}</h2>
        <fieldset>
          {SHIFTS.map((start) => (
            <button key={start} type="button" aria-pressed={start === hour} onClick={() => setHour(start)}>
              {`${String(start).padStart(2, '0')}:00`}
            </button>
          ))}
          <button type="button" onClick={() => window.print()}>
            {say('handover.print')}
          </button>
        </fieldset>
      </header>
      <p>
        {handover.baseMs === null
          ? say('handover.nothing')
          : say('handover.base', { time: new Date(handover.baseMs).toLocaleString(locale) })}
      </p>
      {parts.map(([kind, ids]) => (
        <div key={kind} data-handover={kind}>
          <h3>{say(`handover.${kind}`, { n: ids.length })}</h3>
          <ul>
            {ids.map((id) => (
              <li key={id}>{text(id)}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** The last moment at which the machine's clock showed that hour: a shift is where the people are. */
export function lastTimeOf(hour: number, nowMs: number): number {
  const at = new Date(nowMs);
  at.setHours(hour, 0, 0, 0);
  return at.getTime() <= nowMs ? at.getTime() : at.getTime() - 86_400_000;
}
