import { useEffect } from 'react';
import type { Translate } from '../../i18n/texts.ts';
import { type Notice, useDesk } from '../../state/store.ts';
import { useText } from '../../ui/use-text.ts';

const SHORT_MS = 4000;

export function Notices() {
  const { t } = useText();
  const notices = useDesk((desk) => desk.notices);
  const { dismiss } = useDesk.getState();
  const short = notices.some(({ kind }) => kind === 'copied');
  useEffect(() => {
    if (!short) return;
    const timer = setTimeout(() => dismiss('copied'), SHORT_MS);
    return () => clearTimeout(timer);
  }, [short, dismiss]);
  return (
    <div className="notices" aria-live="polite">
      {notices.map((notice) => (
        <p key={notice.kind} className="notice" data-kind={notice.kind}>
          {textOf(notice, t)}
          <button type="button" onClick={() => dismiss(notice.kind)}>
            {t('action.dismiss')}
          </button>
        </p>
      ))}
    </div>
  );
}

function textOf(notice: Notice, t: Translate): string {
  switch (notice.kind) {
    case 'other-snapshot':
      return t('notice.otherSnapshot', { link: notice.link, now: notice.now });
    case 'unknown-names':
      return t('notice.unknown', { names: notice.names.join(', ') });
    case 'bad-area':
      return t('notice.badArea');
    case 'map-error':
      return t('notice.mapError', { message: notice.message });
    case 'copied':
      return t('notice.copied');
    case 'copy-failed':
      return t('notice.copyFailed');
    default:
      return notice satisfies never;
  }
}
