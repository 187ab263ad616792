import { useMemo } from 'react';
import { type Comparison, meaningOf } from '../../../../../core/metric/comparison.ts';
import { changeSentence } from '../../../../../core/metric/verdict-words.ts';
import { changesUnder } from '../../../sense/changes.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { periodText } from '../period.ts';
import { readyValue, useSay, useSense } from './use-sense.ts';

interface ChangeWordsProps {
  /** Incidents under the filters, by week. */
  readonly counts: Uint32Array;
}

/** 同比 and 环比 of the chosen weeks: counts, a percentage where the base allows one, and the verdict. */
export function ChangeWords({ counts }: ChangeWordsProps) {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const say = useSay();
  const { locale } = useText();
  const filters = useFilters();
  const coverage = useDocument(snapshot.coverage).value;
  const table = readyValue(useSense('series'));
  const changes = useMemo(
    () => changesUnder({ manifest, coverage, series: table, filters, counts }),
    [manifest, coverage, table, filters, counts],
  );
  if (!changes) return <span className="change-words">{say('change.none')}</span>;
  const period = periodText(changes.weeks, manifest.weeks, locale);
  return (
    <span className="change-words">
      {say('change.weeks', { weeks: period, n: changes.weeks.end - changes.weeks.first })}{' '}
      <Change text="change.yearAgo" comparison={changes.yearAgo} />
      {say('change.between')}
      <Change text="change.previous" comparison={changes.previous} />
      {changes.nearFestival && changes.yearAgo.kind === 'compared' && ` · ${say('change.festival')}`}
      {changes.leftOut > 0 && ` · ${say('change.leftOut', { n: changes.leftOut })}`}
    </span>
  );
}

interface ChangeProps {
  readonly text: 'change.yearAgo' | 'change.previous';
  readonly comparison: Comparison;
}

/** Volume is demand: a rise is neither better nor worse, so it has no colour of its own. */
const POLARITY = 'neutral';

function Change({ text, comparison }: ChangeProps) {
  const say = useSay();
  const { label } = useText();
  const unit = { zh: say('change.unit'), en: say('change.unit') };
  const meaning = comparison.kind === 'compared' ? meaningOf(comparison.verdict, POLARITY) : null;
  return (
    <strong className="change" data-meaning={meaning ?? 'none'}>
      {say(text, { words: label(changeSentence(comparison, unit)) })}
    </strong>
  );
}
