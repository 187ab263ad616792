import type { SourceCoverage } from '../../../../core/contract/coverage.ts';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import type { Quality } from '../../../../core/contract/quality.ts';
import { useDesk } from '../../state/store.ts';
import { isoDate } from '../../time/week.ts';
import { useDocument } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { CoverageDialog } from './coverage-dialog.tsx';
import { daysSilent, type MonthState, monthsOf } from './delivery.ts';
import { freshnessText } from './freshness-text.ts';

/** What the numbers rest on: per source what was delivered and when last; the snapshot. */
export function Coverage() {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const { t, label } = useText();
  // Both after the first map.
  const mapSettled = useDesk((desk) => desk.mapSettled);
  const quality = useDocument(mapSettled ? snapshot.quality : NOT_YET);
  const coverage = useDocument(mapSettled ? snapshot.coverage : NOT_YET);
  const { setCoverageOpen } = useDesk.getState();
  const { window, zone, profile } = manifest;
  return (
    <footer className="coverage">
      <ul>
        {manifest.dictionaries.sources.map((source) => (
          <SourceLine
            key={source.key}
            source={source}
            quality={quality.value}
            coverage={coverage.value?.sources.find(({ key }) => key === source.key) ?? null}
          />
        ))}
      </ul>
      <p className="coverage-key">
        {MONTH_STATES.filter((state) => state !== 'thin' || coverage.value !== null).map((state) => (
          <span key={state}>
            <i className="month" data-state={state} /> {t(MONTH_TEXT[state])}
          </span>
        ))}
        {(coverage.value || coverage.failed) && (
          <button type="button" className="coverage-open" onClick={() => setCoverageOpen(true)}>
            {t('coverage.open')}
          </button>
        )}
      </p>
      <p className="coverage-snapshot">
        <span>
          {window.endDay > window.firstDay
            ? t('coverage.window', { from: isoDate(window.firstDay), to: isoDate(window.endDay - 1) })
            : t('coverage.noWindow')}
        </span>
        <span>{t('coverage.zone', { zone })}</span>
        <span>{t('coverage.snapshot', { id: manifest.snapshot })}</span>
        <span title={label(profile.attribution)} className="attribution">
          {label(profile.attribution)}
        </span>
      </p>
      <CoverageDialog coverage={coverage} />
    </footer>
  );
}

const NOT_YET = () => new Promise<null>(() => undefined);

const MONTH_STATES = ['delivered', 'zero', 'thin', 'missing'] as const;
const MONTH_TEXT = {
  delivered: 'coverage.delivered',
  zero: 'coverage.monthZero',
  thin: 'coverage.monthThin',
  missing: 'coverage.monthMissing',
} as const satisfies Record<MonthState, string>;

interface SourceLineProps {
  readonly source: SourceEntry;
  readonly quality: Quality | null;
  /** Null = the snapshot has no coverage.json: months and the age of the data are all there is. */
  readonly coverage: SourceCoverage | null;
}

function SourceLine({ source, quality, coverage }: SourceLineProps) {
  const { window } = useSession().snapshot.manifest;
  const { t, label } = useText();
  const months = monthsOf(source, window, quality, coverage?.spans);
  const of = (state: MonthState) => months.filter((month) => month.state === state).map(({ month }) => month);
  const [missing, thin] = [of('missing'), of('thin')];
  const silent = daysSilent(source.asOf, window.endDay);
  const stale = coverage
    ? coverage.freshness.verdict === 'late' || coverage.freshness.verdict === 'silent'
    : silent === null || silent > source.cadenceDays;
  const name = label(source.name);
  const unlocated = source.accepted - source.located - source.divisionOnly;
  const summary = [
    t('coverage.months', { source: name, months: months.length, missing: missing.length }),
    missing.length > 0 ? t('coverage.missing', { months: missing.join(', ') }) : '',
    thin.length > 0 ? t('coverage.thinMonths', { months: thin.join(', ') }) : '',
  ].join(' ');
  return (
    <li data-stale={stale}>
      <span className="coverage-name">{name}</span>
      <span className="months" role="img" aria-label={summary} title={summary}>
        {months.map(({ month, state }) => (
          <i key={month} className="month" data-state={state} />
        ))}
      </span>
      <span className="coverage-as-of">
        {source.asOf ? t('coverage.asOf', { time: source.asOf }) : t('coverage.nothing')}
      </span>
      {coverage ? (
        <span className={stale ? 'stale' : 'on-time'}>{t(...freshnessText(coverage.freshness))}</span>
      ) : stale && silent !== null ? (
        <strong className="stale">{t('coverage.stale', { days: silent, cadence: source.cadenceDays })}</strong>
      ) : (
        <span className="on-time">{silent === null ? '' : t('coverage.onTime')}</span>
      )}
      <span>{t('coverage.unlocated', { n: unlocated })}</span>
      {source.divisionOnly > 0 && <span>{t('coverage.divisionOnly', { n: source.divisionOnly })}</span>}
    </li>
  );
}
