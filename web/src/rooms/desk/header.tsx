import { useDesk } from '../../state/store.ts';
import { permalink } from '../../state/url.ts';
import { RoomNav } from '../../ui/room-nav.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { daysSince } from './delivery.ts';

export function Header() {
  const { snapshot } = useSession();
  const { t, label } = useText();
  const { theme, locale, setTheme, setLocale, setHelpOpen } = useDesk.getState();
  useDesk((state) => state.theme);
  const asOf = snapshot.manifest.dictionaries.sources
    .flatMap((source) => source.asOf ?? [])
    .sort()
    .at(-1);
  const age = asOf ? daysSince(asOf, snapshot.manifest.zone) : null;
  return (
    <header className="desk-header">
      <h1>
        <span className="product">{t('app.name')}</span>
        <span className="room">
          {label(snapshot.manifest.profile.name)} · {t('app.desk')}
        </span>
      </h1>
      <RoomNav />
      <Breadcrumb />
      <span className="as-of">
        {asOf ? t('header.asOf', { time: asOf }) : t('header.asOfUnknown')}
        {age !== null && age > 0 && <em className={age > 1 ? 'mark warn' : 'mark'}>{t('header.age', { n: age })}</em>}
      </span>
      <nav className="tools">
        <button type="button" onClick={() => void copyLink()}>
          {t('header.copyLink')}
        </button>
        <button type="button" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>
          {theme === 'dark' ? t('header.toLight') : t('header.toDark')}
        </button>
        <fieldset className="language" aria-label={t('header.language')}>
          <button type="button" lang="zh-CN" aria-pressed={locale === 'zh-CN'} onClick={() => setLocale('zh-CN')}>
            {LANGUAGE_NAMES['zh-CN']}
          </button>
          <button type="button" lang="en" aria-pressed={locale === 'en'} onClick={() => setLocale('en')}>
            {LANGUAGE_NAMES.en}
          </button>
        </fieldset>
        <button type="button" onClick={() => setHelpOpen(true)}>
          {t('header.help')}
        </button>
      </nav>
    </header>
  );
}

/** A language is named in itself. */
const LANGUAGE_NAMES = { 'zh-CN': '\u4e2d\u6587', en: 'English' } as const;

export async function copyLink(): Promise<void> {
  const { notify } = useDesk.getState();
  try {
    await navigator.clipboard.writeText(permalink());
    notify({ kind: 'copied' });
  } catch {
    notify({ kind: 'copy-failed' });
  }
}
