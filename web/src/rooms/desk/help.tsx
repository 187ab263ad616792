import { lazy, useEffect, useRef } from 'react';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { useText } from '../../ui/use-text.ts';

const HelpSheet = lazy(() => import('./help-sheet.tsx').then(({ HelpSheet: sheet }) => ({ default: sheet })));

export function Help() {
  const { t } = useText();
  const open = useDesk((desk) => desk.helpOpen);
  const { setHelpOpen } = useDesk.getState();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={() => setHelpOpen(false)}>
      <h2 id="help-title">{t('help.title')}</h2>
      {open && (
        <LazyPart>
          <HelpSheet />
        </LazyPart>
      )}
      <form method="dialog">
        <button type="submit">{t('help.close')}</button>
      </form>
    </dialog>
  );
}
