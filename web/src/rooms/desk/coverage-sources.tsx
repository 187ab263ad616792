import type { Coverage, SourceCoverage } from '../../../../core/contract/coverage.ts';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { freshnessNow } from './coverage-matrix.ts';
import { dayText, delayText, recentText, spanText } from './coverage-texts.ts';
import { freshnessText } from './freshness-text.ts';

/** Spans named in the table; the rest is in the matrix. */
const SPANS_SHOWN = 2;

/** One row a source: how fresh, how complete, how much could not be used, what was odd. */
export function CoverageSources({ coverage }: { readonly coverage: Coverage }) {
  const { sources } = useSession().snapshot.manifest.dictionaries;
  const { t } = useText();
  return (
    <table className="coverage-table">
      <thead>
        <tr>
          {COLUMNS.map((key) => (
            <th key={key} scope="col">
              {t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => {
          const own = coverage.sources.find(({ key }) => key === source.key);
          return own && <SourceRow key={source.key} source={source} own={own} />;
        })}
      </tbody>
    </table>
  );
}

const COLUMNS = [
  'panel.sources',
  'coverage.column.asOf',
  'coverage.column.freshness',
  'coverage.column.delay',
  'coverage.column.share',
  'coverage.column.recent',
  'coverage.column.spans',
] as const;

function SourceRow({ source, own }: { readonly source: SourceEntry; readonly own: SourceCoverage }) {
  const { zone } = useSession().snapshot.manifest;
  const { t, number, label } = useText();
  const share = (n: number, of: number) => (of > 0 ? `${number((n / of) * 100, 1)}%` : '–');
  const rejected = Object.values(source.rejected).reduce((sum, n) => sum + n, 0);
  const now = freshnessNow(source, zone);
  const late = own.freshness.verdict === 'late' || own.freshness.verdict === 'silent';
  const odd = own.spans.filter(({ kind }) => kind !== 'high');
  return (
    <tr>
      <th scope="row">{label(source.name)}</th>
      <td>
        {source.asOf ?? t('coverage.nothing')}
        <small>{t('coverage.cadence', { n: source.cadenceDays })}</small>
      </td>
      <td>
        <span className={late ? 'stale' : undefined}>{t(...freshnessText(own.freshness))}</span>
        {now.ageDays !== null && <small>{t('coverage.byClock', { n: now.ageDays })}</small>}
      </td>
      <td>
        {delayText(own).map(([key, values], i) =>
          i === 0 ? <span key={key}>{t(key, values)}</span> : <small key={key}>{t(key, values)}</small>,
        )}
      </td>
      <td>
        {t('coverage.shareUnlocated', {
          share: share(source.accepted - source.located - source.divisionOnly, source.accepted),
        })}
        <small>
          {t('coverage.shareOthers', {
            unmapped: share(source.unmapped, source.accepted),
            rejected: share(rejected, source.read),
          })}
        </small>
      </td>
      <td>
        <Recent recent={own.recent} />
        <small>{recentText(own.recent, t)}</small>
      </td>
      <td>
        {odd.length === 0 && t('coverage.noSpans')}
        {odd
          .slice(-SPANS_SHOWN)
          .reverse()
          .map((span) => (
            <span key={span.firstDay} className="coverage-span">
              {spanText(span, t)}
            </span>
          ))}
        {odd.length > SPANS_SHOWN && <small>{t('coverage.moreSpans', { n: odd.length - SPANS_SHOWN })}</small>}
      </td>
    </tr>
  );
}

/** The last 28 days as bars, on the scale of their own largest; a day is described by its title. */
function Recent({ recent }: { readonly recent: SourceCoverage['recent'] }) {
  const { t } = useText();
  const max = Math.max(1, ...recent.map(({ n, expected }) => Math.max(n, expected ?? 0)));
  return (
    <svg
      className="coverage-recent"
      viewBox={`0 0 ${recent.length * 5} 20`}
      role="img"
      aria-label={recentText(recent, t)}
    >
      {recent.map((day, i) => (
        <g key={day.day} data-verdict={day.verdict}>
          <title>{dayText(day, t)}</title>
          <rect className="coverage-recent-hit" x={i * 5} y={0} width={5} height={20} />
          <rect x={i * 5 + 0.5} y={19 - (18 * day.n) / max} width={4} height={1 + (18 * day.n) / max} />
          {day.expected !== null && (
            <line
              x1={i * 5}
              x2={i * 5 + 5}
              y1={19.5 - (18 * day.expected) / max}
              y2={19.5 - (18 * day.expected) / max}
            />
          )}
        </g>
      ))}
    </svg>
  );
}
