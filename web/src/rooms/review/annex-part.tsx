import type { AnnexRow } from '../../../../core/brief/annex.ts';
import type { Brief } from '../../../../core/brief/brief.ts';
import { bandExpectedWords, bandWords, weekQuery } from '../../../../core/brief/state.ts';
import { useDocument } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { FigureLink, Said, useReview } from './say.tsx';

/** Tables by division and category, what the words mean, and how good the data are. Never ranked by volume. */
export function AnnexPart({ brief }: { readonly brief: Brief }) {
  const say = useReview();
  const { annex, week } = brief;
  return (
    <>
      <h3>{say('annex.divisions')}</h3>
      <Table rows={annex.divisions} first={say('annex.division')}>
        {annex.elsewhere > 0 && <Rest name={say('annex.elsewhere')} n={annex.elsewhere} />}
        <Rest name={say('annex.unlocated')} n={annex.unlocated} />
        <tr className="sum">
          <th scope="row">{say('annex.total')}</th>
          <td>
            <FigureLink figure={annex.total} />
          </td>
          <td colSpan={99} />
        </tr>
      </Table>
      <p className="fine">{say('annex.order')}</p>
      <h3>{say('annex.categories')}</h3>
      <Table rows={annex.categories} first={say('annex.category')}>
        <tr className="sum">
          <th scope="row">{say('annex.total')}</th>
          <td>
            <FigureLink figure={{ ...annex.total, query: weekQuery(week) }} />
          </td>
          <td colSpan={99} />
        </tr>
      </Table>
      <h3>{say('annex.quality')}</h3>
      <QualityTable />
      {brief.record.rules.length > 0 && (
        <>
          <h3>{say('annex.rules')}</h3>
          <ul className="rules">
            {brief.record.rules.map((one) => (
              <li key={one.words.zh}>
                <Said of={one} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{say('annex.definitions')}</h3>
      <dl className="definitions">
        {DEFINITIONS.map((key) => (
          <div key={key}>
            <dt>{say(`define.${key}`)}</dt>
            <dd>{say(`define.${key}Text`)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const DEFINITIONS = [
  'count',
  'previous',
  'yearAgo',
  'verdict',
  'normal',
  'places',
  'missed',
  'change',
  'filling',
  'privacy',
] as const;

function Table({
  rows,
  first,
  children,
}: {
  readonly rows: readonly AnnexRow[];
  readonly first: string;
  readonly children: React.ReactNode;
}) {
  const say = useReview();
  const { label } = useText();
  const { sources } = useSession().snapshot.manifest.dictionaries;
  return (
    <table className="annex-table">
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">{say('annex.n')}</th>
          <th scope="col">{say('annex.previous')}</th>
          {sources.map(({ key, name }) => (
            <th key={key} scope="col">
              {label(name)}
            </th>
          ))}
          <th scope="col" className="words">
            {say('annex.band')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, figure, previous, bySource, band }) => {
          const expected = band && bandExpectedWords(band);
          return (
            <tr key={key} data-row={key}>
              <th scope="row">{label(name)}</th>
              <td>
                <FigureLink figure={figure} />
              </td>
              <td>{previous ? <FigureLink figure={previous} /> : '—'}</td>
              {bySource.map((one, i) => (
                <td key={sources[i]?.key ?? i}>{one ? <FigureLink figure={one} /> : '—'}</td>
              ))}
              <td className="words">
                {band ? label(bandWords(band.verdict)) : say('annex.noBand')}
                {expected && <span className="fine"> {label(expected)}</span>}
              </td>
            </tr>
          );
        })}
        {children}
      </tbody>
    </table>
  );
}

function Rest({ name, n }: { readonly name: string; readonly n: number }) {
  const { number } = useText();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{number(n)}</td>
      <td colSpan={99} />
    </tr>
  );
}

function QualityTable() {
  const say = useReview();
  const { label, number } = useText();
  const { snapshot } = useSession();
  const { sources } = snapshot.manifest.dictionaries;
  const coverage = useDocument(snapshot.coverage).value;
  const share = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : '—');
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, n) => all + n, 0);
  return (
    <table className="annex-table quality">
      <thead>
        <tr>
          <th scope="col">{say('quality.source')}</th>
          <th scope="col">{say('quality.asOf')}</th>
          <th scope="col">{say('quality.accepted')}</th>
          <th scope="col">{say('quality.rejected')}</th>
          <th scope="col">{say('quality.unlocated')}</th>
          <th scope="col">{say('quality.unmapped')}</th>
          <th scope="col">{say('quality.filling')}</th>
        </tr>
      </thead>
      <tbody>
        {sources.map(({ key, name, asOf, accepted, read, unlocated, rejected, unmapped }) => {
          const covered = coverage?.sources.find((one) => one.key === key);
          return (
            <tr key={key}>
              <th scope="row">{label(name)}</th>
              <td>{asOf ?? say('quality.never')}</td>
              <td>{number(accepted)}</td>
              <td>{share(sum(rejected), read)}</td>
              <td>{share(sum(unlocated), accepted)}</td>
              <td>{share(unmapped, accepted)}</td>
              <td>{covered ? say('quality.days', { n: covered.fillingDays }) : '—'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
