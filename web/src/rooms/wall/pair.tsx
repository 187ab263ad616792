import { verdictWords } from '../../../../core/metric/verdict-words.ts';
import { percent } from '../../sense/words.ts';
import { weekSpan } from '../../time/week-span.ts';
import { useText } from '../../ui/use-text.ts';
import { shownCount } from './headline.tsx';
import type { Box } from './layout.ts';
import type { PairRow } from './model.ts';
import { Panel } from './panel.tsx';
import { asOfText, useSayWall, useTile } from './use-wall.ts';
import type { Shown } from './wall-store.ts';

/** Rem of a row, at least and at most. */
const ROW_EM = 1.62;
const MOST_ROW_EM = 2.6;

/** 呼 and 为 side by side: what came in, and what was closed within seven days. In the order of the divisions: volume is demand, no rank. */
export function Pair({ shown, box, rem }: { readonly shown: Shown; readonly box: Box; readonly rem: number }) {
  const say = useSayWall();
  const { locale } = useText();
  const { pair, all } = shown.model;
  const { response, snapshot } = shown.data;
  const tile = useTile(shown, all.sources);
  const room = Math.max(1, Math.floor((box.h / rem - 7.3) / ROW_EM));
  const rows = pair.slice(0, room);
  const max = Math.max(1, ...pair.map(({ demand }) => demand?.n ?? 0));
  const demandWeeks = pair.find(({ demand }) => demand !== null)?.demand?.weeks;
  const weeks = snapshot.manifest.weeks;
  const span = (range: typeof demandWeeks) => (range ? weekSpan(range, weeks, locale) : '—');
  const answered = response.status === 'ready' ? response.value : null;
  return (
    <Panel id="pair" box={box} title={say('pair.title')} note={asOfText(tile, say)} stale={tile.stale}>
      {pair.length === 0 ? (
        <p className="wall-absent">{say('pair.none')}</p>
      ) : (
        <table className="wall-pair">
          <colgroup>
            <col className="name" />
            <col className="number" />
            <col className="demand" />
            <col className="number" />
            <col className="response" />
          </colgroup>
          <thead>
            <tr>
              <th>{say('pair.division')}</th>
              <th colSpan={2}>{say('pair.demand', { weeks: span(demandWeeks) })}</th>
              <th colSpan={2}>{say('pair.response', { weeks: span(answered?.weeks) })}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.division}
                heightEm={Math.min(MOST_ROW_EM, Math.max(ROW_EM, (box.h / rem - 7.3) / Math.max(1, rows.length)))}
                row={row}
                max={max}
                shown={shown}
                stale={tile.stale}
              />
            ))}
          </tbody>
        </table>
      )}
      <p className="wall-more">
        {response.status === 'failed' ? say('part.failed', { file: response.problem.file }) : say('pair.how')}
        {pair.length > rows.length && ` · ${say('pair.more', { n: pair.length - rows.length })}`}
      </p>
    </Panel>
  );
}

interface RowProps {
  readonly heightEm: number;
  readonly row: PairRow;
  readonly max: number;
  readonly shown: Shown;
  readonly stale: boolean;
}

function Row({ heightEm, row, max, shown, stale }: RowProps) {
  const { label, number } = useText();
  const { demand, response, division } = row;
  const { k, snapshot } = shown.data;
  const code = snapshot.divisions.code[division];
  const { weeks } = snapshot.manifest;
  const count = demand && shownCount(demand.n, k.usual);
  const told = response && response.told >= k.usual ? response.closedWithin / response.told : null;
  const verdict = demand?.previous.kind === 'compared' ? demand.previous.verdict : null;
  const moved = verdict !== null && verdict !== 'normal' && verdict !== 'too-few';
  const known = !stale && demand !== null;
  return (
    <tr style={{ height: `${heightEm}rem` }}>
      <th scope="row">{label(row.name)}</th>
      <td className="n">
        {known ? (
          <b
            data-metric={`incidents/division=${code}/weeks=${weeks[demand.weeks.first]?.iso}..${weeks[demand.weeks.end - 1]?.iso}`}
            data-value={demand.n}
          >
            {typeof count === 'number' ? number(count) : count}
          </b>
        ) : (
          '—'
        )}
      </td>
      <td>
        {known && <Meter share={demand.n / max} kind="demand" />}
        {known && moved && <small>{label(verdictWords(demand.previous))}</small>}
      </td>
      <td className="n">
        {stale || told === null ? (
          '—'
        ) : (
          <b data-metric={`closed-within-7-days/division=${code}`} data-value={told}>
            {percent(told)}
          </b>
        )}
      </td>
      <td>{!stale && told !== null && <Meter share={told} kind="response" />}</td>
    </tr>
  );
}

function Meter({ share, kind }: { readonly share: number; readonly kind: 'demand' | 'response' }) {
  return (
    <span className="wall-meter" aria-hidden="true">
      <i data-kind={kind} style={{ width: `${Math.max(1, Math.min(100, share * 100))}%` }} />
    </span>
  );
}
