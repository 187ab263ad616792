import type { Comparison } from '../../../../core/metric/comparison.ts';
import { weekSpan } from '../../time/week-span.ts';
import { useText } from '../../ui/use-text.ts';
import type { Box } from './layout.ts';
import { type Figure, wallSentence } from './model.ts';
import { Panel } from './panel.tsx';
import { asOfText, useSayWall, useTile } from './use-wall.ts';
import type { Shown } from './wall-store.ts';

/** Three numbers at most, each with what may be said of its change. */
export function Headline({ shown, box, rem }: { readonly shown: Shown; readonly box: Box; readonly rem: number }) {
  const say = useSayWall();
  const { headline, all } = shown.model;
  const tile = useTile(shown, all.sources);
  const figures = headline.length === 1 ? [all] : headline;
  // One figure takes about seven lines with both sentences, five with one.
  const room = (box.h / rem - 3.2) / Math.max(1, figures.length);
  // The number grows with the room that is left beside its two lines.
  const numberEm = Math.min(4.5, Math.max(2, room - 3.6));
  const across = room < 4.6 && box.w / rem > 56;
  return (
    <Panel id="headline" box={box} title={say('headline.title')} note={asOfText(tile, say)} stale={tile.stale}>
      <ul className="wall-figures" data-across={across}>
        {figures.map((figure) => (
          <BigFigure key={figure.id} shown={shown} figure={figure} both={across || room >= 4.8} numberEm={numberEm} />
        ))}
      </ul>
    </Panel>
  );
}

interface BigFigureProps {
  readonly shown: Shown;
  readonly figure: Figure;
  /** Room for both comparisons. */
  readonly both: boolean;
  readonly numberEm: number;
}

function BigFigure({ shown, figure, both, numberEm }: BigFigureProps) {
  const say = useSayWall();
  const { label, locale } = useText();
  const tile = useTile(shown, figure.sources);
  const { changes } = figure;
  const { weeks } = shown.data.snapshot.manifest;
  const span = changes ? weekSpan(changes.weeks, weeks, locale) : '';
  return (
    <li className="wall-figure" data-figure={figure.id} data-stale={tile.stale}>
      <h3>
        {label(figure.name)} <small>{span}</small>
      </h3>
      <FigureNumber shown={shown} figure={figure} stale={tile.stale} sizeEm={numberEm} />
      <div className="wall-changes">
        {tile.stale ? (
          <p>
            {changes && say('fresh.last', { n: shownCount(changes.n, shown.data.k.usual) })} {asOfText(tile, say)}
          </p>
        ) : (
          changes && (
            <>
              <Change kind="change.previous" comparison={changes.previous} k={shown.data.k.usual} />
              {both && <Change kind="change.yearAgo" comparison={changes.yearAgo} k={shown.data.k.usual} />}
            </>
          )
        )}
        {!changes && <p>{say('headline.none')}</p>}
      </div>
    </li>
  );
}

/** Below k a number is not shown on a wall. */
export const shownCount = (n: number, k: number): string | number => (n > 0 && n < k ? `<${k}` : n);

interface FigureNumberProps {
  readonly shown: Shown;
  readonly figure: Figure;
  readonly stale: boolean;
  /** Left out = as the text around it. */
  readonly sizeEm?: number;
}

export function FigureNumber({ shown, figure, stale, sizeEm }: FigureNumberProps) {
  const { number } = useText();
  const { changes } = figure;
  const style = sizeEm === undefined ? {} : { fontSize: `${sizeEm}rem` };
  if (stale || !changes)
    return (
      <strong className="wall-number" style={style}>
        —
      </strong>
    );
  const { weeks } = shown.data.snapshot.manifest;
  const text = shownCount(changes.n, shown.data.k.usual);
  return (
    <strong
      className="wall-number"
      data-metric={`${figure.id}/weeks=${weeks[changes.weeks.first]?.iso}..${weeks[changes.weeks.end - 1]?.iso}`}
      data-value={changes.n}
      style={style}
    >
      {typeof text === 'number' ? number(text) : text}
    </strong>
  );
}

interface ChangeProps {
  readonly kind: 'change.previous' | 'change.yearAgo';
  readonly comparison: Comparison;
  readonly k: number;
}

/** Volume is demand, neither better nor worse: the verdict has weight, no colour. */
function Change({ kind, comparison, k }: ChangeProps) {
  const say = useSayWall();
  const { label } = useText();
  const unit = { zh: say('unit'), en: say('unit') };
  const verdict = comparison.kind === 'compared' ? comparison.verdict : 'none';
  return <p data-verdict={verdict}>{say(kind, { words: label(wallSentence(comparison, k, unit)) })}</p>;
}
