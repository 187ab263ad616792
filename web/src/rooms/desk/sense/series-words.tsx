import { useEffect, useMemo } from 'react';
import { type CalendarMarks, calendarMarks } from '../../../sense/calendar-marks.ts';
import { bandFor, type WeekBand } from '../../../sense/series.ts';
import { about } from '../../../sense/words.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { readyValue, useSay, useSense } from './use-sense.ts';

interface SeriesWordsProps {
  /** Week that is read out. */
  readonly week: number;
  readonly onBand: (band: WeekBand | null) => void;
  readonly onMarks: (marks: CalendarMarks) => void;
}

/** The normal of the chosen division × category: hands the band to the chart and says the week's part of it, or why there is none. */
export function SeriesWords({ week, onBand, onMarks }: SeriesWordsProps) {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const say = useSay();
  const filters = useFilters();
  const state = useSense('series');
  const table = readyValue(state);
  const answer = useMemo(() => {
    if (!table) return null;
    const categories = manifest.dictionaries.categories.filter(({ level }) => level <= 1);
    return bandFor(table, filters, { categories, weeks: manifest.weeks.length });
  }, [table, filters, manifest]);
  const band = answer?.kind === 'band' ? answer.band : null;
  useEffect(() => onBand(band), [band, onBand]);
  const coverage = useDocument(snapshot.coverage).value;
  const marks = useMemo(() => {
    const chosen = manifest.dictionaries.sources.filter(
      ({ id }) => filters.sources.length === 0 || filters.sources.includes(id),
    );
    const covered = coverage?.sources.filter(({ key }) => chosen.some((source) => source.key === key)) ?? [];
    const breakDays = covered.flatMap(({ spans }) => spans.flatMap(({ breakDay }) => breakDay ?? []));
    return calendarMarks(manifest.weeks, { zone: manifest.zone, breakDays });
  }, [manifest, coverage, filters]);
  useEffect(() => onMarks(marks), [marks, onMarks]);
  const calendar = <MarkWords marks={marks} week={week} />;
  if (state.status === 'loading') return calendar;
  if (state.status !== 'ready' || !answer)
    return (
      <span className="series-words">
        {say(state.status === 'absent' ? 'series.absent' : 'alerts.failed')} {calendar}
      </span>
    );
  return (
    <span className="series-words">
      {answer.kind === 'no-series' && say('series.noSeries')}
      {answer.kind === 'area-filtered' && say('series.area')}
      {answer.kind === 'sources-filtered' && say('series.sources')}
      {answer.kind === 'not-assessed' && say('series.notAssessed', { why: say(`why.${answer.why}`) })}
      {band && <BandWords band={band} week={week} />} {calendar}
    </span>
  );
}

function BandWords({ band, week }: { readonly band: WeekBand; readonly week: number }) {
  const say = useSay();
  const expected = band.expected[week] ?? Number.NaN;
  const parts: string[] = [];
  if (band.missing[week]) parts.push(say('series.notDelivered'));
  else if (Number.isNaN(expected)) parts.push(say('series.weekNot'));
  else {
    const bounds = { low: about(band.lower[week]!), high: about(band.upper[week]!) };
    parts.push(say('series.normal', { expected: about(expected), ...bounds }));
    if (band.exceeds[week]) parts.push(say('series.exceeds'));
  }
  if (band.filling[week]) parts.push(say('series.filling'));
  return (
    <>
      {parts.join(' · ')} <i data-swatch="band" /> {say('series.legendNormal')} <i data-swatch="line" />{' '}
      {say('series.legendExpected')} <i className="exceed-mark" /> {say('series.legendExceed')}
    </>
  );
}

function MarkWords({ marks, week }: { readonly marks: CalendarMarks; readonly week: number }) {
  const say = useSay();
  const { label } = useText();
  const holiday = marks.holidays[week];
  return (
    <>
      {marks.holidays.some((name) => name !== null) && (
        <>
          <i className="holiday-mark" /> {say('series.legendHoliday')}
          {holiday ? `: ${label(holiday)}` : ''}{' '}
        </>
      )}
      {marks.breaks.includes(true) && (
        <>
          <i className="break-mark" /> {say('series.legendBreak')}
        </>
      )}
    </>
  );
}
