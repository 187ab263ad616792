import { useMemo } from 'react';
import { judgedByOwn, ownBand } from '../../../place/judged.ts';
import type { PlacedCell } from '../../../snapshot/place.ts';
import { BandSpark } from './band-spark.tsx';
import { useCellRing } from './use-cell-ring.ts';
import { useSayPlace } from './use-say-place.ts';
import { useWeeks } from './use-weeks.ts';
import { Verdict } from './verdict.tsx';
import './place.css';

/** The pinned cell against its own past. */
export function CellVerdict({ cell }: { readonly cell: PlacedCell }) {
  const say = useSayPlace();
  const { states, spoken } = useWeeks();
  const ring = useCellRing(cell);
  const counts = ring.status === 'ready' ? ring.own : null;
  const judged = useMemo(() => counts && spoken && judgedByOwn(counts, states, spoken), [counts, states, spoken]);
  const band = useMemo(
    () => counts && spoken && ownBand(counts, states, { first: Math.max(0, spoken.end - 52), end: spoken.end }),
    [counts, states, spoken],
  );
  return (
    <section
      className="panel place-normal"
      aria-label={say('title')}
      data-panel="place-normal"
      data-status={ring.status}
    >
      <h2>{say('title')}</h2>
      {!spoken && <p className="sense-absent">{say('why.no-usable-at-all')}</p>}
      {spoken && ring.status === 'loading' && (
        <p className="panel-loading" role="status">
          {say('why.waiting')}
        </p>
      )}
      {ring.status === 'failed' && (
        <p className="panel-failed" role="alert">
          {say('why.failed', { message: ring.message })}
        </p>
      )}
      {judged && 'why' in judged && <p className="sense-absent">{say(`why.${judged.why}`)}</p>}
      {judged && !('why' in judged) && spoken && counts && <Verdict judged={judged} weeks={spoken} counts={counts} />}
      {counts && band && spoken && <BandSpark counts={counts} band={band} states={states} end={spoken.end} />}
    </section>
  );
}
