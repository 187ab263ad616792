import type { Finding } from '../../../../core/brief/outstanding.ts';
import { useReview } from './say.tsx';

const WIDTH = 180;
const HEIGHT = 44;

/** Weeks up to this one: columns, the bound of normal as a band, the normal as a line; a week not delivered is hatched. */
export function Trend({ curve }: { readonly curve: NonNullable<Finding['curve']> }) {
  const say = useReview();
  const { observed, expected, upper } = curve;
  const top = Math.max(1, ...observed.filter((n) => !Number.isNaN(n)), ...upper.filter((n) => !Number.isNaN(n))) * 1.05;
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const width = WIDTH / Math.max(1, observed.length);
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say('trend.label', { weeks: observed.length, n: observed.at(-1) ?? 0 })}
    >
      {upper.map((value, i) =>
        Number.isNaN(value) ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
          <rect key={i} className="trend-band" x={i * width} width={width} y={y(value)} height={HEIGHT - y(value)} />
        ),
      )}
      {observed.map((n, i) =>
        Number.isNaN(n) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
          <rect key={i} className="trend-missing" x={i * width + 0.5} width={width - 1} y={0} height={HEIGHT} />
        ) : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
            key={i}
            className="trend-bar"
            data-last={i === observed.length - 1}
            x={i * width + width * 0.15}
            width={width * 0.7}
            y={y(n)}
            height={HEIGHT - y(n)}
          />
        ),
      )}
      {expected.map((value, i) =>
        Number.isNaN(value) ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the week
          <line key={i} className="trend-normal" x1={i * width} x2={(i + 1) * width} y1={y(value)} y2={y(value)} />
        ),
      )}
    </svg>
  );
}
