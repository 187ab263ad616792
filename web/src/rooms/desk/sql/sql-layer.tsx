import { useEffect, useMemo } from 'react';
import type { CityMap } from '../../../map/contract.ts';
import { useDesk } from '../../../state/store.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFill } from '../sense/use-fill.ts';
import { useGrid } from '../use-grid.ts';
import { type SqlOnMap, useConsole } from './console-store.ts';
import { sqlFill } from './on-map.ts';
import { useSaySql } from './use-say-sql.ts';
import './sql-layer.css';

/** A result of the console in place of the counts, until it is taken away or another layer is chosen. */
export function SqlLayer({ map, onMap }: { readonly map: CityMap; readonly onMap: SqlOnMap }) {
  const say = useSaySql();
  const { number } = useText();
  const theme = useDesk((desk) => desk.theme);
  const layer = useDesk((desk) => desk.layer);
  const grid = useGrid(onMap.resolution);
  const drawn = useMemo(() => grid && sqlFill(onMap, grid, theme), [onMap, grid, theme]);
  const { putOnMap } = useConsole.getState();
  useEffect(() => {
    if (layer !== 'count') putOnMap(null);
  }, [layer, putOnMap]);
  const nothing = useMemo(
    () => ({ resolution: onMap.resolution, finest: onMap.resolution, cells: null }),
    [onMap.resolution],
  );
  useFill(map, drawn?.fill ?? nothing);
  const text = (value: number) => number(value, Number.isInteger(value) ? 0 : 2);
  return (
    <aside className="legend sql-legend" aria-label={say('map.title')}>
      <h2>
        {say('map.title')} · {onMap.column}
        <button type="button" aria-label={say('map.remove')} title={say('map.remove')} onClick={() => putOnMap(null)}>
          ×
        </button>
      </h2>
      <p>{say('map.cells', { n: onMap.values.length, resolution: onMap.resolution })}</p>
      <ol>
        {drawn?.from.map((from, i) => (
          <li key={from}>
            <i style={{ background: drawn.colours[i] }} />
            {i + 1 < drawn.from.length
              ? say('map.range', { from: text(from), to: text(drawn.from[i + 1] ?? from) })
              : say('map.above', { from: text(from) })}
          </li>
        ))}
        <li>
          <i className="swatch-zero" />
          {say('map.none')}
        </li>
      </ol>
      {onMap.left > 0 && <p className="mark">{say('map.left', { n: onMap.left })}</p>}
      {drawn && drawn.outside > 0 && <p className="mark">{say('map.outside', { n: drawn.outside })}</p>}
      <p className="fine">{say('map.note')}</p>
      <code className="fine sql-of">{onMap.sql}</code>
    </aside>
  );
}
