import type { Judged } from '../../../place/judged.ts';
import type { WeekStates } from '../../../sense/week-states.ts';
import { percent } from '../../../sense/words.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useSayPlace } from './use-say-place.ts';

interface ConfidencePartProps {
  readonly judged: Judged | null;
  readonly states: WeekStates;
  readonly end: number;
  /** Published only to a coarser cell; null = the place is no cell. */
  readonly withheld: number | null;
  readonly made: boolean;
  readonly straddles: boolean;
}

/** What speaks against the numbers of the card: thin past, missing weeks, reports without a place, withheld ones. */
export function ConfidencePart({ judged, states, end, withheld, made, straddles }: ConfidencePartProps) {
  const { panels } = useSession();
  const say = useSayPlace();
  const city = shownValue(usePanel(panels.cityTotals));
  const gaps = states.gaps.slice(Math.max(0, end - 52), end).filter(Boolean).length;
  const lines: string[] = [];
  if (judged?.references != null && judged.past !== null)
    lines.push(say('confidence.own', { references: judged.references, past: judged.past }));
  if (gaps > 0) lines.push(say('confidence.gaps', { n: gaps }));
  if (city && city.n > 0)
    lines.push(
      say('confidence.unlocated', { share: percent(city.unlocated / city.n, 1), n: city.unlocated, of: city.n }),
    );
  if (withheld !== null && city?.divisionOnly) lines.push(say('confidence.divisionOnly', { n: city.divisionOnly }));
  if (withheld !== null && withheld > 0) lines.push(say('confidence.withheld', { n: withheld }));
  if (straddles) lines.push(say('confidence.straddles'));
  if (made) lines.push(say('confidence.made'));
  return (
    <section className="panel place-confidence" aria-label={say('confidence')} data-panel="place-confidence">
      <h2>{say('confidence')}</h2>
      <ul className="fine">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
