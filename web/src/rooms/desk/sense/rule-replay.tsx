import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AlertRules } from '../../../../../core/contract/alert-rules.ts';
import { rulesWithKept, withKept, withoutKept } from '../../../../../core/contract/kept-rules.ts';
import type { Alerts } from '../../../../../core/contract/sense.ts';
import { REPLAYED_RULES, type ReplayedRule } from '../../../../../core/evaluate/backtest/alert-replay.ts';
import {
  judgedByPeople,
  publishedDays,
  publishedRules,
} from '../../../../../core/evaluate/backtest/published-rules.ts';
import { RULE_WEEKS } from '../../../../../core/evaluate/backtest/rule-replay.ts';
import { download } from '../../../export/about.ts';
import { type SayRules, sayRules } from '../../../i18n/rules-texts.ts';
import { useLedger, watchLedger } from '../../../ledger/use-ledger.ts';
import type { ReplayAnswer, ReplayedSide } from '../../../rules/replay-messages.ts';
import { browserRules, type KeptRulesAnswer } from '../../../rules/store.ts';
import { useReplay } from '../../../rules/use-replay.ts';
import { percent } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { readyValue, useSense } from './use-sense.ts';
import './rule-replay.css';

const store = browserRules();
const RULES = Object.keys(REPLAYED_RULES) as ReplayedRule[];

function useSayRules(): SayRules {
  const locale = useDesk((state) => state.locale);
  return useCallback<SayRules>((key, values) => sayRules(locale, key, values), [locale]);
}

