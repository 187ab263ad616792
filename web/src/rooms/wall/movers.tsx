import { verdictWords } from '../../../../core/metric/verdict-words.ts';
import { weekSpan } from '../../time/week-span.ts';
import { useText } from '../../ui/use-text.ts';
import { FigureNumber } from './headline.tsx';
import type { Box } from './layout.ts';
import type { Figure } from './model.ts';
import { Panel } from './panel.tsx';
import { useSayWall, useTile } from './use-wall.ts';
import type { Shown } from './wall-store.ts';

/** Groups whose weeks differ most from the weeks before, by how sure that is. */
export function Movers({ shown, box, rem }: { readonly shown: Shown; readonly box: Box; readonly rem: number }) {
  const say = useSayWall();
  const { locale } = useText();
  const { movers, all } = shown.model;
  const tile = useTile(shown, all.sources);
  const across = box.w / rem > 56 ? 2 : 1;
  const room = across * Math.max(1, Math.floor((box.h / rem - 3.6) / 1.95));
  const rows = Math.ceil(Math.min(room, movers.length) / across);
  const heightEm = Math.min(2.7, Math.max(1.95, (box.h / rem - 3.6) / Math.max(1, rows)));
  const weeks = movers[0]?.changes?.weeks;
  const note = weeks ? `${weekSpan(weeks, shown.data.snapshot.manifest.weeks, locale)} · ${say('movers.note')}` : '';
  return (
    <Panel id="movers" box={box} title={say('movers.title')} note={note} stale={tile.stale}>
      {movers.length === 0 && <p className="wall-absent">{say('headline.none')}</p>}
      <ul className="wall-movers" data-across={across}>
        {movers.slice(0, room).map((figure) => (
          <Mover key={figure.id} shown={shown} figure={figure} heightEm={heightEm} />
        ))}
      </ul>
    </Panel>
  );
}

interface MoverProps {
  readonly shown: Shown;
  readonly figure: Figure;
  readonly heightEm: number;
}

function Mover({ shown, figure, heightEm }: MoverProps) {
  const say = useSayWall();
  const { label, number } = useText();
  const tile = useTile(shown, figure.sources);
  const previous = figure.changes?.previous;
  const compared = previous?.kind === 'compared' ? previous : null;
  const arrow =
    !compared || compared.verdict === 'normal' || compared.verdict === 'too-few' ? '' : rises(compared.verdict);
  const small = compared && (compared.before.n < shown.data.k.usual || compared.after.n < shown.data.k.usual);
  return (
    <li
      data-figure={figure.id}
      data-verdict={compared?.verdict ?? 'none'}
      data-stale={tile.stale}
      style={{ height: `${heightEm}rem` }}
    >
      <span>{label(figure.name)}</span>
      <span className="n">
        {!tile.stale && compared && !small && <small>{number(compared.before.n)} → </small>}
        <FigureNumber shown={shown} figure={figure} stale={tile.stale} />
      </span>
      <span className="wall-verdict">
        {tile.stale
          ? tile.ageDays === null
            ? say('fresh.never')
            : say('fresh.days', { n: tile.ageDays })
          : previous
            ? `${arrow}${shortWords(label(verdictWords(previous)))}`
            : ''}
      </span>
    </li>
  );
}

/** Of `不可比：数据缺失` the reason, of `not comparable: …` that it is not: a column of a wall is narrow. */
const shortWords = (words: string): string => words.split('：').at(-1)!.split(':')[0]!;

const rises = (verdict: string): string => (verdict.endsWith('rise') ? '↑ ' : '↓ ');
