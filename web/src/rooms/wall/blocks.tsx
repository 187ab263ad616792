import { useEffect, useState } from 'react';
import { HOT_CLASSES } from '../../sense/hotspots.ts';
import { LEVELS } from '../../sense/levels.ts';
import { RISK_STEPS } from '../../sense/risk.ts';
import { useDesk } from '../../state/store.ts';
import { isoDate, weekLabel } from '../../time/week.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useText } from '../../ui/use-text.ts';
import { newestMinute } from './freshness.ts';
import type { Box } from './layout.ts';
import { readyPart } from './load-wall.ts';
import { levelWords, nameOfDivision } from './model.ts';
import { usePlaying } from './playing.ts';
import { nextStepMs, stopOf } from './tour.ts';
import { useFreshness, useSayWall } from './use-wall.ts';
import { clockVerdict } from './wall-clock.ts';
import { affectedDivisions, type Fill, useFill } from './wall-map.tsx';
import { type Shown, useWall } from './wall-store.ts';

interface BlockProps {
  readonly shown: Shown;
  readonly box: Box;
}

const at = (box: Box, drift: { readonly x: number; readonly y: number }) => ({
  left: box.x + drift.x,
  top: box.y + drift.y,
  width: box.w,
  height: box.h,
});

/** Name of the room and the clock of the city. */
export function Title({ shown, box }: BlockProps) {
  const say = useSayWall();
  const { label } = useText();
  const drift = useWall((wall) => wall.drift);
  const nowMinute = useWall((wall) => wall.nowMinute);
  const rehearsal = useWall((wall) => wall.options.clock !== null);
  const minute = ((nowMinute % 1440) + 1440) % 1440;
  const two = (n: number) => String(n).padStart(2, '0');
  return (
    <header className="wall-title" style={at(box, drift)}>
      <h1>{label(shown.data.snapshot.manifest.profile.name)}</h1>
      <p>
        {say('title.room')}
        <time>
          {isoDate(Math.floor(nowMinute / 1440)).slice(5)} {two(Math.floor(minute / 60))}:{two(minute % 60)}
        </time>
        {rehearsal && <em>{say('title.rehearsal')}</em>}
      </p>
    </header>
  );
}

/** The line of the tour, and what is wrong with the machinery. One line each; a warning takes the place of the rest. */
export function Status({ shown, box }: BlockProps) {
  const say = useSayWall();
  const drift = useWall((wall) => wall.drift);
  const warning = useWarning(shown);
  return (
    <div className="wall-status" style={at(box, drift)} role="status">
      <TourLine />
      {warning ? (
        <p className="wall-warning">{warning}</p>
      ) : (
        <p>{say('status.snapshot', { id: shown.data.snapshot.manifest.snapshot.slice(0, 8) })}</p>
      )}
    </div>
  );
}

function useWarning(shown: Shown): string | null {
  const say = useSayWall();
  const health = useWall((wall) => wall.health);
  const nowMinute = useWall((wall) => wall.nowMinute);
  const rehearsal = useWall((wall) => wall.options.clock !== null);
  const { manifest } = shown.data.snapshot;
  if (health.lostSinceMs !== null) {
    const minutes = Math.max(0, Math.round((Date.now() - health.lostSinceMs) / 60_000));
    return say('status.lost', { n: minutes });
  }
  if (health.refused) return say('status.refused', { file: health.refused.file });
  const clock = clockVerdict({
    serverOffsetMs: health.serverOffsetMs,
    nowMinute,
    newestMinute: newestMinute(manifest),
  });
  if (clock.kind === 'machine-off') return say('status.clock', { n: Math.abs(clock.minutes) });
  if (clock.kind === 'before-data' && !rehearsal) return say('status.future', { n: clock.minutes });
  // Last: whoever looks at the wall sees that there is no map.
  if (health.mapError) return say('status.map');
  return null;
}

function TourLine() {
  const say = useSayWall();
  const { label, locale } = useText();
  const tour = useWall((wall) => wall.tour);
  const pinned = useWall((wall) => wall.pinned);
  const stop = stopOf(tour);
  const next = tour.stops[(tour.at + 1) % Math.max(1, tour.stops.length)];
  const due = nextStepMs(tour, locale === 'en' ? 'en' : 'zh');
  const left = useSecondsTo(due);
  const paused = tour.pausedUntilMs !== null && tour.pausedUntilMs > performance.now();
  const place = tour.visit ? say('tour.visit') : `${tour.stops.length === 0 ? 0 : tour.at + 1}/${tour.stops.length}`;
  const state = pinned
    ? say('tour.pinned')
    : tour.frozen
      ? say('tour.frozen')
      : tour.off || due === null
        ? say('tour.off')
        : paused
          ? say('tour.paused', { n: left })
          : say('tour.next', { n: left });
  return (
    <p
      className="wall-tour"
      data-stop={stop?.id ?? ''}
      data-tour={tour.frozen ? 'frozen' : paused ? 'paused' : 'running'}
    >
      <b>{place}</b> {state}
      {next && due !== null && !tour.visit && (
        <small> {next.level === null ? label(shortOf(next.caption)) : levelWords(next.level, locale)}</small>
      )}
    </p>
  );
}

