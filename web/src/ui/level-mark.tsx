import { levelOf, SHAPES } from '../sense/levels.ts';

/** Shape, hue and numeral of a level; the dark outline and numeral hold on any ground. The word stands in the text around it. */
export function LevelMark({ level }: { readonly level: number }) {
  const { colour, shape, numeral } = levelOf(level);
  const { points, y } = SHAPES[shape];
  return (
    <svg className="level-mark" viewBox="-1 -1 26 26" aria-hidden="true">
      {points ? <polygon points={points} fill={colour} /> : <circle cx="12" cy="12" r="11" fill={colour} />}
      <text x="12" y={y} textAnchor="middle" dominantBaseline="central">
        {numeral}
      </text>
    </svg>
  );
}
