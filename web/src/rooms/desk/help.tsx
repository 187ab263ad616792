import { lazy, useEffect, useRef } from 'react';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { useText } from '../../ui/use-text.ts';

const PlaybackHelp = lazy(() =>
  import('./playback/playback-help.tsx').then(({ PlaybackHelp: part }) => ({ default: part })),
);

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
      <dl>
        {ENTRIES.map(({ text, ...how }) => (
          <div key={text}>
            <dt>
              <kbd>{'key' in how ? how.key : t(how.name)}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
        {open && (
          <LazyPart>
            <PlaybackHelp />
          </LazyPart>
        )}
      </dl>
      <h3>{t('help.numbers')}</h3>
      <p>{t('help.numbersText')}</p>
      <form method="dialog">
        <button type="submit">{t('help.close')}</button>
      </form>
    </dialog>
  );
}

const ENTRIES = [
  { key: '/', text: 'help.search' },
  { key: 'Esc', text: 'help.escape' },
  { key: 'y', text: 'help.copy' },
  { key: 'd', text: 'help.coverage' },
  { key: 'a', text: 'help.alerts' },
  { key: 'm', text: 'help.layer' },
  { key: 'q', text: 'help.area' },
  { key: 'g t', text: 'help.table' },
  { key: 'g s', text: 'help.sql' },
  { key: 'g m', text: 'help.map' },
  { key: 'e', text: 'help.export' },
  { key: '1–9', text: 'help.preset' },
  { key: 'n', text: 'help.finding' },
  { key: '?', text: 'help.help' },
  { name: 'help.clickKey', text: 'help.click' },
  { name: 'help.addKey', text: 'help.add' },
  { name: 'help.brushKey', text: 'help.brush' },
] as const;
