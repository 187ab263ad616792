import { useEffect, useState } from 'react';
import type { CityMap } from '../../../map/contract.ts';

/** Draws anew in every frame in which the camera moves. */
export function useCamera(map: CityMap): void {
  const [, setFrame] = useState(0);
  useEffect(() => map.onCamera(() => setFrame((frame) => frame + 1)), [map]);
}
