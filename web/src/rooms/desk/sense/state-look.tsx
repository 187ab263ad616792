import type { SenseState } from './use-sense.ts';
import { useSay } from './use-sense.ts';

interface StateLookProps {
  readonly state: SenseState<unknown>;
}

/** Loading, absent and failed: what stands in place of the content. Nothing once it is there. */
export function StateLook({ state }: StateLookProps) {
  const say = useSay();
  if (state.status === 'ready') return null;
  if (state.status === 'loading')
    return (
      <p className="panel-loading" role="status">
        {say('alerts.loading')}
      </p>
    );
  if (state.status === 'absent') return <p className="sense-absent">{say('alerts.absent')}</p>;
  return (
    <div className="panel-failed" role="alert">
      <strong>{say('alerts.failed')}</strong>
      <span className="panel-reason">{state.message}</span>
      <button type="button" onClick={state.retry}>
        {say('alerts.retry')}
      </button>
    </div>
  );
}
