import { useEffect, useState } from 'react';
import { HOT_CLASSES } from '../../sense/hotspots.ts';
import { RISK_STEPS } from '../../sense/risk.ts';
import { useDesk } from '../../state/store.ts';
import { isoDate } from '../../time/week.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useText } from '../../ui/use-text.ts';
import { newestMinute } from './freshness.ts';
import type { Box } from './layout.ts';
import { levelWords, nameOfDivision } from './model.ts';
import { nextStepMs, stopOf } from './tour.ts';
import { useFreshness, useSayWall } from './use-wall.ts';
import { clockVerdict } from './wall-clock.ts';
import { affectedDivisions, useFill } from './wall-map.tsx';
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
      {late.length > 0 ? (
        <p className="wall-warning">{say('map.late', { names: names.join(say('join')) })}</p>
      ) : (
        affected.length > 0 && <p className="wall-warning">{say('map.missing', { names: missing })}</p>
      )}
    </div>
  );
}

const SHOWN_HOT = ['hot3', 'hot2', 'hot1', 'cold1', 'cold2', 'cold3'] as const;

export function Legend({ shown, box }: BlockProps) {
  const say = useSayWall();
  const { label } = useText();
  const { look } = useFill(shown.data);
  const weeks = valueOfSpan(shown);
  const { categories } = shown.data.snapshot.manifest.dictionaries;
  if (look.kind === 'count')
    return (
      <aside className="wall-legend" style={legendAt(box)}>
        <h2>{say('legend.count')}</h2>
      </aside>
    );
  const rows =
    look.kind === 'hotspots'
      ? SHOWN_HOT.map((name) => ({
          key: name,
          colour: look.colours[HOT_CLASSES.indexOf(name)],
          text: say(`legend.${name}`),
        }))
      : RISK_STEPS.map((from, i) => ({
          key: String(from),
          colour: look.colours[i],
          text: `${from}–${RISK_STEPS[i + 1] ?? 100}`,
        })).reverse();
  const group = look.kind === 'hotspots' ? categories[look.group] : null;
  return (
    <aside className="wall-legend" style={legendAt(box)}>
      <h2>
        {group
          ? say('legend.hotspots', { name: label(group.name) })
          : say(`legend.${look.kind === 'risk' ? 'risk' : 'change'}`)}
      </h2>
      {look.kind !== 'hotspots' && weeks !== null && <p>{say('legend.span', { n: weeks })}</p>}
      <ol>
        {rows.map(({ key, colour, text }) => (
          <li key={key}>
            <i style={{ background: colour }} />
            {text}
          </li>
        ))}
      </ol>
      <p>{say('legend.none')}</p>
    </aside>
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
