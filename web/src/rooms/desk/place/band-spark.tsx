import type { WeekBand } from '../../../sense/series.ts';
import type { WeekStates } from '../../../sense/week-states.ts';
import { weekName } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useSayPlace } from './use-say-place.ts';

interface BandSparkProps {
  readonly counts: ArrayLike<number>;
  readonly band: Pick<WeekBand, 'expected' | 'lower' | 'upper'>;
  readonly states: WeekStates;
  /** Index after the last week that is drawn. */
  readonly end: number;
}

const WEEKS = 52;
const HEIGHT = 44;

/** 52 weeks: one bar each, the normal interval behind it; above the interval filled strongly, a week nobody can count hatched. */
export function BandSpark({ counts, band, states, end }: BandSparkProps) {
  const { weeks } = useSession().snapshot.manifest;
  const say = useSayPlace();
  const { locale } = useText();
  const first = Math.max(0, end - WEEKS);
  const drawn = Array.from({ length: end - first }, (_, i) => first + i);
  const known = (week: number) => states.usable[week] === true && !states.gaps[week];
  const over = (week: number) => known(week) && (counts[week] as number) > (band.upper[week] as number);
  const top =
    Math.max(1, ...drawn.flatMap((week) => [counts[week] as number, finite(band.upper[week] as number)])) * 1.05;
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const above = drawn.filter(over).length;
  return (
    <figure className="place-spark">
      <svg
        viewBox={`0 0 ${drawn.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say('spark', { to: weekName(weeks[end - 1]?.iso ?? '', locale), above })}
      >
        {drawn.map((week, x) => (
          <g key={week}>
            {!Number.isNaN(band.upper[week]) && (
              <rect
                className="spark-band"
                x={x}
                width={1}
                y={y(band.upper[week] as number)}
                height={Math.max(0.5, y(band.lower[week] as number) - y(band.upper[week] as number))}
              />
            )}
            <rect
              className="spark-bar"
              data-over={over(week)}
              data-known={known(week)}
              x={x + 0.18}
              width={0.64}
              y={y(counts[week] as number)}
              height={HEIGHT - y(counts[week] as number)}
            />
            {!known(week) && <rect className="spark-gap" x={x} width={1} y={HEIGHT - 2} height={2} />}
          </g>
        ))}
      </svg>
      <figcaption className="fine">
        <i data-swatch="data" /> {say('spark.bar')} <i data-swatch="over" /> {say('spark.over')}{' '}
        <i data-swatch="band" /> {say('spark.band')} <i data-swatch="gap" /> {say('spark.gap')}
      </figcaption>
    </figure>
  );
}

const finite = (value: number): number => (Number.isNaN(value) ? 0 : value);
