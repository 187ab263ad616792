import { useMemo } from 'react';
import { placeByCell } from '../../../place/class-mix.ts';
import { judgedByOwn } from '../../../place/judged.ts';
import { type PlacedCell, placeCell, placeOf } from '../../../snapshot/place.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { placeName } from '../divisions.ts';
import { useCellTotals } from '../use-cell-totals.ts';
import { useFinestGrid, useGrid } from '../use-grid.ts';
import { AlertsPart } from './alerts-part.tsx';
import { ConfidencePart } from './confidence-part.tsx';
import { PatternPart } from './pattern-part.tsx';
import { RingTable } from './ring-table.tsx';
import { StagesPart } from './stages-part.tsx';
import { useCellRing } from './use-cell-ring.ts';
import { useSayPlace } from './use-say-place.ts';
import { useWeeks } from './use-weeks.ts';
import './place.css';

/** The rest of a cell's card: stages, alerts, neighbours, places of the same pattern, and what it all rests on. */
export function CellMore({ cell }: { readonly cell: PlacedCell }) {
  const { manifest, divisions } = useSession().snapshot;
  const say = useSayPlace();
  const { locale } = useText();
  const grid = useGrid(cell.resolution);
  const finest = useFinestGrid();
  const { states, spoken } = useWeeks();
  const ring = useCellRing(cell);
  const totals = useCellTotals(cell.resolution);
  const stagePlace = useMemo(
    () => ({ division: null, cell: { id: cell.id, end: cell.end, resolution: cell.resolution } }),
    [cell],
  );
  const alertPlace = useMemo(() => ({ cells: { id: cell.id, end: cell.end }, division: null }), [cell]);
  const place = useMemo(() => finest && placeOf(cell, finest, divisions), [finest, cell, divisions]);
  const placeOfReport = useMemo(
    () => grid && placeByCell(cell.resolution, 'endId' in grid ? grid.endId : null),
    [grid, cell.resolution],
  );
  const own = useMemo(() => {
    const judged = ring.status === 'ready' && spoken ? judgedByOwn(ring.own, states, spoken) : null;
    return judged && !('why' in judged) ? judged : null;
  }, [ring, states, spoken]);
  const h3Of = (row: number) => (grid ? (grid.h3[row] as bigint).toString(16) : '');
  const nameOf = (row: number): string => {
    const placed = grid && placeCell(h3Of(row), grid);
    if (!placed || !finest) return h3Of(row);
    const at = placeOf(placed, finest, divisions);
    return at.outside ? say('pattern.outside') : placeName(at, divisions, locale);
  };
  const go = (row: number) => useDesk.getState().pinCell(h3Of(row));
  const rows =
    ring.status === 'ready' && spoken
      ? ring.ring.map(({ row, counts }) => {
          const judged = judgedByOwn(counts, states, spoken);
          return { key: h3Of(row), name: nameOf(row), judged: 'why' in judged ? null : judged, go: () => go(row) };
        })
      : null;
  const made = place ? [...place.path.slice(1), ...place.shared].some((id) => divisions.made[id]) : false;
  return (
    <>
      <StagesPart place={stagePlace} />
      <AlertsPart place={alertPlace} />
      <section className="panel" aria-label={say('ring')} data-panel="place-ring" data-status={ring.status}>
        <h2>{say('ring')}</h2>
        {rows ? (
          rows.length === 0 ? (
            <p className="panel-empty">{say('ring.none', { what: say('ring.cell') })}</p>
          ) : (
            <RingTable
              title={say('ring.cells', { n: rows.length, resolution: cell.resolution })}
              rows={rows}
              above={own?.verdict === 'above'}
            />
          )
        ) : (
          <p className={ring.status === 'failed' ? 'panel-failed' : 'panel-loading'}>
            {ring.status === 'failed' ? say('why.failed', { message: ring.message }) : say('ring.reading')}
          </p>
        )}
      </section>
      {grid && placeOfReport && (
        <PatternPart
          own={cell.row}
          places={grid.h3.length}
          placeOf={placeOfReport}
          what={say('pattern.whatCells', { resolution: cell.resolution })}
          nameOf={nameOf}
          go={go}
        />
      )}
      <ConfidencePart
        judged={own}
        states={states}
        end={spoken?.end ?? manifest.weeks.length}
        withheld={totals?.withheld ?? 0}
        made={made}
        straddles={place?.straddles ?? false}
      />
    </>
  );
}
