import { EMERGING_DEFAULTS, emergingHotSpots, MIN_STEPS } from '../stats/emerging.ts';
import type { HotspotInput } from './hotspot-maps.ts';

export interface EmergingClasses {
  /** Per cell, code of `EMERGING` of the contract; 255 = not assessed. */
  readonly classes: Uint8Array;
  /** Per cell, how many of the last so many steps it was significantly hot in. */
  readonly hotWeeks: (steps: number) => Uint8Array;
}

const NOT_ASSESSED = 255;
const LAST_CLASS = 16;

/**
 * Emerging classes of the weekly counts (17, `core/stats/emerging.ts`). Weeks that were not delivered are cut out: the weeks beside them
 * become neighbours. Null where fewer than `MIN_STEPS` weeks are left, or nothing varies. Cost: see `emergingHotSpots`.
 */
export function emergingClasses(input: HotspotInput): EmergingClasses | null {
  const { cells, neighbours, emerging, delivered, cell, week, n } = input;
  const steps: number[] = [];
  for (let w = Math.max(0, emerging.first); w < emerging.end; w++) if (delivered[w] === 1) steps.push(w);
  if (steps.length < MIN_STEPS) return null;
  const stepOf = new Int32Array(input.weeks).fill(-1);
  steps.forEach((w, t) => {
    stepOf[w] = t;
  });
  const values = new Float64Array(steps.length * cells);
  for (let i = 0; i < n.length; i++) {
    const t = stepOf[week[i] as number] as number;
    if (t < 0) continue;
    const at = t * cells + (cell[i] as number);
    values[at] = (values[at] as number) + (n[i] as number);
  }
  const found = emergingHotSpots({ values, cells, neighbours }, EMERGING_DEFAULTS);
  if (found.assessment.kind === 'not-assessable') return null;
  return {
    classes: found.category.map((code) => (code > LAST_CLASS ? NOT_ASSESSED : code)),
    hotWeeks: (last) => {
      const hot = new Uint8Array(cells);
      for (let t = Math.max(0, steps.length - last); t < steps.length; t++)
        for (let i = 0; i < cells; i++) if ((found.signs[t * cells + i] as number) > 0) hot[i] = (hot[i] as number) + 1;
      return hot;
    },
  };
}
