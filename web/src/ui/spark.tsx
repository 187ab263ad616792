import type { WeekRange } from '../time/week.ts';

interface SparkProps {
  readonly values: Uint32Array;
  readonly window: WeekRange | null;
  readonly label: string;
}

const HEIGHT = 40;

/** One bar a week; weeks outside the chosen window are pale. */
export function Spark({ values, window, label }: SparkProps) {
  const max = Math.max(1, ...values);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${values.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {Array.from(values, (value, week) => {
        const inside = !window || (week >= window.first && week < window.end);
        const height = (value / max) * HEIGHT;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
          <rect key={week} x={week + 0.1} y={HEIGHT - height} width={0.8} height={height} data-inside={inside} />
        );
      })}
    </svg>
  );
}
