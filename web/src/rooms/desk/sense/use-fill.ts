import { useEffect } from 'react';
import type { CellFill, CityMap } from '../../../map/contract.ts';

/** Hands a fill to the map while the component is there. `fill` must be memoised: another object is another picture. */
export function useFill(map: CityMap, fill: CellFill): void {
  useEffect(() => map.setFill(fill), [map, fill]);
  useEffect(() => () => map.setFill(null), [map]);
}
