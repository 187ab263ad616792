import type { CityMap } from '../map/contract.ts';
import type { SettledTiming } from '../query/coordinator.ts';
import type { ScanPool } from '../query/scan/pool.ts';

/** For end-to-end tests and the bench: what cannot be seen on the screen. Nothing in the product reads it. */
export interface Hooks {
  state: 'booting' | 'first-map' | 'filters-ready';
  readonly timings: SettledTiming[];
  map: CityMap | null;
  scan: ScanPool | null;
}

export const hooks: Hooks = { state: 'booting', timings: [], map: null, scan: null };

declare global {
  interface Window {
    __hexsight: Hooks;
  }
}
window.__hexsight = hooks;
