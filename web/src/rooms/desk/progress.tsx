import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';

/** How far the query engine is; gone when everything is loaded. */
export function Progress() {
  const { startEngine } = useSession();
  const { t } = useText();
  const engine = useDesk((desk) => desk.engine);
  const progress = useDesk((desk) => desk.progress);
  const failed = progress?.failed ?? [];
  if (engine.status === 'ready' && failed.length === 0) return null;
  const retry = (
    <button type="button" onClick={() => void startEngine()}>
      {t('action.retry')}
    </button>
  );
  if (engine.status === 'cubes-only')
    return (
      <div className="progress" role="status">
        {engine.message}
      </div>
    );
  if (engine.status === 'failed')
    return (
      <div className="progress is-failed" role="alert">
        {t('progress.engineFailed', { message: engine.message })} {retry}
      </div>
    );
  if (engine.status === 'ready')
    return (
      <div className="progress is-failed" role="alert">
        {t('progress.filesFailed', { n: failed.length, files: failed.map(({ file }) => file).join(', ') })} {retry}
      </div>
    );
  return (
    <div className="progress" role="status">
      {engine.status === 'restarting' && <span>{t('progress.restarting')}</span>}
      {engine.status === 'starting' && <span>{t('progress.starting')}</span>}
      {progress && engine.status === 'loading' && (
        <>
          <progress max={Math.max(1, progress.total)} value={progress.loaded} aria-label={t('panel.loading')} />
          <span>{t('progress.loading', { loaded: progress.loaded, total: progress.total })}</span>
        </>
      )}
    </div>
  );
}
