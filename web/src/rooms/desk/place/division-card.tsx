import { useMemo } from 'react';
import { borderingDivisions } from '../../../place/bordering.ts';
import { placeByDivision } from '../../../place/class-mix.ts';
import { districtWeeks } from '../../../place/district-weeks.ts';
import { type Judged, judgedByOwn, judgedBySeries, ownBand } from '../../../place/judged.ts';
import { rangeSum } from '../../../query/roll-up.ts';
import { bandFor } from '../../../sense/series.ts';
import { percent } from '../../../sense/words.ts';
import { useDesk } from '../../../state/store.ts';
import { Bar } from '../../../ui/bar.tsx';
import { MadeMark } from '../../../ui/made-mark.tsx';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName, levelOf, useFocus } from '../divisions.ts';
import { useFilters } from '../filters.ts';
import { readyValue, useSense } from '../sense/use-sense.ts';
import { useFinestGrid } from '../use-grid.ts';
import { AlertsPart } from './alerts-part.tsx';
import { BandSpark } from './band-spark.tsx';
import { ConfidencePart } from './confidence-part.tsx';
import { PatternPart } from './pattern-part.tsx';
import { RingTable } from './ring-table.tsx';
import { StagesPart } from './stages-part.tsx';
import { useSayPlace } from './use-say-place.ts';
import { useWeeks } from './use-weeks.ts';
import { Verdict } from './verdict.tsx';
import './place.css';

/** The division in focus: against its normal, what it is made of, how it is handled, who borders on it and who is like it. */
export function DivisionCard() {
  const focus = useFocus();
  return focus === 0 ? null : <Card key={focus} id={focus} />;
}

function Card({ id }: { readonly id: number }) {
  const { snapshot, panels } = useSession();
  const { manifest, divisions } = snapshot;
  const say = useSayPlace();
  const { locale, label } = useText();
  const filters = useFilters();
  const end = divisions.end[id] as number;
  const { states, spoken } = useWeeks();
  const counts = shownValue(usePanel(panels.weeks));
  const total = shownValue(usePanel(panels.totals));
  const city = shownValue(usePanel(panels.cityTotals));
  const bandAt = useBand();
  const series = useMemo(() => bandAt(id), [bandAt, id]);
  const bySeries = useMemo(() => (series && spoken ? judgedBySeries(series, spoken) : null), [series, spoken]);
  const byOwn = useMemo(
    () => (counts && spoken ? judgedByOwn(counts, states, spoken) : null),
    [counts, states, spoken],
  );
  const own = byOwn && !('why' in byOwn) ? byOwn : null;
  const judged = bySeries ?? own;
  const band = useMemo(() => {
    if (!counts || !spoken) return null;
    return bySeries && series
      ? series
      : ownBand(counts, states, { first: Math.max(0, spoken.end - 52), end: spoken.end });
  }, [counts, spoken, bySeries, series, states]);
  const stagePlace = useMemo(() => ({ division: { id, end }, cell: null }), [id, end]);
  const alertPlace = useMemo(() => ({ cells: null, division: { id, end } }), [id, end]);
  const level = levelOf(manifest, divisions, id);
  const peers = useMemo(
    () =>
      Array.from({ length: divisions.count }, (_, of) => of).filter(
        (of) => divisions.level[of] === divisions.level[id],
      ),
    [divisions, id],
  );
  const placeOfReport = useMemo(() => placeByDivision(peers, divisions.end), [peers, divisions]);
  const go = (of: number) => useDesk.getState().focusDivision(divisions.code[of] ?? null);
  return (
    <div className="division-card" data-division={divisions.code[id]}>
      <section
        className="panel place-normal"
        aria-label={say('title')}
        data-panel="place-normal"
        data-status={counts ? 'ready' : 'loading'}
      >
        <h2>
          {divisionName(divisions, id, locale)} {divisions.made[id] && <MadeMark />}
        </h2>
        {total && city && city.n > 0 && (
          <p className="fine">{say('division.share', { share: percent(total.n / city.n, 1) })}</p>
        )}
        {!spoken && <p className="sense-absent">{say('why.no-usable-at-all')}</p>}
        {spoken && !counts && (
          <p className="panel-loading" role="status">
            {say('why.waiting')}
          </p>
        )}
        {!judged && byOwn && 'why' in byOwn && <p className="sense-absent">{say(`why.${byOwn.why}`)}</p>}
        {judged && spoken && counts && <Verdict judged={judged} weeks={spoken} counts={counts} />}
        {counts && band && spoken && <BandSpark counts={counts} band={band} states={states} end={spoken.end} />}
      </section>
      <Mix />
      <StagesPart place={stagePlace} />
      <AlertsPart place={alertPlace} />
      <Ring
        id={id}
        bandAt={bandAt}
        bySeries={bySeries !== null}
        above={judged?.verdict === 'above'}
        levelName={level ? label(level.name) : ''}
        go={go}
      />
      <PatternPart
        own={peers.indexOf(id)}
        places={peers.length}
        placeOf={placeOfReport}
        what={level ? label(level.name) : say('ring.division')}
        nameOf={(at) => divisionName(divisions, peers[at] as number, locale)}
        go={(at) => go(peers[at] as number)}
      />
      <ConfidencePart
        judged={filters.area ? null : own}
        states={states}
        end={spoken?.end ?? manifest.weeks.length}
        withheld={null}
        made={divisions.made[id] ?? false}
        straddles={false}
      />
    </div>
  );
}

