import type { DecisionOutcome } from '../../../../core/brief/decisions.ts';
import { REMEDY_STATES } from '../../../../core/contract/ledger.ts';
import { withRemedyState } from '../../ledger/changes.ts';
import { useLedger } from '../../ledger/use-ledger.ts';
import { useText } from '../../ui/use-text.ts';
import { FigureLink, useReview } from './say.tsx';

/** What was decided before and what became of it: state, before and after, interval. */
export function Decisions({ outcomes }: { readonly outcomes: readonly DecisionOutcome[] }) {
  const say = useReview();
  const { label } = useText();
  const { change } = useLedger.getState();
  if (outcomes.length === 0) return <p className="brief-text sense-absent">{say('decisions.none')}</p>;
  return (
    <>
      <ol className="decisions">
        {outcomes.map(({ problem, duty, remedy, state, where, before, after, weeks, words, interval }) => (
          <li key={remedy.id} data-decision={remedy.id}>
            <div className="decision-head">
              <strong>{remedy.measure}</strong>
              <span className="decision-state" data-state={state}>
                {say(`remedy.${state}`)}
              </span>
            </div>
            <p>
              {say('decisions.for', { problem: problem.text })} · {say('decisions.owner', { owner: duty.owner })} ·{' '}
              {say('decisions.deadline', { day: remedy.deadline })}
            </p>
            <p>
              {label(where)}：{' '}
              {before && after && (
                <>
                  {say('decisions.before', { weeks })} <FigureLink figure={before} />{' '}
                  {say('decisions.after', { weeks })} <FigureLink figure={after} />
                  {say('decisions.join')}
                </>
              )}
              {label(words)}
              {interval && `${say('decisions.join')}${label(interval)}`}
            </p>
            <label className="no-print">
              {say('decisions.set')}{' '}
              <select
                value={remedy.state}
                onChange={(event) => {
                  const next = REMEDY_STATES.find((one) => one === event.target.value);
                  if (next) void change((ledger) => withRemedyState(ledger, remedy.id, next));
                }}
              >
                {REMEDY_STATES.map((one) => (
                  <option key={one} value={one}>
                    {say(`remedy.${one}`)}
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ol>
      <p className="fine">{say('decisions.note')}</p>
    </>
  );
}
