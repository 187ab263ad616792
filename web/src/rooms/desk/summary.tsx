import { useDesk } from '../../state/store.ts';
import { daysOf, isoDate } from '../../time/week.ts';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { useFilters } from './filters.ts';

/** n of N, and who is missing from the map: always on screen. */
export function Summary() {
  const { snapshot, panels, coordinator } = useSession();
  const { t, number } = useText();
  const state = usePanel(panels.totals);
  const totals = shownValue(state);
  const city = shownValue(usePanel(panels.cityTotals));
  const { division, area } = useFilters();
  const categories = useDesk((desk) => desk.categories);
  const all = snapshot.manifest.totals.accepted;
  if (state.status === 'failed')
    return (
      <div className="summary panel-failed" role="alert">
        {t('panel.failed', { panel: t('panel.totals') })}{' '}
        <button type="button" onClick={() => coordinator.retry('totals')}>
          {t('action.retry')}
        </button>
      </div>
    );
  return (
    <div className="summary" data-panel="totals" aria-busy={state.status === 'loading'} role="status">
      {totals ? (
        <>
          <strong className="summary-n" title={t('summary.n', { n: totals.n, total: all })}>
            {number(totals.n)}
          </strong>
          <span className="summary-of">{t('summary.of', { total: all })}</span>
          <span>
            {area
              ? t('summary.unlocatedInArea', { n: city?.unlocated ?? totals.unlocated })
              : division
                ? t('summary.unlocatedInDivision', { n: city?.unlocated ?? totals.unlocated })
                : t('summary.unlocated', { n: totals.unlocated })}
          </span>
          {totals.divisionOnly !== null && totals.divisionOnly > 0 && (
            <span title={t('summary.divisionOnlyTitle')}>{t('summary.divisionOnly', { n: totals.divisionOnly })}</span>
          )}
          {categories.length === 0 && <span>{t('summary.unmapped', { n: totals.unmapped })}</span>}
        </>
      ) : (
        <span className="panel-loading">{t('panel.loading')}</span>
      )}
      <PartialMark />
    </div>
  );
}

/** Says how far the numbers beside it reach while facts are still coming in. */
function PartialMark() {
  const { snapshot, panels } = useSession();
  const { t } = useText();
  const engine = useDesk((desk) => desk.engine);
  const progress = useDesk((desk) => desk.progress);
  const totals = usePanel(panels.totals);
  const { weeks } = useFilters();
  if (engine.status === 'ready' && progress?.failed.length === 0) return null;
  if (totals.status === 'ready' && totals.basis === 'cube') return <em className="mark">{t('progress.cube')}</em>;
  if (!progress) return null;
  const { manifest } = snapshot;
  const from = weeks ? daysOf(weeks, manifest.weeks, manifest.window).firstDay : manifest.window.firstDay;
  if (progress.completeFromDay !== null && from >= progress.completeFromDay) return null;
  const partial = t('progress.partial', { loaded: progress.loaded, total: progress.total });
  const since =
    progress.completeFromDay === null ? '' : t('progress.partialFrom', { day: isoDate(progress.completeFromDay) });
  return (
    <em className="mark warn">
      {partial} {since}
    </em>
  );
}
