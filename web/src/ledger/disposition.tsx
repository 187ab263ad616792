import { useEffect } from 'react';
import { DISPOSITIONS } from '../../../core/contract/ledger.ts';
import type { Alert } from '../../../core/contract/sense.ts';
import { isoWeek } from '../../../core/time/local-date.ts';
import { type ReviewKey, saidReview } from '../i18n/review-texts.ts';
import { useDesk } from '../state/store.ts';
import { withDisposition } from './changes.ts';
import { useLedger, watchLedger } from './use-ledger.ts';
import './disposition.css';

/** What became of an alert: 确认 / 误报 / 观察 / 已吹哨, kept in the ledger. Pressing the chosen one again takes it back. */
export function DispositionChoice({ alert }: { readonly alert: Pick<Alert, 'id' | 'since'> }) {
  const locale = useDesk((desk) => desk.locale);
  const said = useLedger(({ ledger }) => ledger.dispositions.find((one) => one.alert === alert.id) ?? null);
  const problem = useLedger((state) => state.problem);
  const { change } = useLedger.getState();
  const say = (key: ReviewKey, values?: Readonly<Record<string, string | number>>) => saidReview(locale, key, values);
  useEffect(watchLedger, []);
  const choose = (what: (typeof DISPOSITIONS)[number]) =>
    void change((ledger) =>
      withDisposition(
        ledger,
        alert.id,
        said?.what === what ? null : { alert: alert.id, what, week: isoWeek(alert.since), at: localMinute(), note: '' },
      ),
    );
  return (
    <fieldset className="disposition" aria-label={say('disposition.title')} data-disposition={said?.what ?? 'none'}>
      <span className="disposition-title" aria-hidden="true">
        {say('disposition.title')}
      </span>
      <div>
        {DISPOSITIONS.map((what) => (
          <button key={what} type="button" aria-pressed={said?.what === what} onClick={() => choose(what)}>
            {say(`disposition.${what}`)}
          </button>
        ))}
      </div>
      <p className="fine">
        {said ? say('disposition.at', { at: said.at }) : say('disposition.none')} · {say('ledger.where')}
      </p>
      {problem && (
        <p className="mark warn" role="alert">
          {say(`ledger.problem.${problem}`)}
        </p>
      )}
    </fieldset>
  );
}

/** The reader's own clock: it says when somebody pressed a button, not when something happened in the city. */
function localMinute(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}`;
}
