import type { Judged } from '../../../place/judged.ts';
import { about } from '../../../sense/words.ts';
import { useText } from '../../../ui/use-text.ts';
import { useSayPlace } from './use-say-place.ts';

export interface RingRow {
  readonly key: string;
  readonly name: string;
  readonly judged: Judged | null;
  readonly go: () => void;
}

interface RingTableProps {
  readonly title: string;
  readonly rows: readonly RingRow[];
  /** Is the place itself above its normal? */
  readonly above: boolean;
}

/** The places around it, each held against its own normal: is it only here? */
export function RingTable({ title, rows, above }: RingTableProps) {
  const say = useSayPlace();
  const { number } = useText();
  const count = (verdict: Judged['verdict']) => rows.filter(({ judged }) => judged?.verdict === verdict).length;
  const higher = count('above');
  return (
    <>
      <p className="fine">
        {title} · {say('ring.sum', { above: higher, below: count('below') })}
        {above && ` · ${say(higher === 0 ? 'ring.alone' : 'ring.with')}`}
      </p>
      {rows.every(({ judged }) => judged === null) && <p className="fine">{say('ring.noneAssessed')}</p>}
      <table className="ring">
        <thead>
          <tr>
            <th scope="col">{say('ring.column.place')}</th>
            <th scope="col" className="n">
              {say('ring.column.n')}
            </th>
            <th scope="col" className="n">
              {say('ring.column.expected')}
            </th>
            <th scope="col">{say('ring.column.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, judged, go }) => (
            <tr key={key} data-ring={key} data-verdict={judged?.verdict ?? 'none'}>
              <th scope="row">
                <button type="button" onClick={go}>
                  {name}
                </button>
              </th>
              <td className="n">{judged ? number(judged.observed) : ''}</td>
              <td className="n">{judged ? about(judged.expected) : ''}</td>
              <td>{judged ? say(`verdict.${judged.verdict}`) : say('ring.notAssessed')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
