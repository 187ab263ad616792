import { useEffect, useState } from 'react';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import type { Quality } from '../../../../core/contract/quality.ts';
import { isoDate } from '../../time/week.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { daysSilent, type MonthState, monthsOf } from './delivery.ts';

/** What the numbers rest on: per source what was delivered and when last; the snapshot. */
export function Coverage() {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const { t, label } = useText();
  const [quality, setQuality] = useState<Quality | null>(null);
  useEffect(() => {
    let gone = false;
    snapshot.quality().then(
      (value) => !gone && setQuality(value),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [snapshot]);
  const { window, zone, profile } = manifest;
  return (
    <footer className="coverage">
      <ul>
        {manifest.dictionaries.sources.map((source) => (
          <SourceCoverage key={source.key} source={source} quality={quality} />
        ))}
      </ul>
      <p className="coverage-key">
        {(['delivered', 'zero', 'missing'] as const).map((state) => (
          <span key={state}>
            <i className="month" data-state={state} /> {t(MONTH_TEXT[state])}
          </span>
        ))}
      </p>
      <p className="coverage-snapshot">
        <span>{t('coverage.window', { from: isoDate(window.firstDay), to: isoDate(window.endDay - 1) })}</span>
        <span>{t('coverage.zone', { zone })}</span>
        <span>{t('coverage.snapshot', { id: manifest.snapshot })}</span>
        <span title={label(profile.attribution)} className="attribution">
          {label(profile.attribution)}
        </span>
      </p>
    </footer>
  );
}

const MONTH_TEXT = {
  delivered: 'coverage.delivered',
  zero: 'coverage.monthZero',
  missing: 'coverage.monthMissing',
} as const satisfies Record<MonthState, string>;

function SourceCoverage({ source, quality }: { readonly source: SourceEntry; readonly quality: Quality | null }) {
  const { window } = useSession().snapshot.manifest;
  const { t, label } = useText();
  const months = monthsOf(source, window, quality);
  const missing = months.filter(({ state }) => state === 'missing').map(({ month }) => month);
  const silent = daysSilent(source.asOf, window.endDay);
  const stale = silent === null || silent > source.cadenceDays;
  const name = label(source.name);
  const unlocated = source.accepted - source.located;
  const summary = t('coverage.months', { source: name, months: months.length, missing: missing.length });
  const gaps = missing.length > 0 ? t('coverage.missing', { months: missing.join(', ') }) : '';
  return (
    <li data-stale={stale}>
      <span className="coverage-name">{name}</span>
      <span className="months" role="img" aria-label={`${summary} ${gaps}`} title={`${summary} ${gaps}`}>
        {months.map(({ month, state }) => (
          <i key={month} className="month" data-state={state} />
        ))}
      </span>
      <span className="coverage-as-of">
        {source.asOf ? t('coverage.asOf', { time: source.asOf }) : t('coverage.nothing')}
      </span>
      {stale && silent !== null ? (
        <strong className="stale">{t('coverage.stale', { days: silent, cadence: source.cadenceDays })}</strong>
      ) : (
        <span className="on-time">{silent === null ? '' : t('coverage.onTime')}</span>
      )}
      <span>{t('coverage.unlocated', { n: unlocated })}</span>
    </li>
  );
}
