import { type ReactNode, useEffect, useRef } from 'react';
import type { Alert, Alerts } from '../../../../../core/contract/sense.ts';
import type { SenseKey } from '../../../i18n/sense-texts.ts';
import { DispositionChoice } from '../../../ledger/disposition.tsx';
import {
  about,
  levelText,
  percent,
  probabilityText,
  recurrenceText,
  trackText,
  whereText,
} from '../../../sense/words.ts';
import { isoDate } from '../../../time/week.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useText } from '../../../ui/use-text.ts';
import { Curve, Hours, Interval } from './drawings.tsx';
import { useNames } from './use-alerts.ts';
import { useSay } from './use-sense.ts';

interface AlertCardProps {
  readonly alert: Alert;
  readonly alerts: Alerts;
  readonly onClose: () => void;
}

/** Why this alert: what was seen, what was to be expected, how sure, what speaks against it, and how often the rule was right. */
export function AlertCard({ alert, alerts, onClose }: AlertCardProps) {
  const say = useSay();
  const { label } = useText();
  const names = useNames();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus({ preventScroll: true }), []);
  const { observed, expected, interval, period, curve, neighbours, hours, cells, resolution } = alert;
  const lastDay = period.endDay - 1;
  return (
    <article className="alert-card" data-panel="alert-card" aria-label={label(alert.why)}>
      <header>
        <button ref={back} type="button" className="alert-back" onClick={onClose}>
          ‹ {say('card.back')}
        </button>
        <div className="alert-card-title">
          <LevelMark level={alert.level} />
          <div>
            <h2>
              {names.category(alert.category)}
              <span className="alert-state" data-state={alert.state}>
                {say(`state.${alert.state}`)}
              </span>
            </h2>
            <p>
              {levelText(alert.level, say)} · {say('alerts.subtitle')}
            </p>
          </div>
        </div>
        <p className="alert-card-why">{label(alert.why)}</p>
        <p className="fine">
          {say('card.since', { since: isoDate(alert.since), from: isoDate(period.firstDay), to: isoDate(lastDay) })}
          {alert.state === 'ended' && ` · ${say('card.endedOn', { day: isoDate(alert.lastDay) })}`}
        </p>
      </header>

      <DispositionChoice alert={alert} />

      <section className="alert-numbers">
        <p className="card-n">
          {alert.reports === undefined
            ? say('card.observed', { n: observed })
            : say('card.problems', { n: observed, reports: alert.reports })}
        </p>
        <p>
          {say(expectedKey(alert), {
            n: about(expected),
            low: about(interval[0]),
            high: about(interval[1]),
          })}
          {expected >= 20 && ` · ${say('card.ratio', { ratio: (observed / expected).toFixed(1) })}`}
        </p>
        <Interval observed={observed} expected={expected} interval={interval} />
        <p>{probabilityText(alert.p, say)}</p>
        <p>{recurrenceText(alert.recurrenceDays, say)}</p>
      </section>

      {alert.cappedFrom !== null && (
        <p className="alert-capped">
          {say('card.capped', { from: levelText(alert.cappedFrom, say), to: levelText(alert.level, say) })}
        </p>
      )}
      <Part title={say('card.levelWhy')}>
        <p>{label(alert.levelWhy)}</p>
      </Part>
      <Part title={say('card.quality')}>
        {alert.quality.length === 0 ? (
          <p className="fine">{say('card.qualityNone')}</p>
        ) : (
          <ul>
            {alert.quality.map(({ flag, says }) => (
              <li key={flag}>
                <strong className="quality-flag">{say(`quality.${flag}`)}</strong> {label(says)}
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title={say('card.curve', { step: say(curve.step === 'day' ? 'card.stepDay' : 'card.stepWeek') })}>
        <Curve curve={curve} />
      </Part>
      <Part title={say('card.divisions')}>
        <p>{whereText(alert, names.division, say)}</p>
        {cells.length > 0 && resolution !== null && (
          <p className="fine">
            {say('card.showCells')} {say('card.cellsN', { n: cells.length, resolution })}
          </p>
        )}
      </Part>
      <Part title={say('card.neighbours')}>
        <p>
          {neighbours
            ? say('card.neighboursText', { observed: neighbours.observed, expected: about(neighbours.expected) })
            : say('card.neighboursNone')}
        </p>
      </Part>
      <Part title={say('card.classes')}>
        <Shares
          rows={alert.classes.map(({ category, observed: n, expected: usual }) => ({
            key: category,
            name: names.category(category),
            n,
            note: usual === null ? say('card.classNoExpected') : say('card.classExpected', { n: about(usual) }),
          }))}
        />
      </Part>
      <Part title={say('card.hours')}>
        {hours ? <Hours hours={hours} /> : <p className="sense-absent">{say('card.hoursNone')}</p>}
      </Part>
      <Part title={say('card.sources')}>
        <Shares
          rows={alert.sources.map(({ source, observed: n }) => ({
            key: source,
            name: names.source(source),
            n,
            note: observed > 0 ? percent(n / observed) : '',
          }))}
        />
      </Part>
      <Part title={say('card.calendar')}>
        {alert.calendar.length === 0 ? (
          <p className="fine">{say('card.calendarNone')}</p>
        ) : (
          alert.calendar.map((entry) => <p key={entry.en}>{label(entry)}</p>)
        )}
      </Part>
      <RulePart alert={alert} alerts={alerts} />
      <p className="fine note">{say('card.asOf', { day: isoDate(alerts.asOfDay) })}</p>
    </article>
  );
}

function RulePart({ alert, alerts }: { readonly alert: Alert; readonly alerts: Alerts }) {
  const say = useSay();
  const { label } = useText();
  const rule = alerts.rules.find(({ id, version }) => id === alert.rule.id && version === alert.rule.version);
  const kinds = alert.foundBy.map((kind) => say(`kind.${kind}`)).join(say('alerts.shareJoin'));
  return (
    <Part title={say('card.rule')}>
      {rule ? (
        <>
          <p>
            {say('card.ruleVersion', { name: label(rule.name), version: String(rule.version) })}
            {'\u2002'}
            {label(rule.says)}
          </p>
          <p>{trackText(rule, say)}</p>
          <p className="fine">{say('card.trackHow')}</p>
        </>
      ) : (
        <p>{say('card.ruleUnknown', { id: alert.rule.id, version: String(alert.rule.version) })}</p>
      )}
      <p className="fine">{say('card.foundBy', { kinds })}</p>
    </Part>
  );
}

interface PartProps {
  readonly title: string;
  readonly children: ReactNode;
}

function Part({ title, children }: PartProps) {
  return (
    <section className="alert-part">
      <h3>{title}</h3>
      <div>{children}</div>
    </section>
  );
}

interface SharesProps {
  readonly rows: readonly {
    readonly key: number;
    readonly name: string;
    readonly n: number;
    readonly note: string;
  }[];
}

function Shares({ rows }: SharesProps) {
  const { number } = useText();
  return (
    <ul className="alert-shares">
      {rows.map(({ key, name, n, note }) => (
        <li key={key}>
          <span>{name}</span>
          <span className="n">{number(n)}</span>
          <span className="fine">{note}</span>
        </li>
      ))}
    </ul>
  );
}

/** What is expected: distinct problems, places, or reports. */
function expectedKey({ kind, reports }: Alert): SenseKey {
  if (reports !== undefined) return 'card.expectedProblems';
  return kind === 'recurrence' ? 'card.expectedPlaces' : 'card.expected';
}
