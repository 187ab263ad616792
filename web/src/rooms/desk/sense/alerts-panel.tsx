import { type KeyboardEvent, lazy, useEffect, useState } from 'react';
import type { Alert, Alerts } from '../../../../../core/contract/sense.ts';
import { sayRules } from '../../../i18n/rules-texts.ts';
import { about, levelText, whereText } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { isoDate } from '../../../time/week.ts';
import { LazyPart } from '../../../ui/lazy-part.tsx';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useText } from '../../../ui/use-text.ts';
import { ALERT_LIST_ID } from '../alert-list-id.ts';
import { AlertCard } from './alert-card.tsx';
import { StateLook } from './state-look.tsx';
import { findAlert, useNames } from './use-alerts.ts';
import { useSay, useSense } from './use-sense.ts';
import './alerts.css';

/** The ranked list, or the card of the opened alert. */
export function AlertsPanel() {
  const say = useSay();
  const state = useSense('alerts');
  const opened = useDesk((desk) => desk.alert);
  const { openAlert } = useDesk.getState();
  if (state.status !== 'ready') return <StateLook state={state} />;
  const alerts = state.value;
  const alert = opened === null ? null : findAlert(alerts, opened);
  if (alert) return <AlertCard key={alert.id} alert={alert} alerts={alerts} onClose={() => openAlert(null)} />;
  const { cityPerDay, divisionPerDay } = alerts.budget;
  return (
    <section className="alerts" aria-label={say('alerts.title')} data-panel="alerts">
      <header className="alerts-head">
        <p>
          <strong>{say('alerts.subtitle')}</strong> · {say('alerts.asOf', { day: isoDate(alerts.asOfDay) })}
        </p>
        <p>{say('alerts.states', countStates(alerts.alerts))}</p>
        <p className="fine">{say('alerts.budget', { city: cityPerDay, division: divisionPerDay })}</p>
      </header>
      {opened !== null && <p className="mark warn">{say('alerts.unknown', { id: opened })}</p>}
      {alerts.alerts.length === 0 && <p className="panel-empty">{say('alerts.none')}</p>}
      <AlertRows alerts={alerts.alerts} id={ALERT_LIST_ID} />
      {alerts.rest.length > 0 && (
        <details>
          <summary>{say('alerts.rest', { n: alerts.rest.length })}</summary>
          <AlertRows alerts={alerts.rest} />
        </details>
      )}
      {alerts.register && alerts.register.length > 0 && (
        <details className="alerts-register" data-register={alerts.register.length}>
          <summary>{say('alerts.register', { n: alerts.register.length })}</summary>
          <p className="fine">{say('alerts.registerHow')}</p>
          <AlertRows alerts={alerts.register} />
        </details>
      )}
      {alerts.ended.length > 0 && (
        <details className="alerts-ended">
          <summary>{say('alerts.ended', { n: alerts.ended.length })}</summary>
          <AlertRows alerts={alerts.ended} />
        </details>
      )}
      <LazyPart>
        <ReportingNotices />
      </LazyPart>
      <Replay alerts={alerts} />
      <p className="fine">{say('alerts.hint')}</p>
    </section>
  );
}

const ReportingNotices = lazy(() =>
  import('./reporting-notices.tsx').then(({ ReportingNotices: part }) => ({ default: part })),
);
const RuleReplay = lazy(() => import('./rule-replay.tsx').then(({ RuleReplay: part }) => ({ default: part })));

/** Closed until somebody asks: the code of the replay comes with the first look. */
function Replay({ alerts }: { readonly alerts: Alerts }) {
  const locale = useDesk((desk) => desk.locale);
  const [open, setOpen] = useState(false);
  return (
    <details className="alerts-replay" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{sayRules(locale, 'title')}</summary>
      {open && (
        <LazyPart>
          <RuleReplay alerts={alerts} />
        </LazyPart>
      )}
    </details>
  );
}

function countStates(alerts: readonly Alert[]): Record<'new' | 'escalated' | 'continuing' | 'easing', number> {
  const of = (state: Alert['state']): number => alerts.filter((alert) => alert.state === state).length;
  return { new: of('new'), escalated: of('escalated'), continuing: of('continuing'), easing: of('easing') };
}

interface AlertRowsProps {
  readonly alerts: readonly Alert[];
  readonly id?: string;
}

function AlertRows({ alerts, id }: AlertRowsProps) {
  // The key that asks for the list may have been pressed before it was there.
  useEffect(() => {
    if (id && useDesk.getState().wantsAlertFocus) focusAlerts();
  }, [id]);
  return (
    <ol className="alert-rows" {...(id ? { id } : {})} onKeyDown={moveFocus}>
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} />
      ))}
    </ol>
  );
}

export function focusAlerts(): void {
  document.querySelector<HTMLButtonElement>(`#${ALERT_LIST_ID} button`)?.focus();
  useDesk.getState().wantAlertFocus(false);
}

/** Arrow keys go over every row on screen, Home and End to the first and the last. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  const rows = [...document.querySelectorAll<HTMLButtonElement>('.alert-rows button')].filter(
    (row) => row.offsetParent,
  );
  const at = rows.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}

function AlertRow({ alert }: { readonly alert: Alert }) {
  const say = useSay();
  const { label } = useText();
  const names = useNames();
  const { openAlert } = useDesk.getState();
  const state = say(`state.${alert.state}`);
  const level = levelText(alert.level, say);
  const why = label(alert.why);
  return (
    <li>
      <button
        type="button"
        className="alert-row"
        data-state={alert.state}
        data-alert={alert.id}
        onClick={() => openAlert(alert.id)}
      >
        <span className="alert-level">
          <LevelMark level={alert.level} />
          <span>{level}</span>
        </span>
        <span className="alert-main">
          <span className="alert-title">
            <strong>{names.category(alert.category)}</strong>
            <span className="alert-state">{state}</span>
          </span>
          <span className="alert-where">{whereText(alert, names.division, say)}</span>
          <span className="alert-why">{why}</span>
          <span className="alert-since">
            {say('alerts.rowSince', { day: isoDate(alert.since) })} ·{' '}
            {alert.reports === undefined
              ? say(alert.kind === 'recurrence' ? 'alerts.rowPlaces' : 'alerts.rowCounts', {
                  observed: alert.observed,
                  expected: about(alert.expected),
                })
              : say('alerts.rowProblems', {
                  observed: alert.observed,
                  reports: alert.reports,
                  expected: about(alert.expected),
                })}
          </span>
        </span>
      </button>
    </li>
  );
}
