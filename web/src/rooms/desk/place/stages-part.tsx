import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { StagesNote, stageName } from '../presets/stages-pane.tsx';
import { useSayPreset } from '../presets/use-say-preset.ts';
import { ALL_ROWS, type StagePlace, useStageAges } from '../presets/use-stage-ages.ts';
import { useSayPlace } from './use-say-place.ts';

/** How the reports of the place are being handled, and how long the open ones wait. */
export function StagesPart({ place }: { readonly place: StagePlace }) {
  const say = useSayPlace();
  const sayStages = useSayPreset();
  const { label, number } = useText();
  const filters = useFilters();
  const state = useStageAges(filters, place, false);
  const total = state.status === 'ready' ? state.value.rows.get(ALL_ROWS) : undefined;
  const time = (hours: number) =>
    hours < 72 ? say('stages.hours', { n: Math.round(hours) }) : say('stages.days', { n: Math.round(hours / 24) });
  return (
    <section className="panel" aria-label={say('stages')} data-panel="place-stages" data-status={state.status}>
      <h2>{say('stages')}</h2>
      {state.status === 'loading' && (
        <p className="panel-loading" role="status">
          {say('stages.reading')}
        </p>
      )}
      {state.status === 'failed' && (
        <p className="panel-failed" role="alert">
          {sayStages('stages.failed')} <span className="panel-reason">{state.message}</span>
          <button type="button" onClick={state.retry}>
            {say('retry')}
          </button>
        </p>
      )}
      {state.status === 'ready' && !total && <p className="panel-empty">{say('stages.none')}</p>}
      {state.status === 'ready' && total && (
        <>
          {total.told === 0 ? (
            <p>{say('stages.untold', { n: total.received })}</p>
          ) : (
            <>
              <p>
                {total.openTotal === 0
                  ? say('stages.allClosed')
                  : say('stages.open', { n: total.openTotal, over: total.over })}
              </p>
              <ul>
                {total.open
                  .filter(({ n }) => n > 0)
                  .map(({ stage, n, medianDays }) => (
                    <li key={stage}>
                      {say('stages.row', { stage: stageName(stage, label), n, days: number(medianDays ?? 0, 0) })}
                    </li>
                  ))}
                <li>
                  {say('stages.closed', { n: total.closed })}
                  {total.medianCloseHours !== null && say('stages.closeTime', { time: time(total.medianCloseHours) })}
                </li>
              </ul>
            </>
          )}
          <StagesNote answer={state.value} total={total} />
        </>
      )}
    </section>
  );
}
