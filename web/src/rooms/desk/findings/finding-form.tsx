import { type FormEvent, useEffect, useRef, useState } from 'react';
import { lastCompleteWeek } from '../../../../../core/brief/week.ts';
import { type DeskFinding, MOST_FINDING_TEXT } from '../../../../../core/contract/finding.ts';
import { findPersonal } from '../../../../../core/privacy/detectors.ts';
import { freshFindingId, withFinding } from '../../../findings/changes.ts';
import { useFindings } from '../../../findings/use-findings.ts';
import { LEVELS } from '../../../sense/levels.ts';
import { weekLabel } from '../../../time/week.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { editFinding } from './finding-form-state.ts';
import { useSayFinding } from './use-say-finding.ts';
import { useView } from './use-view.ts';

/** Weeks that can be chosen besides the one of the view. */
const WEEKS_BACK = 12;

/** A new finding of the present view, or a change to one that is there. */
export function FindingForm({ known }: { readonly known: DeskFinding | null }) {
  const { manifest } = useSession().snapshot;
  const say = useSayFinding();
  const { locale } = useText();
  const view = useView();
  const { weeks: range } = useFilters();
  const last = lastCompleteWeek(manifest);
  const meant = range ? range.end - 1 : (last ?? 0);
  const [text, setText] = useState(known?.text ?? '');
  const [level, setLevel] = useState<number | null>(known?.level ?? null);
  const [week, setWeek] = useState(known?.week ?? manifest.weeks[meant]?.iso ?? '');
  const [viewNow, setViewNow] = useState(known === null);
  const [said, setSaid] = useState<{ readonly kind: 'fault' | 'saved'; readonly text: string } | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const offered = manifest.weeks.filter(
    ({ iso }, at) => at === meant || iso === week || (last !== null && at > last - WEEKS_BACK && at <= last + 1),
  );
  const { link, scope, n, snapshot, asOf } = viewNow || !known ? view : known;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const clean = text.trim();
    const personal = findPersonal(clean)[0];
    if (clean === '') return setSaid({ kind: 'fault', text: say('form.empty') });
    if (personal)
      return setSaid({ kind: 'fault', text: say('form.personal', { what: say(`personal.${personal.type}`) }) });
    const kept = await useFindings.getState().change((findings) =>
      withFinding(findings, {
        id: known?.id ?? freshFindingId(findings, week),
        text: clean,
        level,
        week,
        link,
        scope,
        n,
        snapshot,
        asOf,
        at: known?.at ?? localMinute(),
      }),
    );
    // What was not kept stays in the form; the window says why.
    if (!kept) return setSaid(null);
    setText('');
    setLevel(null);
    editFinding(null);
    setSaid({ kind: 'saved', text: say('form.saved', { week }) });
  };
  return (
    <form className="finding-form" onSubmit={(event) => void save(event)} data-editing={known?.id ?? ''}>
      <h3>{known ? say('form.edit', { id: known.id }) : say('form.new')}</h3>
      <label>
        {say('form.text')}
        <textarea
          ref={field}
          name="text"
          rows={3}
          maxLength={MOST_FINDING_TEXT}
          value={text}
          placeholder={say('form.placeholder')}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="fine">{say('form.left', { n: MOST_FINDING_TEXT - text.length })}</span>
      </label>
      <fieldset className="finding-level">
        <legend>{say('form.level')}</legend>
        <button type="button" aria-pressed={level === null} onClick={() => setLevel(null)}>
          {say('form.noLevel')}
        </button>
        {LEVELS.map(({ level: value, numeral }) => (
          <button
            key={value}
            type="button"
            aria-pressed={level === value}
            aria-label={numeral}
            data-level={value}
            onClick={() => setLevel(value)}
          >
            <LevelMark level={value} />
          </button>
        ))}
      </fieldset>
      <label className="finding-week">
        {say('form.week')}
        <select name="week" value={week} onChange={(event) => setWeek(event.target.value)}>
          {offered.map((one) => (
            <option key={one.iso} value={one.iso}>
              {weekLabel(one, locale)}
            </option>
          ))}
        </select>
      </label>
      <p className="finding-view">
        <span className="fine">{say('form.view')}</span> {scope || say('list.scopeNone')} ·{' '}
        {n === null ? say('form.countUnknown') : say('form.count', { n })}
        {known && (
          <button type="button" className="quiet" onClick={() => setViewNow(!viewNow)}>
            {viewNow ? say('form.viewKept') : say('form.viewNow')}
          </button>
        )}
      </p>
      <div className="finding-tools">
        <button type="submit" className="primary">
          {known ? say('form.update') : say('form.save')}
        </button>
        {known && (
          <button type="button" onClick={() => editFinding(null)}>
            {say('form.cancel')}
          </button>
        )}
        {said && (
          <span
            className={said.kind === 'fault' ? 'mark warn' : 'mark'}
            role={said.kind === 'fault' ? 'alert' : 'status'}
          >
            {said.text}
          </span>
        )}
      </div>
    </form>
  );
}

/** The writer's own clock: when somebody wrote, not when something happened in the city. */
function localMinute(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}`;
}
