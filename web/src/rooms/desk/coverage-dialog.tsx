import { lazy, useEffect, useRef } from 'react';
import type { Coverage } from '../../../../core/contract/coverage.ts';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import type { DocumentState } from '../../ui/use-document.ts';
import { useText } from '../../ui/use-text.ts';

const CoverageBody = lazy(() => import('./coverage-body.tsx').then(({ CoverageBody: body }) => ({ default: body })));

/** Key `d`: per source what came, when and how complete; source × division × week. */
export function CoverageDialog({ coverage }: { readonly coverage: DocumentState<Coverage> }) {
  const { t } = useText();
  const open = useDesk((desk) => desk.coverageOpen) && (coverage.value !== null || coverage.failed !== null);
  const { setCoverageOpen } = useDesk.getState();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className="coverage-dialog"
      aria-labelledby="coverage-title"
      onClose={() => setCoverageOpen(false)}
    >
      <header className="coverage-dialog-head">
        <h2 id="coverage-title">{t('coverage.title')}</h2>
        <p className="fine">{t('coverage.explain')}</p>
        <form method="dialog">
          <button type="submit">{t('help.close')}</button>
        </form>
      </header>
      {coverage.failed !== null && (
        <div className="panel-failed" role="alert">
          <strong>{t('panel.failed', { panel: t('coverage.title') })}</strong>
          <span className="panel-reason">{coverage.failed}</span>
          <button type="button" onClick={coverage.retry}>
            {t('action.retry')}
          </button>
        </div>
      )}
      {open && coverage.value && (
        <LazyPart>
          <CoverageBody coverage={coverage.value} />
        </LazyPart>
      )}
    </dialog>
  );
}
