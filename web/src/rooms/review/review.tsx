import { useEffect, useState } from 'react';
import { useRoom } from '../../state/room.ts';
import { useSession } from '../../ui/use-panel.ts';
import { parseReview, type ReviewAddress, reviewPath, weekOf } from './address.ts';
import { BriefPage } from './brief-page.tsx';
import { LedgerPart } from './ledger-part.tsx';
import { Meeting } from './meeting.tsx';
import { ReviewHeader } from './review-header.tsx';
import { useReview } from './say.tsx';
import { useBrief } from './use-brief.ts';
import { useKeys } from './use-keys.ts';
import './review.css';
import './print.css';

/** The weekly review: the brief of one week, and the meeting about it. The address says which week and which slide. */
export function Review() {
  const { snapshot } = useSession();
  const say = useReview();
  const here = useRoom((state) => state.room) === 'review';
  const [address, go] = useAddress(here);
  const meant = weekOf(address, snapshot.manifest);
  if (!meant) return <p className="review-empty">{say('review.noWeeks')}</p>;
  return (
    <OpenReview key={meant.index} address={address} week={meant.index} unknown={meant.unknown} go={go} here={here} />
  );
}

interface OpenReviewProps {
  readonly address: ReviewAddress;
  readonly week: number;
  /** Week the address names and the snapshot does not have. */
  readonly unknown: string | null;
  readonly go: (address: ReviewAddress, how?: 'step' | 'replace') => void;
  readonly here: boolean;
}

function OpenReview({ address, week, unknown, go, here }: OpenReviewProps) {
  const say = useReview();
  const { manifest } = useSession().snapshot;
  const { brief, facts, missing } = useBrief(week);
  const iso = manifest.weeks[week]?.iso ?? '';
  const inMeeting = address.slide !== null;
  useKeys(here && !inMeeting, (key) => {
    const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
    const next = step === 0 ? undefined : manifest.weeks[week + step];
    if (next) go({ week: next.iso, slide: null });
    else if (key === 'f') go({ week: iso, slide: 1 });
    else if (key === 'p') window.print();
    else return false;
    return true;
  });
  return (
    <div className="review" data-week={iso} data-ready={brief !== null && (facts !== null || missing.length > 0)}>
      <ReviewHeader
        week={week}
        onWeek={(next) => go({ week: next, slide: null })}
        onMeeting={() => go({ week: iso, slide: 1 })}
      />
      <main className="review-scroll" hidden={inMeeting}>
        {unknown && (
          <p className="review-notice mark warn">{say('review.unknownWeek', { week: unknown, shown: iso })}</p>
        )}
        {missing.map(({ file, message, retry }) => (
          <div key={file} className="panel-failed review-notice" role="alert">
            <strong>{say(`missing.${file}`)}</strong>
            <span className="panel-reason">{message}</span>
            <button type="button" onClick={retry}>
              {say('review.retry')}
            </button>
          </div>
        ))}
        {brief ? (
          <BriefPage brief={brief} facts={facts} />
        ) : (
          <p className="panel-loading review-notice" role="status">
            {say('review.loading')}
          </p>
        )}
        <LedgerPart week={iso} />
      </main>
      {inMeeting && brief && (
        <Meeting
          brief={brief}
          facts={facts}
          slide={address.slide ?? 1}
          here={here}
          onSlide={(slide) => go({ week: iso, slide }, 'replace')}
          onClose={() => go({ week: iso, slide: null })}
        />
      )}
    </div>
  );
}

function useAddress(here: boolean): readonly [ReviewAddress, OpenReviewProps['go']] {
  const [address, setAddress] = useState(() => parseReview(location.pathname));
  useEffect(() => {
    if (!here) return;
    const read = () => {
      if (location.pathname.startsWith('/review')) setAddress(parseReview(location.pathname));
    };
    read();
    window.addEventListener('popstate', read);
    return () => window.removeEventListener('popstate', read);
  }, [here]);
  const go: OpenReviewProps['go'] = (next, how = 'step') => {
    const url = `${reviewPath(next)}${location.search}`;
    if (how === 'step') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    setAddress(next);
  };
  return [address, go];
}
