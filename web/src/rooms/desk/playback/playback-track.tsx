import { memo, type PointerEvent, useMemo } from 'react';
import { levelText } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { type Clock, DAYS_OF, dayAt, daysIn, type UnitRange } from '../../../time/clock.ts';
import { type Week, weekLabel } from '../../../time/week.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useText } from '../../../ui/use-text.ts';
import { useSay } from '../sense/use-sense.ts';
import type { AlertWeek, TrackMarks } from './track-marks.ts';
import { useSayPlayback } from './use-playback.ts';

export interface TrackProps {
  readonly weeks: readonly Week[];
  /** By week, under the filters. */
  readonly volume: readonly number[];
  readonly marks: TrackMarks;
  readonly alerts: readonly AlertWeek[];
  /** Day; null = complete as far as is known. */
  readonly fillingFrom: number | null;
}

interface MovingProps {
  readonly clock: Clock;
  readonly at: number;
  readonly window: UnitRange;
  readonly previous: UnitRange | null;
  readonly words: string;
  readonly onSeek: (day: number) => void;
}

/** Volume, marks and the window on one time line; a slider for hand and keyboard. Only the window moves with a frame. */
export function PlaybackTrack({ clock, at, window, previous, words, onSeek, ...still }: TrackProps & MovingProps) {
  const say = useSayPlayback();
  const { weeks } = still;
  const days = weeks.length * 7;
  const percent = (range: UnitRange) => {
    const { firstDay, endDay } = daysIn(clock, range);
    return {
      left: `${((firstDay - clock.monday) / days) * 100}%`,
      width: `${((endDay - firstDay) / days) * 100}%`,
    };
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onSeek(clock.monday + Math.floor(((event.clientX - left) / width) * days));
  };
  return (
    <div
      className="playback-track"
      role="slider"
      tabIndex={0}
      aria-label={say('track')}
      aria-valuemin={dayAt(clock, clock.bounds.first)}
      aria-valuemax={dayAt(clock, clock.bounds.end - 1)}
      aria-valuenow={dayAt(clock, at)}
      aria-valuetext={words}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={follow}
    >
      <Still {...still} />
      <i
        className="playback-outside"
        style={{ left: 0, width: percent({ first: 0, end: clock.bounds.first }).width }}
      />
      <i className="playback-outside" style={percent({ first: clock.bounds.end, end: days / DAYS_OF[clock.unit] })} />
      {previous && <i className="playback-previous" style={percent(previous)} />}
      <i className="playback-window" style={percent(window)} />
    </div>
  );
}

const Still = memo(function Still({ weeks, volume, marks, alerts, fillingFrom }: TrackProps) {
  const say = useSayPlayback();
  const sayLevel = useSay();
  const { label } = useText();
  const locale = useDesk((desk) => desk.locale);
  const first = weeks[0]?.firstDay ?? 0; // no week: nothing below is drawn
  const days = weeks.length * 7;
  const left = (day: number) => `${((day - first) / days) * 100}%`;
  const top = useMemo(() => Math.max(1, ...volume), [volume]);
  const width = (from: number, end: number) =>
    `${((Math.min(end, first + days) - Math.max(from, first)) / days) * 100}%`;
  const inside = (day: number) => day >= first && day < first + days;
  return (
    <>
      <svg viewBox={`0 0 ${weeks.length} 100`} preserveAspectRatio="none" aria-hidden="true">
        {volume.map((n, week) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
            key={week}
            x={week + 0.1}
            width={0.8}
            y={100 - (n / top) * 92}
            height={(n / top) * 92}
          />
        ))}
      </svg>
      {fillingFrom !== null && (
        <i
          className="playback-filling"
          title={say('key.filling')}
          style={{ left: left(fillingFrom), width: width(fillingFrom, first + days) }}
        />
      )}
      {marks.holidays
        .filter(({ firstDay, endDay }) => endDay > first && firstDay < first + days)
        .map(({ firstDay, endDay, name }) => (
          <i
            key={`${firstDay} ${name.zh}`}
            className="playback-holiday"
            title={label(name)}
            style={{ left: left(Math.max(firstDay, first)), width: width(firstDay, endDay) }}
          />
        ))}
      {marks.festivals
        .filter(({ day }) => inside(day))
        .map(({ day, name }) => (
          <i key={`${day} ${name.zh}`} className="playback-festival" title={label(name)} style={{ left: left(day) }} />
        ))}
      {marks.breaks
        .filter(({ day }) => inside(day))
        .map(({ day, name }) => (
          <i
            key={`${day} ${name?.zh ?? ''}`}
            className="playback-break"
            title={name ? say('break', { name: label(name) }) : say('breakUnnamed')}
            style={{ left: left(day) }}
          />
        ))}
      {alerts.map(({ week, alerts: n, level }) => (
        <span
          key={week}
          className="playback-alert"
          title={say('alerts', {
            week: weekLabel(weeks[week] as Week, locale),
            n,
            level: levelText(level, sayLevel),
          })}
          style={{ left: left((weeks[week] as Week).firstDay + 3.5) }}
        >
          <LevelMark level={level} />
        </span>
      ))}
    </>
  );
});
