import type { Headline } from '../../../../core/brief/state.ts';
import { useText } from '../../ui/use-text.ts';
import { FigureLink, useReview } from './say.tsx';

interface HeadlinesProps {
  readonly headlines: readonly Headline[];
  /** Days are still being read, or could not be. */
  readonly pending: boolean;
}

/** At most four numbers, each with 环比 and 同比 in words. */
export function Headlines({ headlines, pending }: HeadlinesProps) {
  const say = useReview();
  const { label } = useText();
  return (
    <ul className="headlines">
      {headlines.map(({ kind, name, unit, figure, previous, yearAgo, byFestival, missing }) => (
        <li key={kind} data-headline={kind} data-missing={missing}>
          <h3>{label(name)}</h3>
          <p className="headline-n">
            <FigureLink figure={figure} />
            {!missing && <span>{label(unit)}</span>}
          </p>
          {previous && yearAgo ? (
            <>
              <p>
                <b>{say('headline.previous')}</b> {label(previous)}
              </p>
              <p>
                <b>{say('headline.yearAgo')}</b> {label(yearAgo)}
              </p>
              {byFestival && (
                <p>
                  <b>{say('headline.festival')}</b> {label(byFestival)}
                </p>
              )}
            </>
          ) : (
            <p className="fine">{say(pending ? 'headline.pending' : 'headline.none')}</p>
          )}
        </li>
      ))}
    </ul>
  );
}
