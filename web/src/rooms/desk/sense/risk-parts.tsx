import type { Sense } from '../../../../../core/contract/sense.ts';
import { type RiskPlace, waterfall } from '../../../sense/risk.ts';
import { about, percent } from '../../../sense/words.ts';
import { useText } from '../../../ui/use-text.ts';
import { useSay } from './use-sense.ts';
import './risk.css';

interface RiskPartsProps {
  readonly place: RiskPlace;
  readonly sense: Sense;
}

/** Score, rank with its interval, and the parts that add up to the score. */
export function RiskParts({ place, sense }: RiskPartsProps) {
  const say = useSay();
  const { label } = useText();
  const { score, parts, rank, low, high, of, topTenth, tied } = place;
  const { indicators, kind } = sense.risk;
  const ends = waterfall(parts);
  const shown = score.toFixed(1);
  return (
    <div className="risk-parts">
      <p>
        <strong className="risk-score">{say('risk.score', { score: shown })}</strong>{' '}
        <span>{say('risk.rank', { rank, low, high, of })}</span>
        {say('risk.between')}
        <span>{say(tied ? 'risk.tie' : 'risk.apart')}</span>
      </p>
      {topTenth !== null && <p className="fine">{say('risk.topTenth', { p: percent(topTenth) })}</p>}
      <ul className="waterfall" aria-label={say('risk.sumLabel', { score: shown })}>
        {indicators.map((indicator, k) => {
          const { part, raw } = parts[k] ?? { part: 0, raw: null };
          const { from, to } = ends[k] ?? { from: 0, to: 0 };
          const name = label(indicator.name);
          const text =
            raw === null
              ? say('risk.partUnknown', { name })
              : say('risk.part', {
                  name,
                  part: part.toFixed(1),
                  weight: percent(indicator.weight),
                  raw: about(raw),
                  unit: label(indicator.unit),
                });
          return (
            <li key={indicator.key} title={text}>
              <span className="waterfall-name">{name}</span>
              <WaterfallBar from={from} to={to} unknown={raw === null} label={text} />
              <span className="n">{raw === null ? '–' : part.toFixed(1)}</span>
            </li>
          );
        })}
        <li className="waterfall-total">
          <span className="waterfall-name">{say('risk.total')}</span>
          <WaterfallBar from={0} to={score} unknown={false} label={say('risk.score', { score: shown })} />
          <span className="n">{shown}</span>
        </li>
      </ul>
      <p className="fine">{say(kind === 'risk' ? 'risk.riskNote' : 'risk.changeNote')}</p>
    </div>
  );
}

interface WaterfallBarProps {
  /** Points of the score, 0..100. */
  readonly from: number;
  readonly to: number;
  readonly unknown: boolean;
  readonly label: string;
}

function WaterfallBar({ from, to, unknown, label }: WaterfallBarProps) {
  return (
    <svg className="waterfall-bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <line x1={0} x2={100} y1={7.5} y2={7.5} />
      {unknown ? (
        <line className="waterfall-unknown" x1={from} x2={from} y1={0} y2={8} />
      ) : (
        <rect x={Math.min(from, to)} width={Math.max(0.4, Math.abs(to - from))} y={1} height={6} />
      )}
    </svg>
  );
}
