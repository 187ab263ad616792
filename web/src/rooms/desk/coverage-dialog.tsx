import { useEffect, useRef, useState } from 'react';
import type { Coverage } from '../../../../core/contract/coverage.ts';
import { useDesk } from '../../state/store.ts';
import type { DocumentState } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { CoverageSources } from './coverage-sources.tsx';
import { SourceMatrix } from './coverage-weeks.tsx';

/** Key `d`: per source what came, when and how complete; source × division × week. */
export function CoverageDialog({ coverage }: { readonly coverage: DocumentState<Coverage> }) {
  const { sources } = useSession().snapshot.manifest.dictionaries;
  const { t, label } = useText();
  const open = useDesk((desk) => desk.coverageOpen) && (coverage.value !== null || coverage.failed !== null);
  const { setCoverageOpen } = useDesk.getState();
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const source = sources[shown];
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
        <>
          <CoverageSources coverage={coverage.value} />
          <fieldset className="coverage-choice" aria-label={t('coverage.choose')}>
            {sources.map(({ key, name }, id) => (
              <button key={key} type="button" aria-pressed={id === shown} onClick={() => setShown(id)}>
                {label(name)}
              </button>
            ))}
          </fieldset>
          {source && <SourceMatrix key={source.key} coverage={coverage.value} source={source} />}
        </>
      )}
    </dialog>
  );
}
