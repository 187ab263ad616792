import { useMemo } from 'react';
import { hooks } from '../../app/hooks.ts';
import { rankOf, topCells } from '../../query/roll-up.ts';
import { edgeMetres, placeCell, placeOf } from '../../snapshot/place.ts';
import { useDesk } from '../../state/store.ts';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { placeName } from './divisions.ts';
import { useCellTotals } from './use-cell-totals.ts';
import { useFinestGrid, useGrid } from './use-grid.ts';

const ROWS = 10;

/** The map as a table: the cells with most incidents at the resolution now drawn. Places, not units. */
export function TopCells() {
  const { snapshot, panels } = useSession();
  const { divisions } = snapshot;
  const { t, number, locale } = useText();
  const state = usePanel(panels.cells);
  const resolution = useDesk((desk) => desk.resolution);
  const totals = useCellTotals(resolution);
  const grid = useGrid(resolution);
  const finest = useFinestGrid();
  const { pinCell } = useDesk.getState();
  const rows = useMemo(() => {
    if (!totals || !grid || !finest) return null;
    return topCells(totals, ROWS).flatMap((row) => {
      const h3 = (grid.h3[row] as bigint).toString(16);
      const cell = placeCell(h3, grid);
      if (!cell) return [];
      const place = placeOf(cell, finest, divisions);
      return [{ h3, row, n: totals.n[row] as number, rank: rankOf(totals, row).rank, place }];
    });
  }, [totals, grid, finest, divisions]);
  if (resolution === null) return null;
  const metres = edgeMetres(resolution);
  const length =
    metres >= 1000
      ? t('legend.kilometres', { n: number(metres / 1000, 1) })
      : t('legend.metres', { n: number(metres) });
  const goTo = (h3: string, row: number) => {
    pinCell(h3);
    if (grid && 'lngE6' in grid && hooks.map) {
      const zoom = useDesk.getState().view?.zoom ?? 11;
      hooks.map.flyTo({ lng: (grid.lngE6[row] as number) / 1e6, lat: (grid.latE6[row] as number) / 1e6, zoom });
    }
  };
  return (
    <PanelFrame id="top-cells" title={t('panel.cells')} state={state} className="top-cells">
      <p className="fine">{t('cells.hint', { resolution: t('legend.edge', { resolution, length }) })}</p>
      {rows === null && (
        <p className="panel-loading" role="status">
          {t('panel.loading')}
        </p>
      )}
      {rows?.length === 0 && <p className="panel-empty">{t('panel.empty')}</p>}
      {rows && rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col" className="n">
                {t('cells.rank')}
              </th>
              <th scope="col">{t('cells.where')}</th>
              <th scope="col" className="n">
                {t('division.column.n')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ h3, row, n, rank, place }) => (
              <tr key={h3}>
                <td className="n">{rank}</td>
                <th scope="row">
                  <button type="button" onClick={() => goTo(h3, row)}>
                    {place.outside ? t('cell.noDivision') : placeName(place, divisions, locale)}
                  </button>
                </th>
                <td className="n">{number(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </PanelFrame>
  );
}
