import type { AlertRecord } from '../../../../core/brief/alert-record.ts';
import type { Sentence } from '../../../../core/brief/figure.ts';
import type { ProblemClass } from '../../../../core/brief/problem-class.ts';
import type { Seams } from '../../../../core/brief/seams.ts';
import { DISPOSITIONS } from '../../../../core/contract/ledger.ts';
import { useLedger } from '../../ledger/use-ledger.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useText } from '../../ui/use-text.ts';
import { FigureLink, Said, useReview } from './say.tsx';
import { Trend } from './trend.tsx';

export function ProblemPart({ problem }: { readonly problem: ProblemClass | null }) {
  const say = useReview();
  const { label } = useText();
  if (!problem) return <p className="brief-text">{say('problem.unknown')}</p>;
  return (
    <div className="problem">
      <p className="brief-text">
        {problem.sentences.map((one) => (
          <Said key={one.words.zh} of={one} />
        ))}
        {problem.districts.length > 0 &&
          say('problem.districts', { names: problem.districts.map(({ name }) => label(name)).join(say('place.join')) })}
      </p>
      {problem.curve && (
        <figure>
          <Trend curve={problem.curve} />
          <figcaption className="fine">{say('trend.caption', { weeks: problem.curve.observed.length })}</figcaption>
        </figure>
      )}
    </div>
  );
}

export function SeamPart({ seams: { seams, assessed } }: { readonly seams: Seams }) {
  const say = useReview();
  const { label, number } = useText();
  return (
    <>
      {!assessed && <p className="brief-text">{say('seams.unknown')}</p>}
      {assessed && seams.length === 0 && <p className="brief-text">{say('seams.none')}</p>}
      <ul className="seams">
        {seams.map(({ alert, level, category, observed, shares }) => (
          <li key={alert}>
            <LevelMark level={level} />
            <p>
              {say('seams.text', { category: label(category) })} <FigureLink figure={observed} /> {say('seams.of')}
              {shares
                .map(({ name, observed: n, share }) =>
                  say('place.share', { name: label(name), n: number(n), share: label(share) }),
                )
                .join(say('place.join'))}
              {say('place.stop')}
            </p>
          </li>
        ))}
      </ul>
      <p className="brief-text sense-absent">{say('seams.bounced')}</p>
    </>
  );
}

export function RecordPart({ record }: { readonly record: AlertRecord }) {
  const say = useReview();
  const { label } = useText();
  const { missed } = record;
  return (
    <>
      <p className="brief-text record-line">
        {say('record.raised')} <FigureLink figure={record.raised} />
        {say('record.budget')} <FigureLink figure={record.withinBudget} />
        {DISPOSITIONS.map((what) => (
          <span key={what}>
            {say('record.join')}
            {say(`disposition.${what}`)} <FigureLink figure={record.judged[what]} />
          </span>
        ))}
        {say('place.stop')}
      </p>
      <p className="brief-text">
        {missed === null
          ? say('record.missedUnknown')
          : missed.length === 0
            ? say('record.missedNone')
            : say('record.missed', { n: missed.length })}
        {missed?.slice(0, 5).map(({ name, figure, expected }, i) => (
          <span key={name.zh}>
            {i > 0 && say('place.join')}
            {label(name)} <FigureLink figure={figure} />
            {say('record.expected', { n: expected })}
          </span>
        ))}
      </p>
      {record.notes.map((one) => (
        <p key={one.words.zh} className="brief-text">
          <Said of={one} />
        </p>
      ))}
    </>
  );
}

export function SuggestionPart({
  sentences,
  week,
}: {
  readonly sentences: readonly Sentence[];
  readonly week: string;
}) {
  const say = useReview();
  const { problems, duties, remedies } = useLedger((state) => state.ledger);
  const opened = problems.filter((problem) => problem.week === week).map(({ id }) => id);
  const mine = duties.filter(({ problem }) => opened.includes(problem)).map(({ id }) => id);
  return (
    <>
      {sentences.length === 0 ? (
        <p className="brief-text">{say('suggestions.none')}</p>
      ) : (
        <ol className="suggestions">
          {sentences.map((one, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two places may get the same sentence
            <li key={i}>
              <Said of={one} />
            </li>
          ))}
        </ol>
      )}
      <p className="brief-text">
        {say('suggestions.lists', {
          problems: opened.length,
          duties: mine.length,
          remedies: remedies.filter(({ duty }) => mine.includes(duty)).length,
          open: remedies.filter(({ state }) => state === 'todo' || state === 'doing').length,
        })}
      </p>
      <p className="fine">{say('suggestions.note')}</p>
    </>
  );
}
