import { useEffect, useMemo } from 'react';
import { sumIn } from '../../../query/cell-series.ts';
import { NO_FILTERS } from '../../../query/filters.ts';
import { calendarMarks } from '../../../sense/calendar-marks.ts';
import { bandFor } from '../../../sense/series.ts';
import { useDesk } from '../../../state/store.ts';
import {
  daysIn,
  fillingDays,
  fillingFrom,
  isShort,
  lastPosition,
  SPEEDS,
  WINDOW_KINDS,
  type WindowKind,
} from '../../../time/clock.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { readyValue, useSense } from '../sense/use-sense.ts';
import { closePlayback, usePlayback } from './playback-store.ts';
import { PlaybackTrack } from './playback-track.tsx';
import { alertWeeks, namesIn, trackMarks } from './track-marks.ts';
import { type PlaybackFrame, useFrame, useSayPlayback } from './use-playback.ts';
import { pause, reducedMotion, seek, useRun } from './use-run.ts';
import { windowWords } from './window-words.ts';
import './playback.css';

/** One clock for the map: play, speed, window, and where it stands, in words and on the time line. */
export function PlaybackBar() {
  const { coordinator } = useSession();
  const say = useSayPlayback();
  const drawn = useDesk(({ resolution }) => resolution);
  useEffect(() => {
    if (drawn !== null && usePlayback.getState().resolution === null) usePlayback.setState({ resolution: drawn });
  }, [drawn]);
  const { state, frame } = useFrame();
  useRun(frame?.clock ?? null, frame?.at ?? 0);
  return (
    <section className="playback" aria-label={say('title')} data-panel="playback">
      <div className="playback-controls">
        <PlayButton ended={frame !== null && frame.at >= lastPosition(frame.clock)} />
        <SpeedChoice />
        <WindowChoice frame={frame} />
        {frame && <Reading frame={frame} />}
        <button type="button" className="playback-close" onClick={closePlayback} aria-keyshortcuts="Escape">
          {say('close')}
        </button>
      </div>
      {!frame && state.status === 'loading' && (
        <p className="panel-loading" role="status">
          {say('loading')}
        </p>
      )}
      {state.status === 'failed' && (
        <p className="panel-failed" role="alert">
          {say('failed', { message: state.message })}{' '}
          <button type="button" onClick={() => coordinator.retry('playback')}>
            {say('retry')}
          </button>
        </p>
      )}
      {frame && <Track frame={frame} />}
      {frame && <TrackKey />}
    </section>
  );
}

