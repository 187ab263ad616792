import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Brief } from '../../../../core/brief/brief.ts';
import { plain } from '../../../../core/brief/figure.ts';
import { daysWords } from '../../../../core/brief/names.ts';
import { findingsOfWeek } from '../../../../core/brief/person-findings.ts';
import { proposedDays } from '../../../../core/brief/suggestions.ts';
import { useFindings, watchFindings } from '../../findings/use-findings.ts';
import { useLedger } from '../../ledger/use-ledger.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import { useRoom } from '../../state/room.ts';
import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { DecisionForm } from './decision-form.tsx';
import { Decisions } from './decisions.tsx';
import { Headlines } from './headlines.tsx';
import { ProblemPart, SeamPart, SuggestionPart } from './later-parts.tsx';
import { MeetingMap } from './meeting-map.tsx';
import { PersonFinding } from './person-findings.tsx';
import { FindingBody, FindingTitle } from './places.tsx';
import { deskUrl } from './query-link.ts';
import { Said, useReview } from './say.tsx';
import { type Slide, slidesOf } from './slides.ts';
import { Trend } from './trend.tsx';
import { useKeys } from './use-keys.ts';
import './meeting.css';

interface MeetingProps {
  readonly brief: Brief;
  readonly facts: DayFacts | null;
  /** First = 1. */
  readonly slide: number;
  readonly here: boolean;
  readonly onSlide: (slide: number) => void;
  readonly onClose: () => void;
}

/** The findings one by one, full screen, with one live map for all of them. */
export function Meeting({ brief, facts, slide, here, onSlide, onClose }: MeetingProps) {
  const { snapshot } = useSession();
  const { label, locale } = useText();
  const say = useReview();
  const theme = useDesk((desk) => desk.theme);
  const [deciding, setDeciding] = useState(false);
  const [kept, setKept] = useState(0);
  const { findings } = useFindings();
  useEffect(watchFindings, []);
  const slides = slidesOf(brief, findingsOfWeek(findings, brief.week.iso));
  const at = Math.min(slides.length, Math.max(1, slide));
  const shown = slides[at - 1] as Slide;
  const evidence = () =>
    useRoom
      .getState()
      .goTo(
        shown.kind === 'person' ? `/desk?${shown.written.link}` : deskUrl(shown.query, snapshot, { locale, theme }),
      );
  const move = (by: number) => {
    const next = Math.min(slides.length, Math.max(1, at + by));
    if (next !== at) {
      setKept(0);
      onSlide(next);
    }
  };
  useKeys(here && !deciding, (key) => {
    // Space and Enter on a button are its own.
    if (key === 'ArrowRight' || key === 'PageDown') move(1);
    else if (key === 'ArrowLeft' || key === 'PageUp') move(-1);
    else if (key === 'Home') move(-slides.length);
    else if (key === 'End') move(slides.length);
    else if (key === 'd') evidence();
    else if (key === 'm') setDeciding(true);
    else if (key === 'f') toggleFullScreen();
    else if (key === 'Escape') onClose();
    else return false;
    return true;
  });
  const focus = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each slide takes the focus, so that it is read out
  useEffect(() => focus.current?.focus({ preventScroll: true }), [at]);
  const decisions = useLedger(({ ledger }) => ledger.problems.filter(({ week }) => week === brief.week.iso).length);
  const finding = shown.kind === 'place' ? shown.finding : null;
  const problemText =
    shown.kind === 'place'
      ? label(shown.finding.title)
      : shown.kind === 'problem' && brief.problem
        ? label(brief.problem.name)
        : shown.kind === 'person'
          ? shown.written.text
          : say(`slide.${shown.kind}`);

  return (
    <section className="meeting" aria-label={say('meeting.label')} data-slide={at} data-kind={shown.kind}>
      <MeetingMap
        here={here}
        finding={finding}
        category={shown.kind === 'problem' ? (brief.problem?.category ?? null) : (finding?.category ?? null)}
        week={brief.week.index}
        facts={facts}
      />
      <article className="slide" ref={focus} tabIndex={-1} aria-live="polite">
        <p className="slide-kicker">
          {label(daysWords(brief.week.firstDay, brief.week.endDay))} · {say(`slide.${shown.kind}`)}
        </p>
        <div className="slide-body">
          <SlideBody slide={shown} brief={brief} pending={facts === null} />
        </div>
      </article>
      <footer className="meeting-bar">
        <button type="button" onClick={() => move(-1)} disabled={at === 1} aria-label={say('meeting.back')}>
          ←
        </button>
        <span className="meeting-count">{say('meeting.count', { at, of: slides.length })}</span>
        <button type="button" onClick={() => move(1)} disabled={at === slides.length} aria-label={say('meeting.next')}>
          →
        </button>
        <button type="button" onClick={evidence}>
          {say('meeting.evidence')} <kbd>d</kbd>
        </button>
        <button type="button" className="primary" onClick={() => setDeciding(true)}>
          {say('meeting.decide')} <kbd>m</kbd>
        </button>
        <span className="fine" role="status">
          {kept > 0 ? say('meeting.kept') : say('meeting.decisions', { n: decisions })}
        </span>
        <span className="fine meeting-as-of">
          {say('title.snapshot')} <code>{snapshot.manifest.snapshot}</code>
        </span>
        <button type="button" onClick={toggleFullScreen}>
          {say('meeting.full')} <kbd>f</kbd>
        </button>
        <button type="button" onClick={onClose}>
          {say('meeting.close')} <kbd>Esc</kbd>
        </button>
      </footer>
      {deciding && (
        <DecisionForm
          problem={problemText}
          query={shown.query}
          week={brief.week}
          days={proposedDays(finding?.level ?? (shown.kind === 'person' ? shown.written.level : null))}
          owners={finding?.shares.map(({ name }) => label(name)) ?? []}
          onDone={(isKept) => {
            setDeciding(false);
            if (isKept) setKept((n) => n + 1);
          }}
        />
      )}
    </section>
  );
}

