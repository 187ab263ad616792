import { lazy, useEffect, useMemo, useState } from 'react';
import type { CalendarMarks } from '../../sense/calendar-marks.ts';
import type { WeekBand } from '../../sense/series.ts';
import { useDesk } from '../../state/store.ts';
import { isPartial, lastWeeks, shifted, type WeekRange, weekLabel } from '../../time/week.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { useFilters } from './filters.ts';
import { rangeNames } from './period.ts';
import type { WeekPlot } from './week-plot.ts';

const SeriesWords = lazy(() => import('./sense/series-words.tsx').then(({ SeriesWords: part }) => ({ default: part })));

const ChangeWords = lazy(() => import('./sense/change-words.tsx').then(({ ChangeWords: part }) => ({ default: part })));

const PlaybackButton = lazy(() =>
  import('./playback/playback-button.tsx').then(({ PlaybackButton: part }) => ({ default: part })),
);

const CompareButton = lazy(() =>
  import('./compare/compare-button.tsx').then(({ CompareButton: part }) => ({ default: part })),
);

export function Weeks() {
  const { snapshot, panels } = useSession();
  const { t, locale } = useText();
  const { weeks, window: covered } = snapshot.manifest;
  const state = usePanel(panels.weeks);
  const all = shownValue(usePanel(panels.all.weeks));
  const filtered = shownValue(state);
  const range = useFilters().weeks;
  const theme = useDesk((desk) => desk.theme);
  const { setWeeks } = useDesk.getState();
  const [hovered, setHovered] = useState<number | null>(null);
  // A state, not a ref: the frame shows its content only once there are counts.
  const [container, setContainer] = useState<HTMLDivElement | null>(null);
  const [marks, setMarks] = useState<CalendarMarks | null>(null);
  const [band, setBand] = useState<WeekBand | null>(null);
  const [plot, setPlot] = useState<WeekPlot | null>(null);
  const partial = useMemo(() => weeks.map((week) => isPartial(week, covered)), [weeks, covered]);
  const choose = (next: WeekRange) => setWeeks(rangeNames(next, weeks));

  const mapSettled = useDesk((desk) => desk.mapSettled);
  const playing = useDesk((desk) => desk.playback !== null);
  useEffect(() => {
    if (!mapSettled || !container) return;
    let made: WeekPlot | null = null;
    let gone = false;
    void import('./week-plot.ts').then(({ createWeekPlot }) => {
      if (gone) return;
      const onBrush = (next: WeekRange) => useDesk.getState().setWeeks(rangeNames(next, weeks));
      made = createWeekPlot({ container, weeks, partial, onBrush, onHover: setHovered });
      setPlot(made);
    });
    return () => {
      gone = true;
      made?.destroy();
      setPlot(null);
    };
  }, [mapSettled, container, weeks, partial]);
  useEffect(() => {
    // Beside its normal a category would be flat under the ghost of all.
    if (plot && filtered) plot.show({ filtered, total: band ? null : all, range, band, marks });
  }, [plot, filtered, all, range, band, marks]);
  useEffect(() => {
    // The attribute that switches the style sheet is set by an effect further up, which runs after this one.
    const frame = requestAnimationFrame(() => plot?.setTheme(theme));
    return () => cancelAnimationFrame(frame);
  }, [plot, theme]);

  const last = weeks.length - 1;
  const read = hovered ?? null;
  return (
    <PanelFrame
      id="weeks"
      title={t('panel.weeks')}
      state={state}
      className="weeks"
      aside={<WeekReading week={read} filtered={filtered} total={all} partial={partial} />}
    >
      <div className="week-controls">
        <fieldset className="quick" aria-label={t('weeks.quick')}>
          {QUICK.map(({ key, count }) => {
            const quick = count === null ? null : lastWeeks(count, weeks.length);
            const pressed = quick ? range?.first === quick.first && range.end === quick.end : range === null;
            return (
              <button
                key={key}
                type="button"
                aria-pressed={pressed}
                disabled={count !== null && count >= weeks.length}
                onClick={() => (quick ? choose(quick) : setWeeks(null))}
              >
                {t(key)}
              </button>
            );
          })}
        </fieldset>
        <button
          type="button"
          aria-label={t('weeks.earlier')}
          disabled={!range || range.first === 0}
          onClick={() => range && choose(shifted(range, -1, weeks.length))}
        >
          ‹
        </button>
        <WeekChoice
          label={t('weeks.from')}
          value={range?.first ?? 0}
          onChoose={(first) => choose({ first, end: Math.max(first + 1, range?.end ?? weeks.length) })}
        />
        <span aria-hidden="true">–</span>
        <WeekChoice
          label={t('weeks.to')}
          value={(range?.end ?? weeks.length) - 1}
          onChoose={(to) => choose({ first: Math.min(range?.first ?? 0, to), end: to + 1 })}
        />
        <button
          type="button"
          aria-label={t('weeks.later')}
          disabled={!range || range.end > last}
          onClick={() => range && choose(shifted(range, 1, weeks.length))}
        >
          ›
        </button>
        {mapSettled && !playing && (
          <LazyPart>
            <PlaybackButton />
          </LazyPart>
        )}
        {mapSettled && (
          <LazyPart>
            <CompareButton />
          </LazyPart>
        )}
        <span className="week-legend">
          <i data-swatch="data" /> {t('weeks.legendFiltered')}
          {!band && (
            <>
              {' '}
              <i data-swatch="ghost" /> {t('weeks.legendTotal')}
            </>
          )}
          {partial.some(Boolean) && (
            <>
              {' '}
              <i data-swatch="partial" /> {t('weeks.partialShort')}
            </>
          )}
        </span>
      </div>
      {mapSettled && (
        <p className="week-words">
          <LazyPart>
            {filtered && <ChangeWords counts={filtered} />}
            <SeriesWords week={read ?? last} onBand={setBand} onMarks={setMarks} />
          </LazyPart>
        </p>
      )}
      <div ref={setContainer} className="week-plot" role="img" aria-label={t('weeks.chart')} lang={locale} />
    </PanelFrame>
  );
}

