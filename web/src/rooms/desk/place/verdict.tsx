import { useMemo } from 'react';
import { changeSentence } from '../../../../../core/metric/verdict-words.ts';
import { confidence, type Judged } from '../../../place/judged.ts';
import { changesUnder } from '../../../sense/changes.ts';
import { about } from '../../../sense/words.ts';
import type { WeekRange } from '../../../time/week.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useSayPlace } from './use-say-place.ts';
import { useWeeksText } from './use-weeks.ts';

interface VerdictProps {
  readonly judged: Judged;
  readonly weeks: WeekRange;
  /** Counts of the place by week, under the filters but the weeks. */
  readonly counts: Uint32Array;
}

/** Observed, expected and the verdict in words; then 环比 and 同比 by the same rule as everywhere. */
export function Verdict({ judged, weeks, counts }: VerdictProps) {
  const { snapshot } = useSession();
  const say = useSayPlace();
  const { label } = useText();
  const weeksText = useWeeksText();
  const filters = useFilters();
  const coverage = useDocument(snapshot.coverage).value;
  // A place of its own: no published spread stands for it.
  const changes = useMemo(
    () => changesUnder({ manifest: snapshot.manifest, coverage, series: null, filters, counts }),
    [snapshot, coverage, filters, counts],
  );
  const { verdict, observed, expected, lower, upper, basis } = judged;
  const spoken = basis === 'series' ? { first: weeks.end - 1, end: weeks.end } : weeks;
  const sure = confidence(judged);
  const unit = { zh: say('change.unit'), en: say('change.unit') };
  return (
    <div
      className="place-verdict"
      data-verdict={verdict}
      data-observed={observed}
      data-expected={expected.toFixed(3)}
      data-metric={`place.${basis}`}
    >
      <p>
        <strong data-verdict={verdict}>{say(`verdict.${verdict}`)}</strong>
        {sure && <span className="fine">{say(`confidence.${sure}`)}</span>}
      </p>
      <p>
        {say('sentence', {
          weeks: weeksText(spoken),
          n: observed,
          expected: about(expected),
          low: about(lower),
          high: about(upper),
        })}
      </p>
      {changes && (
        <p className="fine">
          {(changes.weeks.first !== spoken.first || changes.weeks.end !== spoken.end) &&
            `${weeksText(changes.weeks)} · `}
          {say('previous', { words: label(changeSentence(changes.previous, unit)) })} ·{' '}
          {say('yearAgo', { words: label(changeSentence(changes.yearAgo, unit)) })}
        </p>
      )}
      <p className="fine">
        {say(`basis.${basis}`)} · {say('basis.window')}
      </p>
    </div>
  );
}
