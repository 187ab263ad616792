import { civilDate } from '../../time/week.ts';
import { useText } from '../../ui/use-text.ts';
import type { Box } from './layout.ts';
import { Panel } from './panel.tsx';
import { usePlaying } from './playing.ts';
import { widthEm } from './type-size.ts';
import { asOfText, useSayWall, useTile } from './use-wall.ts';
import type { Shown } from './wall-store.ts';

const MOST_WEEKS = 60;
const HEIGHT = 100;

/** The last year by week: reports, what is normal, festivals, breaks, and what is not in yet. */
export function Strip({ shown, box, rem }: { readonly shown: Shown; readonly box: Box; readonly rem: number }) {
  const say = useSayWall();
  const { label, number } = useText();
  const { strip, all } = shown.model;
  const { weeks } = shown.data.snapshot.manifest;
  const tile = useTile(shown, all.sources);
  const played = usePlaying(({ at }) => at);
  const first = Math.max(0, weeks.length - MOST_WEEKS);
  const shownWeeks = weeks.slice(first);
  const count = Math.max(1, shownWeeks.length);
  const band = strip.band?.kind === 'band' ? strip.band.band : null;
  const top =
    1.08 * Math.max(1, ...shownWeeks.map((_, i) => Math.max(strip.byWeek[first + i]!, band?.upper[first + i] || 0)));
  const y = (n: number) => HEIGHT - (n / top) * HEIGHT;
  const labels = monthLabels(
    shownWeeks.map(({ firstDay }) => firstDay),
    Math.floor((box.w / rem - 4) / 4.5),
  );
  const festivals = namedOnce(
    shownWeeks.map((_, i) => strip.marks.holidays[first + i] ?? null),
    (name) => Math.ceil((0.75 * widthEm(label(name)) + 0.5) / ((box.w / rem - 2) / count)),
  );
  return (
    <Panel id="strip" box={box} title={say('strip.title')} note={asOfText(tile, say)} stale={tile.stale}>
      <div className="wall-strip">
        <span className="wall-strip-top">{number(Math.round(top))}</span>
        <svg viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={say('strip.title')}>
          <defs>
            <pattern id="wall-hatch" width="0.5" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">
              <rect className="wall-strip-hatch" width="0.2" height="6" />
            </pattern>
          </defs>
          {shownWeeks.map(({ iso }, i) => {
            const week = first + i;
            const [low, high] = [band?.lower[week] ?? Number.NaN, band?.upper[week] ?? Number.NaN];
            return (
              <g key={iso}>
                {strip.marks.holidays[week] && (
                  <rect className="wall-strip-festival" x={i} width={1} y={0} height={HEIGHT} />
                )}
                {high >= low && (
                  <rect className="wall-strip-band" x={i} width={1} y={y(high)} height={y(low) - y(high)} />
                )}
                <rect
                  className="wall-strip-bar"
                  data-over={band?.exceeds[week] ?? false}
                  data-open={(strip.filling[week] ?? false) || (strip.partial[week] ?? false)}
                  x={i + 0.17}
                  width={0.66}
                  y={y(strip.byWeek[week]!)}
                  height={HEIGHT - y(strip.byWeek[week]!)}
                />
                {strip.gaps[week] && <rect x={i} width={1} y={0} height={HEIGHT} fill="url(#wall-hatch)" />}
                {strip.marks.breaks[week] && <line className="wall-strip-break" x1={i} x2={i} y1={0} y2={HEIGHT} />}
              </g>
            );
          })}
          {played !== null && played >= first && (
            <rect
              className="wall-strip-now"
              data-week={weeks[played]?.iso}
              x={played - first}
              width={1}
              y={0}
              height={HEIGHT}
            />
          )}
        </svg>
        <ol className="wall-strip-axis" aria-hidden="true">
          {labels.map(({ at, text }) => (
            <li key={at} style={{ left: `${(100 * at) / count}%` }}>
              {text}
            </li>
          ))}
        </ol>
        <ol className="wall-strip-names" aria-hidden="true">
          {festivals.map(({ at, name }) => (
            <li key={at} style={{ left: `${(100 * at) / count}%` }}>
              {label(name)}
            </li>
          ))}
        </ol>
      </div>
      <p className="wall-key">
        <i data-key="bar" /> {say('strip.bar')} {band && <i data-key="over" />} {band && say('strip.over')}{' '}
        {band && <i data-key="band" />} {band ? say('strip.band') : say('strip.noBand')} <i data-key="open" />{' '}
        {say('strip.open')} {strip.gaps.includes(true) && <i data-key="gap" />}{' '}
        {strip.gaps.includes(true) && say('strip.gap')} {strip.marks.breaks.includes(true) && <i data-key="break" />}{' '}
        {strip.marks.breaks.includes(true) && say('strip.break')}
      </p>
    </Panel>
  );
}

/** Months that open inside the weeks, as many as fit. */
function monthLabels(days: readonly number[], room: number): readonly { readonly at: number; readonly text: string }[] {
  const starts = days.flatMap((day, at) => {
    const { month, year } = civilDate(day + 3);
    const before = at > 0 ? civilDate(days[at - 1]! + 3).month : month;
    return before === month ? [] : [{ at, month, text: month === 1 ? String(year) : String(month) }];
  });
  const every =
    [1, 2, 3, 6, 12].find((step) => starts.filter(({ month }) => (month - 1) % step === 0).length <= room) ?? 12;
  return starts.filter(({ month, at }) => (month - 1) % every === 0 && at < days.length - 2);
}

type Name = { readonly zh: string; readonly en: string };
/** The first weeks stand under the number of the axis. */
const UNDER_TOP = 4;

/** Each festival once, over its first week, where the name of the one before leaves room. `weeksOf` = weeks that a name is wide. */
function namedOnce(
  names: readonly (Name | null)[],
  weeksOf: (name: Name) => number,
): readonly { readonly at: number; readonly name: Name }[] {
  const out: { at: number; name: Name }[] = [];
  names.forEach((name, at) => {
    if (!name || name.zh === names[at - 1]?.zh || at < UNDER_TOP || at + weeksOf(name) > names.length) return;
    const last = out.at(-1);
    if (!last || at >= last.at + weeksOf(last.name)) out.push({ at, name });
  });
  return out;
}