const shortOf = ({ zh, en }: { readonly zh: string; readonly en: string }) => ({
  zh: zh.split(/[：，]/)[0]!.slice(0, 8),
  en: en.split(/[:,]/)[0]!.slice(0, 16),
});

/** Whole seconds, one timer; nothing is drawn between them. */
function useSecondsTo(dueMs: number | null): number {
  const read = () => (dueMs === null ? 0 : Math.max(0, Math.ceil((dueMs - performance.now()) / 1000)));
  const [left, setLeft] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` depends on `dueMs` only
  useEffect(() => {
    setLeft(read());
    if (dueMs === null) return;
    const timer = setInterval(() => setLeft(read()), 1000);
    return () => clearInterval(timer);
  }, [dueMs]);
  return left;
}

/** What the map shows now, on a ground of its own: no text stands on the picture itself. */
export function Caption({ shown, box }: BlockProps) {
  const say = useSayWall();
  const { label, locale } = useText();
  const stop = useWall((wall) => stopOf(wall.tour));
  const words = useWall((wall) => wall.caption);
  const fresh = useWall((wall) => wall.tour.fresh);
  const ages = useFreshness(shown);
  const { sources } = shown.data.snapshot.manifest.dictionaries;
  const late = ages.filter(({ verdict }) => verdict === 'late' || verdict === 'silent');
  const affected = affectedDivisions(shown.data, ages);
  const playing = usePlaying(({ at }) => at !== null);
  const names = late.flatMap(({ source }) => sources.filter(({ id }) => id === source).map(({ name }) => label(name)));
  const missing = affected.map((id) => label(nameOfDivision(shown.data.snapshot, id))).join(say('join'));
  return (
    <div
      className="wall-caption"
      data-new={stop !== null && fresh === stop.id}
      style={{ left: box.x, top: box.y, maxWidth: box.w, maxHeight: box.h }}
    >
      {words !== null && <p className="wall-operator">{words}</p>}
      {stop && (
        <p>
          {stop.level !== null && (
            <span className="wall-level-inline">
              <LevelMark level={stop.level} /> {levelWords(stop.level, locale)}{' '}
            </span>
          )}
          {label(stop.caption)}
        </p>
      )}
      {playing && <WeekLine shown={shown} />}
      {playing ? null : late.length > 0 ? (
        <p className="wall-warning">{say('map.late', { names: names.join(say('join')) })}</p>
      ) : (
        affected.length > 0 && <p className="wall-warning">{say('map.missing', { names: missing })}</p>
      )}
    </div>
  );
}

/** Which week is on the map, and how much of it. */
function WeekLine({ shown }: { readonly shown: Shown }) {
  const say = useSayWall();
  const { locale, number } = useText();
  const { at, running } = usePlaying();
  const played = readyPart(shown.data.played);
  const { weeks } = shown.data.snapshot.manifest;
  const week = at === null ? undefined : weeks[at];
  if (!played || at === null || !week) return null;
  const { first, end } = played.clock.bounds;
  const total = shown.model.strip.byWeek[at] ?? 0; // every week of the manifest has its sum
  const onMap = played.onMap.get(at);
  return (
    <>
      <p className="wall-week" data-week={week.iso} data-running={running}>
        <b>{say('weeks.at', { week: weekLabel(week, locale), i: at - first + 1, n: end - first })}</b>{' '}
        {say(running ? 'weeks.running' : 'weeks.held')}
      </p>
      <p>
        {onMap === undefined || total < shown.data.k.usual
          ? say('weeks.few')
          : say('weeks.counts', { total: number(total), shown: number(onMap) })}
      </p>
      {shown.model.strip.gaps[at] && <p className="wall-warning">{say('weeks.gap')}</p>}
      {shown.model.strip.filling[at] && <p className="wall-warning">{say('weeks.filling')}</p>}
    </>
  );
}

const SHOWN_HOT = ['hot3', 'hot2', 'hot1', 'cold1', 'cold2', 'cold3'] as const;

/** Rem below which the legend leaves out its last line. */
const WHOLE_LEGEND = 19;

export function Legend({ shown, box, rem }: BlockProps & { readonly rem: number }) {
  const { look } = useFill(shown.data);
  return (
    <aside className="wall-legend" data-look={look.kind} style={legendAt(box)}>
      <FillLegend shown={shown} look={look} />
      {look.kind !== 'weeks' && <LevelLegend shown={shown} brief={box.h < WHOLE_LEGEND * rem} />}
    </aside>
  );
}

function FillLegend({ shown, look }: { readonly shown: Shown; readonly look: Fill }) {
  const say = useSayWall();
  const { label, number } = useText();
  const span = valueOfSpan(shown);
  const { categories } = shown.data.snapshot.manifest.dictionaries;
  switch (look.kind) {
    case 'count':
      return (
        <>
          <h2>{say('legend.count')}</h2>
          <Classes
            rows={look.breaks
              .map(
                (from, i) =>
                  [
                    look.colours[i],
                    i === 0 ? say('legend.few', { k: shown.data.k.usual }) : `≥ ${number(from)}`,
                  ] as const,
              )
              .reverse()}
          />
        </>
      );
    case 'hotspots': {
      const group = categories[look.group];
      return (
        <>
          <h2>{say('legend.hotspots', { name: group ? label(group.name) : '' })}</h2>
          <Classes rows={SHOWN_HOT.map((name) => [look.colours[HOT_CLASSES.indexOf(name)], say(`legend.${name}`)])} />
          <p>{say('legend.none')}</p>
        </>
      );
    }
    case 'weeks': {
      const { breaks, clock } = look.played;
      const k = shown.data.k.usual;
      const n = clock.bounds.end - clock.bounds.first;
      return (
        <>
          <h2>{say('legend.weeks')}</h2>
          <Classes
            rows={[
              ...breaks.map((from, i) => [look.colours[i], `≥ ${number(from)}`] as const).reverse(),
              [look.colours[breaks.length], say('legend.ghost', { k })],
            ]}
          />
          <p>{say('legend.weeksHow', { n, k })}</p>
        </>
      );
    }
    default:
      return (
        <>
          <h2>{say(`legend.${look.kind}`)}</h2>
          {span !== null && <p>{say('legend.span', { n: span })}</p>}
          <Classes
            rows={RISK_STEPS.map(
              (from, i) => [look.colours[i], `${from}–${RISK_STEPS[i + 1] ?? 100}`] as const,
            ).reverse()}
          />
          <p>{say('legend.apart', { n: number(look.apart), of: number(look.ranked) })}</p>
          <p>{say('legend.noneRisk')}</p>
        </>
      );
  }
}

function Classes({ rows }: { readonly rows: readonly (readonly [colour: string | undefined, text: string])[] }) {
  return (
    <ol>
      {rows.map(([colour, text]) => (
        <li key={text}>
          <i style={{ background: colour }} />
          {text}
        </li>
      ))}
    </ol>
  );
}

/** The marks on the map by colour, shape, numeral and word, and how many of each. */
function LevelLegend({ shown, brief }: { readonly shown: Shown; readonly brief: boolean }) {
  const say = useSayWall();
  const { locale } = useText();
  const alerts = readyPart(shown.data.alerts)?.alerts;
  if (!alerts || alerts.length === 0) return null;
  return (
    <section className="wall-legend-levels">
      <h2>{say('legend.alerts')}</h2>
      <ol>
        {LEVELS.map(({ level }) => {
          const n = alerts.filter((alert) => alert.level === level).length;
          return (
            <li key={level} data-level={level} data-count={n}>
              <LevelMark level={level} /> {say('legend.level', { words: levelWords(level, locale), n })}
            </li>
          );
        })}
      </ol>
      {!brief && alerts.some(({ level }) => level === 4) && <p>{say('legend.dots')}</p>}
    </section>
  );
}

function valueOfSpan({ data }: Shown): number | null {
  return data.sense.status === 'ready' ? data.sense.value.risk.spanWeeks : null;
}

const legendAt = (box: Box) => ({
  left: box.x,
  bottom: `calc(100% - ${box.y + box.h}px)`,
  maxWidth: box.w,
  maxHeight: box.h,
});

/** Appears when a pointer moves or a key is pressed, and goes by itself: a wall has no menu. */
export function Corner() {
  const say = useSayWall();
  const locale = useDesk((desk) => desk.locale);
  const [awake, setAwake] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      setAwake(true);
      clearTimeout(timer);
      timer = setTimeout(() => setAwake(false), 6000);
    };
    window.addEventListener('pointermove', wake);
    window.addEventListener('keydown', wake);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointermove', wake);
      window.removeEventListener('keydown', wake);
    };
  }, []);
  useEffect(() => {
    document.documentElement.dataset.wallAwake = String(awake);
    return () => {
      delete document.documentElement.dataset.wallAwake;
    };
  }, [awake]);
  const language = locale === 'en' ? '?locale=en' : '';
  return (
    <nav className="wall-corner" data-awake={awake} aria-label={say('corner.title')}>
      <span className="wall-keys">{say('corner.keys')}</span>
      <a href={`/desk${language}`}>{say('corner.desk')}</a>
      <a href={`/wall/console${language}`} target="_blank" rel="noopener">
        {say('corner.console')}
      </a>
      <a href={`/wall/health${language}`} target="_blank" rel="noopener">
        {say('corner.health')}
      </a>
    </nav>
  );
}
