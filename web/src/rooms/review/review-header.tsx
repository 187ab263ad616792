import { useDesk } from '../../state/store.ts';
import { isPartial, weekLabel } from '../../time/week.ts';
import { RoomNav } from '../../ui/room-nav.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { useReview } from './say.tsx';

interface ReviewHeaderProps {
  readonly week: number;
  readonly onWeek: (iso: string) => void;
  readonly onMeeting: () => void;
}

export function ReviewHeader({ week, onWeek, onMeeting }: ReviewHeaderProps) {
  const { manifest } = useSession().snapshot;
  const { t, label, locale } = useText();
  const say = useReview();
  const theme = useDesk((desk) => desk.theme);
  const { setTheme, setLocale } = useDesk.getState();
  const step = (by: number) => manifest.weeks[week + by]?.iso;
  const [earlier, later] = [step(-1), step(1)];
  return (
    <header className="review-header">
      <h1>
        <span className="product">{t('app.name')}</span>
        <span className="room">
          {label(manifest.profile.name)} · {t('app.review')}
        </span>
      </h1>
      <RoomNav />
      <div className="week-choice">
        <button
          type="button"
          disabled={!earlier}
          aria-label={say('week.earlier')}
          onClick={() => earlier && onWeek(earlier)}
        >
          ‹
        </button>
        <select
          aria-label={say('week.choose')}
          value={manifest.weeks[week]?.iso ?? ''}
          onChange={(e) => onWeek(e.target.value)}
        >
          {[...manifest.weeks].reverse().map((one) => (
            <option key={one.iso} value={one.iso}>
              {weekLabel(one, locale)}
              {isPartial(one, manifest.window) ? say('week.partial') : ''}
            </option>
          ))}
        </select>
        <button type="button" disabled={!later} aria-label={say('week.later')} onClick={() => later && onWeek(later)}>
          ›
        </button>
      </div>
      <nav className="tools">
        <button type="button" className="primary" onClick={onMeeting}>
          {say('meeting.open')} <kbd>f</kbd>
        </button>
        <button type="button" onClick={() => window.print()}>
          {say('review.print')} <kbd>p</kbd>
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
      </nav>
    </header>
  );
}

/** A language is named in itself. */
const LANGUAGE_NAMES = { 'zh-CN': '\u4e2d\u6587', en: 'English' } as const;
