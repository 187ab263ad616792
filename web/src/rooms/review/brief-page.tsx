import type { ReactNode } from 'react';
import type { Brief } from '../../../../core/brief/brief.ts';
import { daysWords } from '../../../../core/brief/names.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { AnnexPart } from './annex-part.tsx';
import { Decisions } from './decisions.tsx';
import { Headlines } from './headlines.tsx';
import { ProblemPart, RecordPart, SeamPart, SuggestionPart } from './later-parts.tsx';
import { PersonFindings } from './person-findings.tsx';
import { Places } from './places.tsx';
import { Said, useReview } from './say.tsx';

interface BriefPageProps {
  readonly brief: Brief;
  readonly facts: DayFacts | null;
}

/** The brief in the order in which it is read. Counts nothing: every number comes with the brief. */
export function BriefPage({ brief, facts }: BriefPageProps) {
  const { manifest } = useSession().snapshot;
  const { label } = useText();
  const say = useReview();
  const { week } = brief;
  const asOf = manifest.dictionaries.sources
    .flatMap((source) => source.asOf ?? [])
    .sort()
    .at(-1);
  return (
    <article className="brief" data-snapshot={manifest.snapshot}>
      <header className="brief-title">
        <h1>{say('title.text', { city: label(manifest.profile.name) })}</h1>
        <p>
          {say('title.issue', { year: String(week.issue.year), n: week.issue.number })}
          <span>{label(daysWords(week.firstDay, week.endDay))}</span>
          <span>{asOf ? say('title.asOf', { time: asOf }) : say('title.asOfUnknown')}</span>
          <span>
            {say('title.snapshot')} <code>{manifest.snapshot}</code>
          </span>
        </p>
      </header>
      <Chapter id="decisions" title={say('chapter.decisions')}>
        <Decisions outcomes={brief.decisions} />
      </Chapter>
      <Chapter id="state" title={say('chapter.state')}>
        <Headlines headlines={brief.headlines} pending={facts === null} />
        <p className="brief-text">
          {brief.paragraph.map((one) => (
            <Said key={one.words.zh} of={one} />
          ))}
        </p>
        <h3>{say('state.limits')}</h3>
        {brief.limits.length === 0 ? (
          <p className="brief-text">{say('state.noLimits')}</p>
        ) : (
          <p className="brief-text limits">
            {brief.limits.map((one, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: several sources say the same sentence
              <Said key={i} of={one} />
            ))}
          </p>
        )}
      </Chapter>
      <Chapter id="places" title={say('chapter.places')}>
        <Places brief={brief} facts={facts} />
        <PersonFindings week={week.iso} />
      </Chapter>
      <Chapter id="problem" title={say('chapter.problem')}>
        <ProblemPart problem={brief.problem} />
      </Chapter>
      <Chapter id="seams" title={say('chapter.seams')}>
        <SeamPart seams={brief.seams} />
      </Chapter>
      <Chapter id="record" title={say('chapter.record')}>
        <RecordPart record={brief.record} />
      </Chapter>
      <Chapter id="suggestions" title={say('chapter.suggestions')}>
        <SuggestionPart sentences={brief.suggestions} week={week.iso} />
      </Chapter>
      <Chapter id="annex" title={say('chapter.annex')}>
        <AnnexPart brief={brief} />
      </Chapter>
    </article>
  );
}

interface ChapterProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

function Chapter({ id, title, children }: ChapterProps) {
  return (
    <section className="chapter" id={`review-${id}`} data-chapter={id}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
