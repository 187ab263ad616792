import type { ReactNode } from 'react';
import { STAGES } from '../../../../../core/incident/dimensions.ts';
import type { StageAges } from '../../../../../core/metric/stage-ages.ts';
import { percent } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { isoDate } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useSayPreset } from './use-say-preset.ts';
import { ALL_ROWS, type StageAnswer, useStageAges } from './use-stage-ages.ts';

/** Which stage is stuck: open reports by category and stage, and how long they have waited. */
export function StagesPane() {
  const say = useSayPreset();
  const filters = useFilters();
  const state = useStageAges(filters, { division: filters.division, cell: null }, true);
  return (
    <section className="stages" aria-label={say('stages.title')} data-panel="stages" data-status={state.status}>
      <h2>{say('stages.title')}</h2>
      {state.status === 'loading' && (
        <p className="panel-loading" role="status">
          {say('stages.loading')}
        </p>
      )}
      {state.status === 'failed' && (
        <div className="panel-failed" role="alert">
          <strong>{say('stages.failed')}</strong>
          <span className="panel-reason">{state.message}</span>
          <button type="button" onClick={state.retry}>
            {say('stages.retry')}
          </button>
        </div>
      )}
      {state.status === 'ready' && <Answer answer={state.value} />}
    </section>
  );
}

function Answer({ answer }: { readonly answer: StageAnswer }) {
  const { manifest } = useSession().snapshot;
  const say = useSayPreset();
  const { label } = useText();
  const filters = useFilters();
  const { setCategories } = useDesk.getState();
  const total = answer.rows.get(ALL_ROWS);
  if (!total) return <p className="panel-empty">{say('stages.none')}</p>;
  const groups = manifest.dictionaries.categories.filter(({ level, id }) => level <= 1 && answer.rows.has(id));
  return (
    <>
      <StagesNote answer={answer} total={total} />
      {(filters.hours || filters.area) && <p className="mark warn">{say('stages.ignored')}</p>}
      {total.told === 0 ? (
        <p className="panel-empty">{say('stages.untold')}</p>
      ) : (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{say('stages.class')}</th>
                <Head>{say('stages.received')}</Head>
                <Head>{say('stages.told')}</Head>
                <Head>{say('stages.open')}</Head>
                {total.open.map(({ stage }) => (
                  <Head key={stage}>{stageName(stage, label)}</Head>
                ))}
                <Head>{say('stages.over')}</Head>
                <Head>{say('stages.share')}</Head>
                <th scope="col">{say('stages.stuck')}</th>
                <Head>{say('stages.closed')}</Head>
                <Head>{say('stages.closeTime')}</Head>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ id, code, name }) => (
                <Row key={id} ages={answer.rows.get(id) as StageAges}>
                  <button
                    type="button"
                    title={say('stages.filter', { name: label(name) })}
                    onClick={() => setCategories([code])}
                  >
                    {label(name)}
                  </button>
                </Row>
              ))}
            </tbody>
            <tfoot>
              <Row ages={total}>{say('stages.all')}</Row>
            </tfoot>
          </table>
        </div>
      )}
      <p className="fine">{say('stages.note')}</p>
    </>
  );
}

/** Which reports are counted. */
export function StagesNote({ answer, total }: { readonly answer: StageAnswer; readonly total: StageAges }) {
  const say = useSayPreset();
  const { days, weeks, cut } = answer;
  const span = { from: isoDate(days.firstDay), to: isoDate(days.endDay - 1) };
  const n = weeks.end - weeks.first;
  return (
    <p className="fine">
      {cut === 'no-period' && `${say('stages.last', { n })} · `}
      {cut === 'too-long' && `${say('stages.cut', { n })} · `}
      {say('stages.period', { ...span, n: total.received, told: total.told })}
    </p>
  );
}

const Head = ({ children }: { readonly children: ReactNode }) => (
  <th scope="col" className="n">
    {children}
  </th>
);

export const stageName = (id: number, label: (of: { readonly zh: string; readonly en: string }) => string): string => {
  const stage = STAGES.find((one) => one.id === id);
  return stage ? label(stage) : String(id);
};

function Row({ ages, children }: { readonly ages: StageAges; readonly children: ReactNode }) {
  const say = useSayPreset();
  const { number, label } = useText();
  const { received, told, open, openTotal, over, closed, medianCloseHours, stuckAt } = ages;
  const time =
    medianCloseHours === null
      ? say('stages.unknownAge')
      : medianCloseHours < 72
        ? say('stages.hours', { n: Math.round(medianCloseHours) })
        : say('stages.days', { n: Math.round(medianCloseHours / 24) });
  return (
    <tr>
      <th scope="row">{children}</th>
      <td className="n">{number(received)}</td>
      <td className="n">{number(told)}</td>
      <td className="n">{number(openTotal)}</td>
      {open.map(({ stage, n, medianDays }) => (
        <td key={stage} className="n">
          {number(n)}
          {medianDays !== null && (
            <span className="fine">
              {' '}
              {say('stages.age', { days: number(medianDays, medianDays % 1 === 0 ? 0 : 1) })}
            </span>
          )}
        </td>
      ))}
      <td className="n">{number(over)}</td>
      <td className="n">{openTotal > 0 ? percent(over / openTotal) : say('stages.unknownAge')}</td>
      <td>{stuckAt ? stageName(stuckAt.stage, label) : say('stages.noneOver')}</td>
      <td className="n">{number(closed)}</td>
      <td className="n">{time}</td>
    </tr>
  );
}
