import { RISK_DIVISION, riskOf, riskWeek } from '../../../sense/risk.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useFocus } from '../divisions.ts';
import { RiskParts } from './risk-parts.tsx';
import { readyValue, useSay, useSense } from './use-sense.ts';
import './alerts.css';

/** The index of the division in focus, taken apart. The city as a whole is ranked with nobody. */
export function DivisionSense() {
  const { divisions } = useSession().snapshot;
  const say = useSay();
  const focus = useFocus();
  const sense = readyValue(useSense('sense', focus !== 0));
  const table = readyValue(useSense('risk', focus !== 0));
  if (focus === 0 || !sense || !table) return null;
  const week = riskWeek(table);
  const level = divisions.level[focus];
  const place =
    week === null
      ? null
      : riskOf(table, {
          unit: RISK_DIVISION,
          id: focus,
          week,
          indicators: sense.risk.indicators.length,
          alike: (id) => divisions.level[id] === level,
        });
  const kind = say(sense.risk.kind === 'risk' ? 'risk.title' : 'risk.titleChange');
  return (
    <section className="panel division-sense" aria-label={say('division.riskTitle', { kind })}>
      <h2>{say('division.riskTitle', { kind })}</h2>
      {place ? <RiskParts place={place} sense={sense} /> : <p className="sense-absent">{say('risk.noRow')}</p>}
    </section>
  );
}