function SlideBody({
  slide,
  brief,
  pending,
}: {
  readonly slide: Slide;
  readonly brief: Brief;
  readonly pending: boolean;
}): ReactNode {
  const say = useReview();
  const { label } = useText();
  switch (slide.kind) {
    case 'decisions':
      return <Decisions outcomes={brief.decisions} />;
    case 'state':
      return (
        <>
          <Headlines headlines={brief.headlines} pending={pending} />
          <p className="brief-text">
            {brief.paragraph.map((one) => (
              <Said key={one.words.zh} of={one} />
            ))}
          </p>
          <p className="limits">
            {brief.limits.map((one) => (
              <Said key={plain(one, 'zh')} of={one} />
            ))}
          </p>
        </>
      );
    case 'place':
      return (
        <>
          <FindingTitle finding={slide.finding} number={slide.number} />
          <FindingBody finding={slide.finding} />
          {slide.finding.levelWhy && (
            <p className="slide-why">
              {say('place.levelWhy')}
              {label(slide.finding.levelWhy)}
            </p>
          )}
          {slide.finding.curve && (
            <figure>
              <Trend curve={slide.finding.curve} />
              <figcaption className="fine">
                {say('trend.caption', { weeks: slide.finding.curve.observed.length })}
              </figcaption>
            </figure>
          )}
        </>
      );
    case 'person':
      return <PersonFinding written={slide.written} />;
    case 'problem':
      return <ProblemPart problem={brief.problem} />;
    case 'seams':
      return <SeamPart seams={brief.seams} />;
    case 'suggestions':
      return <SuggestionPart sentences={brief.suggestions} week={brief.week.iso} />;
    default:
      return slide satisfies never;
  }
}

/** Where the browser refuses, the meeting goes on in the window. */
function toggleFullScreen(): void {
  const wanted = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  wanted.catch(() => undefined);
}
