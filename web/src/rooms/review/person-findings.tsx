import { type MouseEvent, useEffect } from 'react';
import { findingsOfWeek } from '../../../../core/brief/person-findings.ts';
import type { DeskFinding } from '../../../../core/contract/finding.ts';
import { useFindings, watchFindings } from '../../findings/use-findings.ts';
import { levelText } from '../../sense/words.ts';
import { useRoom } from '../../state/room.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useSayFinding } from '../desk/findings/use-say-finding.ts';
import { useSay } from '../desk/sense/use-sense.ts';
import './person-findings.css';

/** What analysts wrote for this week: marked as a person's words, each with its view. */
export function PersonFindings({ week }: { readonly week: string }) {
  const say = useSayFinding();
  const { findings, problem } = useFindings();
  useEffect(watchFindings, []);
  const mine = findingsOfWeek(findings, week);
  return (
    <section className="person-findings" data-findings={mine.length}>
      <h3>{say('brief.title')}</h3>
      {problem && (
        <p className="mark warn no-print" role="alert">
          {say(`problem.${problem}`)}
        </p>
      )}
      {mine.length === 0 ? (
        <p className="brief-text">{say('brief.none')}</p>
      ) : (
        <>
          <p className="brief-text">{say('brief.explain', { n: mine.length })}</p>
          <ol>
            {mine.map((written) => (
              <li key={written.id} data-person-finding={written.id}>
                <PersonFinding written={written} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** One of them: its words, what it was about, and the way to its view. */
export function PersonFinding({ written }: { readonly written: DeskFinding }) {
  const { manifest } = useSession().snapshot;
  const say = useSayFinding();
  const sense = useSay();
  const { text, level, link, scope, n, asOf, snapshot } = written;
  return (
    <>
      <p className="brief-text">
        <span className="person-mark">{say('brief.mark')}</span>
        {level !== null && (
          <span className="place-level">
            <LevelMark level={level} />
            {levelText(level, sense)}
          </span>
        )}{' '}
        {text}
      </p>
      <p className="fine">
        {scope || say('list.scopeNone')}
        {n !== null && ` · ${say('brief.count', { n })}`} · {say('list.asOf', { asOf })}
        {snapshot !== manifest.snapshot && ` · ${say('list.otherSnapshot')}`}{' '}
        <a className="no-print" href={`/desk?${link}`} onClick={(event) => follow(event, `/desk?${link}`)}>
          {say('brief.open')}
        </a>
      </p>
    </>
  );
}

function follow(event: MouseEvent, url: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  useRoom.getState().goTo(url);
}