/** The published weekly normal of a division under the present filters; null = there is none. */
function useBand() {
  const { manifest } = useSession().snapshot;
  const filters = useFilters();
  const table = readyValue(useSense('series'));
  return useMemo(() => {
    const categories = manifest.dictionaries.categories.filter(({ level }) => level <= 1);
    return (id: number) => {
      // Hours are in no series.
      if (!table || filters.hours) return null;
      const answer = bandFor(
        table,
        { ...filters, division: { id, end: id + 1 } },
        { categories, weeks: manifest.weeks.length },
      );
      return answer.kind === 'band' ? answer.band : null;
    };
  }, [manifest, filters, table]);
}

const MIX_ROWS = 6;

/** What is reported there, by top category. */
function Mix() {
  const { snapshot, panels } = useSession();
  const say = useSayPlace();
  const { label, number } = useText();
  const tree = shownValue(usePanel(panels.categories));
  const rows = tree
    ? snapshot.manifest.dictionaries.categories
        .filter(({ level }) => level <= 1)
        .map((entry) => ({ entry, n: rangeSum(tree.sums, entry) }))
        .filter(({ n }) => n > 0)
        .sort((a, b) => b.n - a.n)
    : null;
  const total = rows?.reduce((sum, { n }) => sum + n, 0) ?? 0; // no rows yet: nothing is drawn
  return (
    <section className="panel" aria-label={say('division.mix')} data-panel="division-mix">
      <h2>{say('division.mix')}</h2>
      {rows?.length === 0 && <p className="panel-empty">{say('division.mixNone')}</p>}
      <ul className="rows">
        {rows?.slice(0, MIX_ROWS).map(({ entry, n }) => (
          <li key={entry.code} className="row plain">
            <span className="row-name">{label(entry.name)}</span>
            <span className="row-count">
              {number(n)} <span className="fine">{percent(n / total)}</span>
            </span>
            <Bar n={n} total={null} max={rows[0]?.n ?? 1} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RingProps {
  readonly id: number;
  readonly bandAt: ReturnType<typeof useBand>;
  /** The card itself speaks by its published series. */
  readonly bySeries: boolean;
  readonly above: boolean;
  readonly levelName: string;
  readonly go: (id: number) => void;
}

/** The divisions that border on it, each by its published series, else (districts) by its own past, as the card itself. */
function Ring({ id, bandAt, bySeries, above, levelName, go }: RingProps) {
  const { divisions, manifest, weekCube } = useSession().snapshot;
  const say = useSayPlace();
  const { locale } = useText();
  const filters = useFilters();
  const { states, spoken } = useWeeks();
  const finest = useFinestGrid();
  const near = useMemo(() => finest && borderingDivisions(id, finest, divisions), [finest, id, divisions]);
  const judged = (of: number): Judged | null => {
    if (!spoken) return null;
    const band = bySeries ? bandAt(of) : null;
    if (band) return judgedBySeries(band, spoken);
    if (bySeries || divisions.level[of] !== 1) return null;
    const { categories } = manifest.dictionaries;
    const counts = districtWeeks(weekCube, { id: of, weeks: manifest.weeks.length, categories }, filters);
    const own = counts && judgedByOwn(counts, states, spoken);
    return own && !('why' in own) ? own : null;
  };
  return (
    <section
      className="panel"
      aria-label={say('ring')}
      data-panel="place-ring"
      data-status={near ? 'ready' : 'loading'}
    >
      <h2>{say('ring')}</h2>
      {!near && (
        <p className="panel-loading" role="status">
          {say('ring.reading')}
        </p>
      )}
      {near?.length === 0 && <p className="panel-empty">{say('ring.none', { what: say('ring.division') })}</p>}
      {near && near.length > 0 && (
        <RingTable
          title={say('ring.divisions', { n: near.length, level: levelName })}
          above={above}
          rows={near.map((of) => ({
            key: divisions.code[of] ?? String(of),
            name: divisionName(divisions, of, locale),
            judged: judged(of),
            go: () => go(of),
          }))}
        />
      )}
    </section>
  );
}
