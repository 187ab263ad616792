import type { Brief } from '../../../../core/brief/brief.ts';
import type { Finding } from '../../../../core/brief/outstanding.ts';
import { proposedDays } from '../../../../core/brief/suggestions.ts';
import { DispositionChoice } from '../../ledger/disposition.tsx';
import { levelText } from '../../sense/words.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useText } from '../../ui/use-text.ts';
import { useSay } from '../desk/sense/use-sense.ts';
import { FigureLink, Said, useReview } from './say.tsx';
import { MapKey, SmallMap } from './small-map.tsx';
import { Trend } from './trend.tsx';
import { useFindingDay } from './use-finding-day.ts';

interface PlacesProps {
  readonly brief: Brief;
  readonly facts: DayFacts | null;
}

/** At most five places, a map each. */
export function Places({ brief, facts }: PlacesProps) {
  const say = useReview();
  const { tally, places } = brief;
  return (
    <>
      {places.length === 0 ? (
        <p className="brief-text">{say(tally ? 'places.none' : 'places.unknown')}</p>
      ) : (
        <>
          <ol className="places">
            {places.map((finding, i) => (
              <Place key={finding.id} finding={finding} number={i + 1} facts={facts} />
            ))}
          </ol>
          <MapKey />
        </>
      )}
      {tally && (
        <p className="fine">
          {say('places.tally', { assessed: tally.assessed, above: tally.above })}
          {tally.byChance !== null && say('places.byChance', { n: tally.byChance })}
        </p>
      )}
    </>
  );
}

interface PlaceProps {
  readonly finding: Finding;
  readonly number: number;
  readonly facts: DayFacts | null;
}

function Place({ finding, number, facts }: PlaceProps) {
  const say = useReview();
  return (
    <li className="place" data-finding={finding.id}>
      <SmallMap finding={finding} facts={facts} />
      <div className="place-text">
        <FindingTitle finding={finding} number={number} />
        <FindingBody finding={finding} />
      </div>
      <div className="place-side">
        {finding.curve && <Trend curve={finding.curve} />}
        {finding.curve && <p className="fine">{say('trend.caption', { weeks: finding.curve.observed.length })}</p>}
      </div>
    </li>
  );
}

export function FindingTitle({ finding, number }: Pick<PlaceProps, 'finding' | 'number'>) {
  const say = useReview();
  const sense = useSay();
  const { label } = useText();
  return (
    <h3 className="place-title">
      <span className="place-number">{say('place.number', { n: number })}</span>
      {label(finding.title)}
      {finding.level !== null && (
        <span className="place-level">
          <LevelMark level={finding.level} />
          {levelText(finding.level, sense)}
        </span>
      )}
    </h3>
  );
}

export function FindingBody({ finding }: Pick<PlaceProps, 'finding'>) {
  const say = useReview();
  const { label, number } = useText();
  const since = useFindingDay(finding.alert);
  return (
    <>
      <p className="place-evidence">
        <Said of={finding.evidence} />
      </p>
      <p>
        {finding.from === 'alert' && !('observed' in finding.evidence.parts) && (
          <>
            {say('place.observed')} <FigureLink figure={finding.observed} />
            {say('place.stop')}
          </>
        )}
        {finding.shares.length > 0 && (
          <>
            {say('place.shares')}
            {finding.shares
              .map(({ name, observed, share }) =>
                share >= 0.995
                  ? label(name)
                  : say('place.share', {
                      name: label(name),
                      n: number(observed),
                      share: `${Math.round(share * 100)}%`,
                    }),
              )
              .join(say('place.join'))}
            {say('place.stop')}
          </>
        )}
        {finding.doubts.length > 0 && (
          <span className="place-doubt">
            {say('place.doubts')}
            {finding.doubts.map(label).join(say('place.join'))}
            {say('place.stop')}
          </span>
        )}
        <span className="place-propose">{say('place.propose', { days: proposedDays(finding.level) })}</span>
      </p>
      {since !== null && finding.alert !== null && (
        <div className="no-print">
          <DispositionChoice alert={{ id: finding.alert, since }} />
        </div>
      )}
    </>
  );
}
