import type { CityMap } from '../map/contract.ts';
import type { SettledTiming } from '../query/coordinator.ts';
import type { ScanPool } from '../query/scan/pool.ts';
import { useDesk } from '../state/store.ts';

/** For end-to-end tests and the bench: what cannot be seen on the screen. Nothing in the product reads it. */
export interface Hooks {
  state: 'booting' | 'first-map' | 'filters-ready';
  readonly timings: SettledTiming[];
  map: CityMap | null;
  /** The second map while two are compared. */
  beside: CityMap | null;
  /** The workers that hold the incidents. */
  scan: ScanPool | null;
  /** The state that panels and links share: the bench sets filters where a hand would. */
  readonly desk: typeof useDesk;
}

export const hooks: Hooks = { state: 'booting', timings: [], map: null, beside: null, scan: null, desk: useDesk };

declare global {
  interface Window {
    __hexsight: Hooks;
  }
}
window.__hexsight = hooks;