function PlayButton({ ended }: { readonly ended: boolean }) {
  const say = useSayPlayback();
  const running = usePlayback(({ runningDay, wantsRun }) => runningDay !== null || wantsRun);
  const still = reducedMotion();
  const name = say(still ? 'next' : running ? 'pause' : 'play');
  return (
    <button
      type="button"
      className="playback-play"
      data-running={running}
      disabled={still && ended}
      title={still ? say('reduced') : name}
      onClick={() => usePlayback.getState().controls?.toggle()}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={running && !still ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2.5v11l9-5.5z'} />
      </svg>
      {name}
    </button>
  );
}

function SpeedChoice() {
  const say = useSayPlayback();
  const speed = usePlayback((playback) => playback.speed);
  return (
    <fieldset className="playback-choice" aria-label={say('speed')}>
      {SPEEDS.map((of) => (
        <button
          key={of}
          type="button"
          data-speed={of}
          aria-pressed={speed === of}
          onClick={() => usePlayback.setState({ speed: of })}
        >
          {say(`speed.${of}`)}
        </button>
      ))}
    </fieldset>
  );
}

function WindowChoice({ frame }: { readonly frame: PlaybackFrame | null }) {
  const say = useSayPlayback();
  const link = useDesk(({ playback }) => playback);
  const choose = (window: WindowKind) => {
    pause();
    const day = useDesk.getState().playback?.day ?? null;
    const stands = frame ? daysIn(frame.clock, frame.window).endDay - 1 : day;
    useDesk.getState().setPlayback({ window, day: stands });
  };
  return (
    <fieldset className="playback-choice" aria-label={say('window')}>
      {WINDOW_KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          data-window={kind}
          aria-pressed={link?.window === kind}
          onClick={() => choose(kind)}
        >
          {say(`window.${kind}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** Where the clock stands and what is in the window. Numbers are of the filters as they are. */
function Reading({ frame: { clock, series, window, previous } }: { readonly frame: PlaybackFrame }) {
  const say = useSayPlayback();
  const { sums } = series;
  const shown = sumIn(sums.shown, window);
  const total = sums.total ? sumIn(sums.total, window) : shown;
  const filling = fillingDays(daysIn(clock, window), useFillingFrom());
  const { label } = useText();
  const names = namesIn(daysIn(clock, window), useTrackMarks());
  const [first] = names;
  return (
    <p className="playback-reading">
      <strong className="playback-at">{windowWords(clock, window, say)}</strong>
      <span data-count={total}>{say('count', { n: total })}</span>
      {sums.total && <span data-shown={shown}>{say('countShown', { n: shown })}</span>}
      {previous && <span>{say('before', { n: sumIn(sums.total ?? sums.shown, previous) })}</span>}
      {isShort(clock, window) && (
        <em>{say('short', { days: daysIn(clock, window).endDay - daysIn(clock, window).firstDay })}</em>
      )}
      {filling > 0 && <em>{say('filling', { days: filling })}</em>}
      {first && clock.kind !== 'cumulative' && <span>{say('contains', { names: names.map(label).join(' · ') })}</span>}
    </p>
  );
}

function Track({ frame: { clock, at, window, previous, series } }: { readonly frame: PlaybackFrame }) {
  const { weeks } = useSession().snapshot.manifest;
  const say = useSayPlayback();
  const sums = series.sums.total ?? series.sums.shown;
  const volume = useMemo(() => {
    const perWeek = series.unit === 'day' ? 7 : 1;
    return weeks.map((_, week) => sumIn(sums, { first: week * perWeek, end: (week + 1) * perWeek }));
  }, [weeks, sums, series]);
  const document = readyValue(useSense('alerts'));
  const alerts = useMemo(
    () => (document ? alertWeeks([...document.alerts, ...document.rest, ...document.ended], weeks) : []),
    [document, weeks],
  );
  return (
    <PlaybackTrack
      weeks={weeks}
      volume={volume}
      marks={useTrackMarks()}
      alerts={alerts}
      fillingFrom={useFillingFrom()}
      clock={clock}
      at={at}
      window={window}
      previous={previous}
      words={windowWords(clock, window, say)}
      onSeek={(day) => seek(clock, day)}
    />
  );
}

/** What the marks mean; only those that are there. */
function TrackKey() {
  const say = useSayPlayback();
  const { holidays, festivals, breaks } = useTrackMarks();
  const filling = useFillingFrom() !== null;
  const alerts = (readyValue(useSense('alerts'))?.alerts.length ?? 0) > 0; // not loaded: no mark to explain
  return (
    <p className="playback-key fine">
      <i className="key-volume" /> {say('key.volume')}
      {filling && (
        <>
          <i className="key-filling" /> {say('key.filling')}
        </>
      )}
      {alerts && (
        <>
          <LevelMark level={4} /> {say('key.alert')}
        </>
      )}
      {holidays.length > 0 && (
        <>
          <i className="key-holiday" /> {say('key.holiday')}
        </>
      )}
      {festivals.length > 0 && (
        <>
          <i className="key-festival" /> {say('key.festival')}
        </>
      )}
      {breaks.length > 0 && (
        <>
          <i className="key-break" /> {say('key.break')}
        </>
      )}
    </p>
  );
}

function useTrackMarks() {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const { sources } = useFilters();
  const calendar = readyValue(useSense('sense'))?.calendar ?? null;
  const coverage = useDocument(snapshot.coverage).value;
  return useMemo(() => {
    const keys = manifest.dictionaries.sources
      .filter(({ id }) => sources.length === 0 || sources.includes(id))
      .map(({ key }) => key);
    const covered = coverage?.sources.filter(({ key }) => keys.includes(key)) ?? []; // not known: no break is marked
    const breakDays = covered.flatMap(({ spans }) => spans.flatMap(({ breakDay }) => breakDay ?? []));
    return trackMarks(calendar, calendarMarks(manifest.weeks, { zone: manifest.zone, breakDays }), manifest.weeks);
  }, [manifest, sources, calendar, coverage]);
}

/** Of the series of these filters; where there is none, of the city. */
function useFillingFrom(): number | null {
  const { manifest } = useSession().snapshot;
  const filters = useFilters();
  const table = readyValue(useSense('series'));
  return useMemo(() => {
    const { weeks, window: covered } = manifest;
    const categories = manifest.dictionaries.categories.filter(({ level }) => level <= 1);
    const bands = table
      ? [filters, NO_FILTERS].map((of) => bandFor(table, of, { categories, weeks: weeks.length }))
      : [];
    const band = bands.find((answer) => answer.kind === 'band');
    return fillingFrom(band?.kind === 'band' ? band.band.filling : [], { weeks, covered });
  }, [manifest, filters, table]);
}
