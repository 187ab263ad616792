import type { Comparison } from '../../../../../core/metric/comparison.ts';
import { changeSentence } from '../../../../../core/metric/verdict-words.ts';
import { USUAL_WEEKS } from '../../../sense/changes.ts';
import { BESIDE, type Beside, type ComparedSide, type CompareLink } from '../../../state/compare-link.ts';
import { useDesk } from '../../../state/store.ts';
import { isoDate, weekLabel } from '../../../time/week.ts';
import { shownValue, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName, useFocus } from '../divisions.ts';
import { useSayCompare } from './use-say.ts';
import type { Side, Sides } from './use-sides.ts';

interface CompareBarProps {
  readonly link: CompareLink;
  readonly sides: Sides;
  readonly division: { readonly id: number } | null;
}

const KINDS = ['previous', 'year', 'festival', 'week', 'place'] as const satisfies readonly ComparedSide['kind'][];

/** What is compared with what, the counts of both, and what may be said of the change. */
export function CompareBar({ link, sides, division }: CompareBarProps) {
  const { snapshot } = useSession();
  const { weeks } = snapshot.manifest;
  const { divisions } = snapshot;
  const say = useSayCompare();
  const { locale } = useText();
  const { setCompare } = useDesk.getState();
  const chosen = useDesk((desk) => desk.weeks);
  const focus = useFocus();
  const { state, periods, now, before } = sides;
  const { side, beside } = link;
  const place = side.kind === 'place';
  const choose = (kind: ComparedSide['kind']) => {
    const next = ((): ComparedSide => {
      if (kind === 'week') return { kind, from: weeks[Math.max(0, (periods?.weeks.first ?? 1) - 1)]?.iso ?? '' };
      if (kind === 'place') return { kind, division: firstOther(divisions, focus) };
      return { kind };
    })();
    setCompare({ side: next, beside: kind === 'place' ? 'counts' : beside });
  };
  const name = (id: number) => divisionName(divisions, id, locale);
  return (
    <section className="compare-bar" aria-label={say('title')} aria-busy={state.status === 'loading'}>
      <div className="compare-choices">
        <h2>{say('title')}</h2>
        <label>
          {say('with')}{' '}
          <select
            className="compare-with"
            value={side.kind}
            onChange={(event) => choose(KINDS.find((kind) => kind === event.target.value) ?? 'previous')}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {say(`with.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        {side.kind === 'week' && (
          <label>
            {say('from')}{' '}
            <select
              value={side.from}
              onChange={(event) => setCompare({ side: { kind: 'week', from: event.target.value }, beside })}
            >
              {weeks.map((week) => (
                <option key={week.iso} value={week.iso}>
                  {weekLabel(week, locale)}
                </option>
              ))}
            </select>
          </label>
        )}
        {place && (
          <label>
            {say('place')}{' '}
            <select
              className="compare-place"
              value={side.division}
              onChange={(event) => setCompare({ side: { kind: 'place', division: event.target.value }, beside })}
            >
              {!division && <option value={side.division}>{side.division}</option>}
              {divisions.code.map((code, id) =>
                id === 0 || (divisions.level[id] ?? 0) > 2 ? null : (
                  <option key={code} value={code}>
                    {`${'　'.repeat((divisions.level[id] ?? 1) - 1)}${name(id)}`}
                  </option>
                ),
              )}
            </select>
          </label>
        )}
        {!place && (
          <fieldset className="compare-beside" aria-label={say('beside')}>
            {BESIDE.map((key: Beside) => (
              <button
                key={key}
                type="button"
                data-beside={key}
                aria-pressed={beside === key}
                onClick={() => setCompare({ side, beside: key })}
              >
                {say(`beside.${key}`)}
              </button>
            ))}
          </fieldset>
        )}
        <button type="button" className="compare-close" aria-keyshortcuts="Escape" onClick={() => setCompare(null)}>
          {say('close')}
        </button>
      </div>
      <div className="compare-sides" role="status">
        <SideWords
          which="now"
          name={place ? name(focus) : say('now')}
          side={now}
          change={place ? (periods?.previous ?? null) : null}
          yearAgo={place ? (periods?.yearAgo ?? null) : null}
        />
        <SideWords
          which="before"
          name={place ? (division ? name(division.id) : '') : say('before')}
          side={before}
          change={place ? (sides.otherPlace?.previous ?? null) : null}
          yearAgo={place ? (sides.otherPlace?.yearAgo ?? null) : null}
        />
      </div>
      {!place && periods && <Verdicts sides={sides} side={side} />}
      <p className="fine compare-notes">
        {place && `${say('ownPast')} `}
        {chosen === null && periods && `${say('usual', { n: USUAL_WEEKS })} `}
        {periods && periods.leftOut > 0 && `${say('leftOut', { n: periods.leftOut })} `}
        {state.status === 'loading' && shownValue(state) !== null && say('stale')}
      </p>
      {state.status === 'failed' && (
        <p className="mark warn" role="alert">
          {say('failed', { message: state.message })}
        </p>
      )}
      {state.status === 'loading' && !periods && <p className="panel-loading">{say('loading')}</p>}
      {state.status === 'ready' && !periods && <p className="mark warn">{say('none')}</p>}
      {periods && !place && !periods.before && (
        <p className="mark warn">
          {say(side.kind === 'festival' && periods.festival === null ? 'noFestival' : 'noBefore')}
        </p>
      )}
      {place && !division && <p className="mark warn">{say('noPlace')}</p>}
    </section>
  );
}

/** The first division beside the one in focus: its next sibling in the list, for want of a choice. */
function firstOther(
  divisions: { readonly code: readonly string[]; readonly level: Uint8Array },
  focus: number,
): string {
  const id = divisions.code.findIndex((_, at) => at > 0 && at !== focus && divisions.level[at] === 1);
  return divisions.code[Math.max(0, id)] ?? '';
}

interface SideWordsProps {
  readonly which: 'now' | 'before';
  readonly name: string;
  readonly side: Side | null;
  /** Of a place against its own past; null = the period is what is compared. */
  readonly change: Comparison | null;
  readonly yearAgo: Comparison | null;
}

function SideWords({ which, name, side, change, yearAgo }: SideWordsProps) {
  const say = useSayCompare();
  const sentence = useSentence();
  return (
    <div className="compare-side" data-side={which} data-n={side?.n}>
      <strong>{name}</strong>
      {side && (
        <>
          <span className="compare-n">{say('n', { n: side.n })}</span>
          <span>
            {say('span', {
              from: isoDate(side.days.firstDay),
              to: isoDate(side.days.endDay - 1),
              days: side.days.endDay - side.days.firstDay,
            })}
          </span>
          {side.notOnMap > 0 && <span className="fine">{say('unlocated', { n: side.notOnMap })}</span>}
        </>
      )}
      {change && <span>{say('previous', { words: sentence(change) })}</span>}
      {yearAgo && <span>{say('yearAgo', { words: sentence(yearAgo) })}</span>}
    </div>
  );
}

/** The change between the two maps first, then the other ways of comparing the same period, so that none is taken alone. */
function Verdicts({ sides, side }: { readonly sides: Sides; readonly side: ComparedSide }) {
  const say = useSayCompare();
  const { label } = useText();
  const sentence = useSentence();
  const { periods } = sides;
  if (!periods) return null;
  const { comparison, previous, yearAgo, festival, disagree } = periods;
  const verdict = comparison.kind === 'compared' ? comparison.verdict : comparison.why;
  return (
    <p className="compare-verdicts">
      <strong
        className="compare-change"
        data-verdict={verdict}
        data-dispersion={comparison.kind === 'compared' ? comparison.dispersion : undefined}
      >
        {say('change', { words: sentence(comparison) })}
      </strong>
      {side.kind !== 'previous' && <span>{say('previous', { words: sentence(previous) })}</span>}
      {side.kind !== 'year' && <span>{say('yearAgo', { words: sentence(yearAgo) })}</span>}
      {side.kind !== 'festival' && festival && <span>{say('festival', { words: sentence(festival) })}</span>}
      {disagree && <em className="mark warn">{label(disagree)}</em>}
    </p>
  );
}

function useSentence(): (comparison: Comparison) => string {
  const say = useSayCompare();
  const { label } = useText();
  return (comparison) => label(changeSentence(comparison, { zh: say('unit'), en: say('unit') }));
}
