import { cellToLatLng } from 'h3-js';
import { useEffect } from 'react';
import { type Comparison, compareCounts } from '../../../../../core/metric/comparison.ts';
import { changeSentence } from '../../../../../core/metric/verdict-words.ts';
import type { CityMap } from '../../../map/contract.ts';
import { rowOfIndex } from '../../../snapshot/place.ts';
import { useText } from '../../../ui/use-text.ts';
import { useGrid } from '../use-grid.ts';
import type { Hovered } from './compare-part.tsx';
import { useSayCompare } from './use-say.ts';
import type { Side, Sides } from './use-sides.ts';

interface CompareHoverProps {
  readonly first: CityMap;
  readonly beside: CityMap | null;
  readonly sides: Sides;
  /** Both maps show the same place: a cell under the pointer is marked in both. */
  readonly paired: boolean;
  readonly hovered: Hovered;
  readonly hoveredBeside: Hovered;
}

/** What the pointer is on, in both maps: each with its own count, and the change between them in words. */
export function CompareHover({ first, beside, sides, paired, hovered, hoveredBeside }: CompareHoverProps) {
  const cell = hoveredBeside ?? hovered;
  const from = hoveredBeside ? 'beside' : 'first';
  const h3 = cell?.h3 ?? null;
  useEffect(() => {
    if (!paired || !beside) return;
    // Where the pointer is, the map marks the cell itself.
    const other = from === 'beside' ? first : beside;
    other.markCell(h3);
    return () => other.markCell(null);
  }, [paired, first, beside, from, h3]);
  const grid = useGrid(cell?.resolution ?? null);
  if (!cell || !grid) return null;
  const row = rowOfIndex(grid.h3, cell.h3);
  const [now, before] = [readingOf(sides.now, cell.resolution, row), readingOf(sides.before, cell.resolution, row)];
  const place = (map: CityMap) => {
    const [lat, lng] = cellToLatLng(cell.h3);
    return map.project(lng, lat);
  };
  const at = (side: 'first' | 'beside') => {
    const map = side === 'first' ? first : beside;
    return side === from || !map ? { x: cell.x, y: cell.y } : place(map);
  };
  // Beyond the middle the tip stands on the other side of the pointer, or it would leave its map.
  const middle = (document.querySelector('.compare-map')?.clientWidth ?? Number.POSITIVE_INFINITY) / 2;
  const comparison =
    paired && typeof now === 'number' && typeof before === 'number' && sides.now && sides.before
      ? compareCounts({ before: counted(before, sides.before), after: counted(now, sides.now) })
      : null;
  return (
    <>
      {(paired || from === 'first') && (
        <Tip at={at('first')} middle={middle} side="first" reading={now} comparison={comparison} />
      )}
      {(paired || from === 'beside') && beside && (
        <Tip at={at('beside')} middle={middle} side="beside" reading={before} comparison={comparison} />
      )}
    </>
  );
}

/** A count; `unknown` = nobody looked; null = not counted yet. */
type Reading = number | 'unknown' | null;

function readingOf(side: Side | null, resolution: number, row: number): Reading {
  if (!side || side.cells.resolution !== resolution || row < 0) return null;
  const n = side.cells.n[row]!;
  return n === 0 && side.cells.unknown?.[row] === 1 ? 'unknown' : n;
}

const counted = (n: number, { days }: Side) => ({ n, days: days.endDay - days.firstDay });

interface TipProps {
  readonly at: { readonly x: number; readonly y: number };
  readonly middle: number;
  readonly side: 'first' | 'beside';
  readonly reading: Reading;
  readonly comparison: Comparison | null;
}

function Tip({ at, middle, side, reading, comparison }: TipProps) {
  const say = useSayCompare();
  const { label } = useText();
  if (reading === null) return null;
  const unit = { zh: say('unit'), en: say('unit') };
  return (
    <div
      className="map-hover compare-hover"
      data-side={side}
      style={{ translate: `${at.x > middle ? `calc(${at.x - 14}px - 100%)` : `${at.x + 14}px`} ${at.y + 14}px` }}
      aria-hidden="true"
    >
      <strong>{reading === 'unknown' ? say('hover.unknown') : say('n', { n: reading })}</strong>
      {comparison && <span>{label(changeSentence(comparison, unit))}</span>}
    </div>
  );
}