const QUICK = [
  { key: 'weeks.last1', count: 1 },
  { key: 'weeks.last4', count: 4 },
  { key: 'weeks.last13', count: 13 },
  { key: 'weeks.last52', count: 52 },
  { key: 'weeks.all', count: null },
] as const;

interface WeekReadingProps {
  readonly week: number | null;
  readonly filtered: Uint32Array | null;
  readonly total: Uint32Array | null;
  readonly partial: readonly boolean[];
}

/** What the pointer is on, in words; the last week when it is nowhere. */
function WeekReading({ week, filtered, total, partial }: WeekReadingProps) {
  const { weeks } = useSession().snapshot.manifest;
  const { t, locale } = useText();
  const at = week ?? weeks.length - 1;
  const entry = weeks[at];
  const n = filtered?.[at];
  const all = total?.[at];
  if (!entry || n === undefined) return null;
  const name = weekLabel(entry, locale);
  return (
    <p className="week-reading">
      {all === undefined ? t('weeks.readWindow', { week: name, n }) : t('weeks.read', { week: name, n, total: all })}
      {partial[at] && <em> {t('weeks.partial')}</em>}
    </p>
  );
}

interface WeekChoiceProps {
  readonly label: string;
  readonly value: number;
  readonly onChoose: (week: number) => void;
}

function WeekChoice({ label, value, onChoose }: WeekChoiceProps) {
  const { weeks } = useSession().snapshot.manifest;
  const { locale } = useText();
  const options = useMemo(() => weeks.map((week) => weekLabel(week, locale)), [weeks, locale]);
  return (
    <select aria-label={label} value={value} onChange={(event) => onChoose(Number(event.target.value))}>
      {options.map((text, week) => (
        <option key={text} value={week}>
          {text}
        </option>
      ))}
    </select>
  );
}
