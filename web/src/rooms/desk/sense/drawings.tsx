import type { Alert } from '../../../../../core/contract/sense.ts';
import { about } from '../../../sense/words.ts';
import { civilDate, isoDate } from '../../../time/week.ts';
import { useSay } from './use-sense.ts';

interface IntervalProps {
  readonly observed: number;
  readonly expected: number;
  readonly interval: readonly [number, number];
}

/** Observed (dot) against the 95 % of normal (bar) and its middle (line), from 0. */
export function Interval({ observed, expected, interval }: IntervalProps) {
  const say = useSay();
  const [low, high] = interval;
  const end = Math.max(observed, high, 1) * 1.06;
  const x = (value: number) => 4 + (value / end) * 192;
  const text = say('card.intervalLabel', {
    n: observed,
    expected: about(expected),
    low: about(low),
    high: about(high),
  });
  return (
    <svg className="interval" viewBox="0 0 200 30" role="img" aria-label={text}>
      <line className="interval-axis" x1={4} x2={196} y1={11} y2={11} />
      <rect className="interval-band" x={x(low)} y={6} width={Math.max(1, x(high) - x(low))} height={10} />
      <line className="interval-expected" x1={x(expected)} x2={x(expected)} y1={4} y2={18} />
      <circle className="interval-observed" cx={x(observed)} cy={11} r={4} />
      <text x={4} y={28}>
        {'0'}
      </text>
      <text x={x(expected)} y={28} textAnchor="middle">
        {about(expected)}
      </text>
      <text x={x(observed)} y={28} textAnchor="middle">
        {observed - expected > end * 0.08 ? about(observed) : ''}
      </text>
    </svg>
  );
}

const WIDTH = 200;
const HEIGHT = 56;

/** One column a step; above the upper bound filled strongly; the band up to the bound, the normal as a line; not delivered = hatch. */
export function Curve({ curve }: { readonly curve: Alert['curve'] }) {
  const say = useSay();
  const { observed, expected, upper, firstDay, step } = curve;
  const days = step === 'day' ? 1 : 7;
  const lastDay = firstDay + days * (observed.length - 1);
  const top = Math.max(1, ...observed.map(Number), ...upper.map(Number)) * 1.05;
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const width = WIDTH / Math.max(1, observed.length);
  const stepWord = say(step === 'day' ? 'card.stepDay' : 'card.stepWeek');
  const date = (day: number) => `${civilDate(day).month}-${String(civilDate(day).date).padStart(2, '0')}`;
  return (
    <figure className="curve">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say('card.curveLabel', { from: isoDate(firstDay), to: isoDate(lastDay), step: stepWord })}
      >
        <defs>
          <pattern id="curve-hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="curve-hatch" width="1" height="3" />
          </pattern>
        </defs>
        {steps(upper, width, (x, value) => (
          <rect key={x} className="curve-band" x={x} width={width} y={y(value)} height={HEIGHT - y(value)} />
        ))}
        {observed.map((n, at) => {
          const x = at * width;
          if (n === null)
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the step
            return <rect key={at} x={x} y={0} width={width} height={HEIGHT} fill="url(#curve-hatch)" />;
          const bound = upper[at] ?? null;
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the step
              key={at}
              className="curve-bar"
              data-over={bound !== null && n > bound}
              x={x + width * 0.14}
              width={width * 0.72}
              y={y(n)}
              height={HEIGHT - y(n)}
            />
          );
        })}
        {steps(expected, width, (x, value) => (
          <line key={x} className="curve-expected" x1={x} x2={x + width} y1={y(value)} y2={y(value)} />
        ))}
      </svg>
      <figcaption className="fine">
        <span>{date(firstDay)}</span>
        <span className="curve-key">
          <i data-swatch="data" /> {say('card.keyObserved')} <i data-swatch="over" /> {say('card.keyOver')}{' '}
          <i data-swatch="band" /> {say('card.keyUpper')} <i data-swatch="line" /> {say('card.keyExpected')}
          {observed.includes(null) && (
            <>
              {' '}
              <i data-swatch="hatch" /> {say('card.keyMissing')}
            </>
          )}
        </span>
        <span>{date(lastDay)}</span>
      </figcaption>
    </figure>
  );
}

function steps<T>(values: readonly (number | null)[], width: number, draw: (x: number, value: number) => T): T[] {
  return values.flatMap((value, at) => (value === null ? [] : [draw(at * width, value)]));
}

/** 24 small bars, midnight to midnight. */
export function Hours({ hours }: { readonly hours: readonly number[] }) {
  const say = useSay();
  const top = Math.max(1, ...hours);
  const most = hours.indexOf(Math.max(...hours));
  return (
    <figure className="hours">
      <svg
        viewBox="0 0 240 36"
        preserveAspectRatio="none"
        role="img"
        aria-label={say('card.hoursLabel', { hour: most, n: hours[most] ?? 0 })}
      >
        {hours.map((n, hour) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the hour
          <rect key={hour} x={hour * 10 + 1} width={8} y={36 - (n / top) * 36} height={(n / top) * 36} />
        ))}
      </svg>
      <figcaption className="fine">
        <span>{say('card.hourAxis0')}</span>
        <span>{say('card.hourAxis12')}</span>
        <span>{say('card.hourAxis23')}</span>
      </figcaption>
      <p className="fine">{say('card.hoursLabel', { hour: most, n: hours[most] ?? 0 })}</p>
    </figure>
  );
}