/** Tries a threshold on the past weeks before anybody lives with it; kept ones are proposals for the profile. */
export function RuleReplay({ alerts }: { readonly alerts: Alerts }) {
  const { snapshot } = useSession();
  const say = useSayRules();
  const { label } = useText();
  const coverage = useDocument(snapshot.coverage).value;
  const sense = readyValue(useSense('sense'));
  const rules = useMemo(() => publishedRules(alerts), [alerts]);
  const calendar = useMemo(() => publishedDays(sense?.calendar), [sense]);
  const [rule, setRule] = useState<ReplayedRule>('cluster-scan');
  const [parameter, setParameter] = useState<string>(REPLAYED_RULES['cluster-scan'][0]);
  const present = rules?.rules.find(({ id }) => id === rule)?.parameters[parameter];
  const [text, setText] = useState<string | null>(null);
  const { state, run, stop } = useReplay();
  const [kept, setKept] = useState<KeptRulesAnswer | null>(null);
  useEffect(() => void store.read().then(setKept), []);
  useEffect(watchLedger, []);
  if (!rules || (sense && !calendar)) return <p className="sense-absent">{say('olderSnapshot')}</p>;
  if (!calendar || !coverage) return null;
  const shown = text ?? String(present ?? '');
  const value = Number(shown);
  const valid = shown.trim() !== '' && Number.isFinite(value) && value > 0 && present !== undefined;
  const busy = state.kind === 'reading' || state.kind === 'counting';
  const choose = (next: ReplayedRule) => {
    setRule(next);
    setParameter(REPLAYED_RULES[next][0]);
    setText(null);
  };
  return (
    <div className="rule-replay" data-state={state.kind}>
      <p className="fine">{say('intro', { weeks: RULE_WEEKS })}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid)
            run({ manifest: snapshot.manifest, coverage, rules, calendar, change: { rule, parameter, value } });
        }}
      >
        <label>
          {say('rule')}
          <select value={rule} onChange={(event) => choose(RULES.find((id) => id === event.target.value) ?? rule)}>
            {RULES.map((id) => (
              <option key={id} value={id}>
                {ruleName(rules, id, label)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('parameter')}
          <select
            value={parameter}
            onChange={(event) => {
              setParameter(event.target.value);
              setText(null);
            }}
          >
            {REPLAYED_RULES[rule].map((name) => (
              <option key={name} value={name}>
                {say(`parameter.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('value')}
          <input
            type="text"
            inputMode="decimal"
            size={8}
            value={shown}
            aria-invalid={!valid}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" disabled={!valid || busy}>
          {say('run')}
        </button>
        {busy && (
          <button type="button" onClick={stop}>
            {say('stop')}
          </button>
        )}
      </form>
      <div role="status">
        {state.kind === 'reading' && (
          <p className="panel-loading">{say('reading', { done: state.done, total: state.total })}</p>
        )}
        {state.kind === 'counting' && <p className="panel-loading">{say('counting')}</p>}
        {state.kind === 'failed' && <p className="mark warn">{say('failed', { message: state.message })}</p>}
        {state.kind === 'answer' && (
          <Answer answer={state.answer} alerts={alerts} onKeep={(at) => keep(state.answer, at).then(setKept)} />
        )}
      </div>
      <KeptList kept={kept} rules={rules} onKept={setKept} />
    </div>
  );

  function keep({ change, weeks, was, before, now }: ReplayAnswer, at: string): Promise<KeptRulesAnswer> {
    const { snapshot: id } = snapshot.manifest;
    const counts = { alertsWas: before.count.alerts, alerts: now.count.alerts };
    return store.change((all) => withKept(all, { ...change, was, at, snapshot: id, weeks, ...counts }));
  }
}

const ruleName = (
  rules: AlertRules,
  id: string,
  label: (of: { readonly zh: string; readonly en: string }) => string,
): string => {
  const rule = rules.rules.find((one) => one.id === id);
  return rule ? label(rule.name) : id;
};

type Parameter = (typeof REPLAYED_RULES)[ReplayedRule][number];
const PARAMETERS = RULES.flatMap((id): readonly Parameter[] => REPLAYED_RULES[id]);
const parameterKey = (name: string): Parameter | null => PARAMETERS.find((known) => known === name) ?? null;

interface AnswerProps {
  readonly answer: ReplayAnswer;
  readonly alerts: Alerts;
  readonly onKeep: (at: string) => void;
}

function Answer({ answer, alerts, onKeep }: AnswerProps) {
  const say = useSayRules();
  const { change, weeks, was, before, now } = answer;
  const key = parameterKey(change.parameter);
  return (
    <>
      <p className="replay-answer" data-alerts={now.count.alerts} data-before={before.count.alerts}>
        {say('answer', {
          parameter: key ? say(`parameter.${key}`) : change.parameter,
          value: String(change.value),
          weeks,
          n: now.count.alerts,
          was: String(was),
          before: before.count.alerts,
        })}
      </p>
      <ul className="replay-sides">
        <SideWords name={say('now')} side={now} alerts={alerts} />
        <SideWords name={say('before')} side={before} alerts={alerts} />
      </ul>
      {change.value !== was && (
        <button type="button" className="replay-keep" onClick={() => onKeep(localMinute())}>
          {say('keep')}
        </button>
      )}
    </>
  );
}

interface SideWordsProps {
  readonly name: string;
  readonly side: ReplayedSide;
  readonly alerts: Alerts;
}

function SideWords({ name, side, alerts }: SideWordsProps) {
  const say = useSayRules();
  const dispositions = useLedger(({ ledger }) => ledger.dispositions);
  const said = useMemo(() => {
    const words = new Map(dispositions.map(({ alert, what }) => [alert, what]));
    return judgedByPeople(side.places, alerts.history ?? [], (alert) => {
      const word = words.get(alert);
      if (word === 'false') return 'wrong';
      return word === 'confirmed' || word === 'whistled' ? 'right' : null;
    });
  }, [dispositions, side, alerts]);
  const { judged, kept, precision } = side.count;
  return (
    <li>
      {say('of', { name })}
      {said.precision === null
        ? say('noPrecision')
        : say('precision', {
            share: percent(said.precision),
            judged: said.judged,
            confirmed: said.confirmed,
          })}
      <br />
      <span className="fine">
        {precision === null ? say('notKept') : say('kept', { share: percent(precision), kept, judged })}
      </span>
    </li>
  );
}

interface KeptListProps {
  readonly kept: KeptRulesAnswer | null;
  readonly rules: AlertRules;
  readonly onKept: (answer: KeptRulesAnswer) => void;
}

function KeptList({ kept, rules, onKept }: KeptListProps) {
  const say = useSayRules();
  const { label } = useText();
  if (!kept) return null;
  if (!kept.ok)
    return (
      <p className="mark warn" role="alert">
        {say(`problem.${kept.why}`)}
      </p>
    );
  if (kept.document.changes.length === 0) return null;
  const proposed = rulesWithKept(rules, kept.document);
  return (
    <section className="replay-kept" aria-label={say('list')}>
      <h3>{say('list')}</h3>
      <ul>
        {kept.document.changes.map((change) => {
          const key = parameterKey(change.parameter);
          return (
            <li key={`${change.rule}:${change.parameter}`}>
              {say('item', {
                ...change,
                rule: ruleName(rules, change.rule, label),
                parameter: key ? say(`parameter.${key}`) : change.parameter,
                was: String(change.was),
                value: String(change.value),
              })}{' '}
              <button type="button" onClick={() => void store.change((all) => withoutKept(all, change)).then(onKept)}>
                {say('remove')}
              </button>
            </li>
          );
        })}
      </ul>
      {proposed.unknown.length > 0 && <p className="mark warn">{say('unknown', { n: proposed.unknown.length })}</p>}
      <button
        type="button"
        onClick={() =>
          download(
            'alert-rules.json',
            new Blob([`${JSON.stringify(proposed.rules, null, 2)}\n`], { type: 'application/json' }),
          )
        }
      >
        {say('export')}
      </button>
      <p className="fine">{say('exportNote')}</p>
    </section>
  );
}

/** The reader's own clock: it says when somebody pressed a button, not when something happened in the city. */
function localMinute(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}`;
}
