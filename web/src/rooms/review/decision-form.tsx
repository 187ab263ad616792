import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Query } from '../../../../core/brief/figure.ts';
import type { BriefWeek } from '../../../../core/brief/week.ts';
import { isoDate } from '../../../../core/time/local-date.ts';
import { withDecision } from '../../ledger/changes.ts';
import { useLedger } from '../../ledger/use-ledger.ts';
import { useSession } from '../../ui/use-panel.ts';
import { scopeOf } from './query-link.ts';
import { useReview } from './say.tsx';

interface DecisionFormProps {
  /** What the decision is about, in the words of the slide. */
  readonly problem: string;
  readonly query: Query;
  readonly week: BriefWeek;
  /** Proposed days to the deadline, from the end of the week. */
  readonly days: number;
  /** Who shares the finding, proposed as owners. */
  readonly owners: readonly string[];
  readonly onDone: (kept: boolean) => void;
}

/** A decision: measure, owner department, deadline. One row in each of the three lists. */
export function DecisionForm({ problem, query, week, days, owners, onDone }: DecisionFormProps) {
  const { snapshot } = useSession();
  const say = useReview();
  const failed = useLedger((state) => state.problem);
  const { change } = useLedger.getState();
  const [measure, setMeasure] = useState('');
  const [owner, setOwner] = useState(owners[0] ?? '');
  const [deadline, setDeadline] = useState(isoDate(week.endDay - 1 + days));
  const [tried, setTried] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const complete = measure.trim() !== '' && owner.trim() !== '' && deadline !== '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!complete) return;
    const kept = await change((ledger) =>
      withDecision(ledger, {
        problem,
        week: week.iso,
        snapshot: snapshot.manifest.snapshot,
        scope: scopeOf(query, snapshot),
        measure: measure.trim(),
        owner: owner.trim(),
        deadline,
      }),
    );
    if (kept) onDone(true);
  };
  return (
    <dialog ref={dialog} className="decision-form" aria-label={say('decide.title')} onClose={() => onDone(false)}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>{say('decide.title')}</h2>
        <p className="fine">{say('decide.about', { problem })}</p>
        <label>
          {say('decide.measure')}
          <textarea
            name="measure"
            rows={3}
            maxLength={500}
            autoFocus
            value={measure}
            onChange={(e) => setMeasure(e.target.value)}
          />
        </label>
        <label>
          {say('decide.owner')}
          <input
            name="owner"
            list="decision-owners"
            maxLength={100}
            value={owner}
            onChange={(e) => setOwner(e.target.value)}
          />
          <datalist id="decision-owners">
            {owners.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <label>
          {say('decide.deadline')}
          <input name="deadline" type="date" value={deadline} onChange={(e) => setDeadline(e.target.value)} />
        </label>
        <p className="fine">{say('decide.noPersons')}</p>
        {tried && !complete && (
          <p className="mark warn" role="alert">
            {say('decide.incomplete')}
          </p>
        )}
        {tried && failed && (
          <p className="panel-failed" role="alert">
            {say(`ledger.problem.${failed}`)}
          </p>
        )}
        <div className="ledger-tools">
          <button type="submit" className="primary">
            {say('decide.keep')}
          </button>
          <button type="button" onClick={() => onDone(false)}>
            {say('decide.cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}
