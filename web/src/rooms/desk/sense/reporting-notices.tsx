import type { Sense } from '../../../../../core/contract/sense.ts';
import { type ReportingKey, sayReporting } from '../../../i18n/reporting-texts.ts';
import type { Values } from '../../../i18n/texts.ts';
import { about, percent } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { isoDate } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useNames } from './use-alerts.ts';
import { readyValue, useSense } from './use-sense.ts';

/** Places a source hears little from: below the alerts, and never one of them. */
export function ReportingNotices() {
  const reporting = readyValue(useSense('sense'))?.reporting;
  const locale = useDesk((desk) => desk.locale);
  if (!reporting) return null; // still loading, or a snapshot of before
  const places = reporting.sources.reduce((sum, source) => sum + source.places.length, 0);
  return (
    <details className="alerts-reporting" data-reporting={places}>
      <summary>{sayReporting(locale, 'title', { n: places })}</summary>
      {reporting.sources.map((source) => (
        <SourceNotices key={source.source} reporting={reporting} source={source} />
      ))}
    </details>
  );
}

type Reporting = NonNullable<Sense['reporting']>;

interface SourceNoticesProps {
  readonly reporting: Reporting;
  readonly source: Reporting['sources'][number];
}

function SourceNotices({ reporting, source }: SourceNoticesProps) {
  const { manifest } = useSession().snapshot;
  const { locale, label } = useText();
  const names = useNames();
  const say = (key: ReportingKey, values?: Values) => sayReporting(locale, key, values);
  const level = manifest.divisionLevels.find((one) => one.level === source.level);
  if (source.why !== 'assessed' || !level)
    return <p className="fine">{say('notAssessed', { source: names.source(source.source) })}</p>;
  const said = {
    from: isoDate(reporting.firstDay),
    to: isoDate(reporting.endDay - 1),
    source: names.source(source.source),
    most: percent(reporting.mostShare),
    compared: source.compared,
    level: label(level.name),
  };
  return (
    <>
      <p className="fine">{say(source.places.length > 0 ? 'intro' : 'none', said)}</p>
      <ul className="reporting-rows">
        {source.places.map(({ division, observed, expected, lateShare, lateAround }) => (
          <li key={division}>
            <strong>{names.division(division)}</strong> {say('row', { observed, expected: about(expected) })}
            <span className="fine">
              {' · '}
              {lateShare === null || lateAround === null
                ? say('lateUnknown')
                : say('late', {
                    days: reporting.lateDays,
                    share: percent(lateShare),
                    around: percent(lateAround),
                  })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
