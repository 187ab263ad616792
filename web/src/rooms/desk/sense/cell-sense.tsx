import { useMemo } from 'react';
import { EMERGING, HOTSPOT_VARIANTS, type Sense } from '../../../../../core/contract/sense.ts';
import { rowHolding } from '../../../sense/holding.ts';
import { cellHotspots } from '../../../sense/hotspots.ts';
import { RISK_CELL, riskOf, riskWeek } from '../../../sense/risk.ts';
import type { PlacedCell } from '../../../snapshot/place.ts';
import type { HotspotTable, RiskTable } from '../../../snapshot/sense.ts';
import { useText } from '../../../ui/use-text.ts';
import { useGrid } from '../use-grid.ts';
import { RiskParts } from './risk-parts.tsx';
import { StateLook } from './state-look.tsx';
import { useSay, useSense } from './use-sense.ts';
import { useShownCategory } from './use-shown-category.ts';
import './alerts.css';

/** What sensing says about the pinned cell: hot spots by variant and window, its course, its index taken apart. */
export function CellSense({ cell }: { readonly cell: PlacedCell }) {
  const say = useSay();
  const sense = useSense('sense');
  const hotspots = useSense('hotspots');
  const risk = useSense('risk');
  return (
    <section className="panel cell-sense" aria-label={say('cell.senseTitle')} data-panel="cell-sense">
      <h2>{say('cell.senseTitle')}</h2>
      {sense.status !== 'ready' ? (
        <StateLook state={sense} />
      ) : (
        <>
          {hotspots.status === 'ready' ? (
            <HotPart cell={cell} sense={sense.value} table={hotspots.value} />
          ) : (
            <StateLook state={hotspots} />
          )}
          {risk.status === 'ready' ? (
            <RiskPart cell={cell} sense={sense.value} table={risk.value} />
          ) : (
            <StateLook state={risk} />
          )}
        </>
      )}
    </section>
  );
}

/** Row of the grid that was assessed, holding the cell; null = the cell is coarser than that, or the grid is not there yet. */
function useAssessedRow(cell: PlacedCell, resolution: number): number | null {
  const grid = useGrid(cell.resolution >= resolution ? resolution : null);
  return useMemo(() => {
    if (cell.resolution < resolution) return null;
    if (cell.resolution === resolution) return cell.row;
    return grid && 'endId' in grid ? rowHolding(grid, cell.id) : null;
  }, [cell, resolution, grid]);
}

function Scope({ cell, resolution }: { readonly cell: PlacedCell; readonly resolution: number }) {
  const say = useSay();
  if (cell.resolution === resolution) return null;
  return <p className="fine">{say(cell.resolution > resolution ? 'cell.parent' : 'cell.tooCoarse', { resolution })}</p>;
}

interface HotPartProps {
  readonly cell: PlacedCell;
  readonly sense: Sense;
  readonly table: HotspotTable;
}

/** Above this a q is a hint only. */
const FIRM = 0.05;

function HotPart({ cell, sense, table }: HotPartProps) {
  const say = useSay();
  const { label } = useText();
  const { category, text } = useShownCategory();
  const { resolution, windows, notAssessed } = sense.hotspots;
  const row = useAssessedRow(cell, resolution);
  const found = useMemo(
    () => (row === null ? null : cellHotspots(table, { cell: row, category })),
    [table, row, category],
  );
  if (!found) return <Scope cell={cell} resolution={resolution} />;
  return (
    <>
      <Scope cell={cell} resolution={resolution} />
      <p className="fine">{text}</p>
      <ul>
        {HOTSPOT_VARIANTS.map((name, variant) => {
          const kind = say(`cell.variant.${name}`);
          const course = found.emerging.find((entry) => entry.variant === variant);
          return (
            <li key={name}>
              {windows.map(({ key, name: window }, at) => {
                const why = notAssessed.find(
                  (entry) => entry.category === category && entry.variant === variant && entry.window === at,
                )?.why;
                const finding = found.findings.find((entry) => entry.window === at && entry.variant === variant);
                const where = { window: label(window), variant: say('alerts.shareJoin') + kind };
                if (why)
                  return (
                    <p key={key} className="fine">
                      {label(window)} {kind} · {say('hot.notAssessed', { why: say(`why.${why}`) })}
                    </p>
                  );
                if (!finding || !(finding.q <= 0.1)) return <p key={key}>{say('cell.hotNone', where)}</p>;
                const { z, q } = finding;
                const words = say(
                  z > 0
                    ? q <= FIRM
                      ? 'cell.words.hot'
                      : 'cell.words.hotWeak'
                    : q <= FIRM
                      ? 'cell.words.cold'
                      : 'cell.words.coldWeak',
                );
                return <p key={key}>{say('cell.hot', { ...where, words, z: z.toFixed(1), q: qText(q) })}</p>;
              })}
              {course && <p className="fine">{courseText(course.kind, say)}</p>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function qText(q: number): string {
  return q < 0.001 ? '<0.001' : q.toFixed(3);
}

function courseText(kind: number | null, say: ReturnType<typeof useSay>): string {
  const name = kind === null ? undefined : EMERGING[kind];
  if (name === undefined) return say('cell.emergingUnknown');
  if (name === 'none') return say('cell.emergingNone');
  return say('cell.emerging', { name: say(`emerging.${name}`), meaning: say(`meaning.${name}`) });
}

interface RiskPartProps {
  readonly cell: PlacedCell;
  readonly sense: Sense;
  readonly table: RiskTable;
}

function RiskPart({ cell, sense, table }: RiskPartProps) {
  const say = useSay();
  const { resolution, kind, indicators } = sense.risk;
  const row = useAssessedRow(cell, resolution);
  const place = useMemo(() => {
    const week = riskWeek(table);
    if (row === null || week === null) return null;
    return riskOf(table, { unit: RISK_CELL, id: row, week, indicators: indicators.length, alike: () => true });
  }, [table, row, indicators]);
  return (
    <>
      <h3>{say(kind === 'risk' ? 'risk.title' : 'risk.titleChange')}</h3>
      <Scope cell={cell} resolution={resolution} />
      {place ? (
        <RiskParts place={place} sense={sense} />
      ) : (
        row !== null && <p className="sense-absent">{say('risk.noRow')}</p>
      )}
    </>
  );
}
