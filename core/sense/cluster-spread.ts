import type { ScanZones } from '../stats/scan-zones.ts';

/** A window this many standard deviations off is news, not the normal spread: it teaches nothing. */
const LARGEST_Z = 4;
const LARGEST_GAIN = 1.2;

/** What one day shows, all by index of `learnSpread`'s zones and durations. */
export interface SpreadDay {
  /** Counts and expectation without the lean, and the lean, by `cell * maxDuration + d`. */
  readonly cellCount: Int32Array;
  readonly cellExpected: Float64Array;
  readonly lean: Float64Array;
  /** Counts and expectation of the zones by `zone * maxDuration + d`. */
  readonly observed: Int32Array;
  readonly expected: Float64Array;
}

/** How a stream's windows have differed from their expectation so far. */
export interface Spread {
  /** Regression of O/E − 1 on the lean, by duration − 1; in 0 … 1.2. */
  readonly gain: Float64Array;
  /** Extra variance φ by `ring * maxDuration + d`: variance of a count = mean + φ mean². 0 or more. */
  readonly phi: Float64Array;
  readonly learn: (day: SpreadDay) => void;
}

/**
 * Learns gain = Σ (O − E) lean / Σ E lean² over cells and φ = Σ ((O − E)²/E − 1) / Σ E over zones of one ring, both by duration, with weights
 * that halve after `halfLife` calls. Windows more than 4 standard deviations off are left out. Both are 0 before the first call.
 * Cost of a call O(zones · maxDuration).
 */
export function learnSpread(
  zones: ScanZones,
  given: { readonly rings: number; readonly maxDuration: number; readonly halfLife: number; readonly largest: number },
): Spread {
  const { maxDuration, largest } = given;
  const keep = 0.5 ** (1 / given.halfLife);
  const size = (given.rings + 1) * maxDuration;
  const gain = new Float64Array(maxDuration);
  const phi = new Float64Array(size);
  const [together, leanSquares] = [new Float64Array(maxDuration), new Float64Array(maxDuration)];
  const [excess, mass] = [new Float64Array(size), new Float64Array(size)];

  const learnGain = ({ cellCount, cellExpected, lean }: SpreadDay): void => {
    for (let d = 0; d < maxDuration; d++) {
      let xy = 0;
      let xx = 0;
      for (let at = d; at < lean.length; at += maxDuration) {
        const mean = cellExpected[at] as number;
        if (!(mean > 0)) continue;
        const off = (cellCount[at] as number) - mean;
        const variance = mean + (phi[d] as number) * mean * mean;
        if (off * off > LARGEST_Z * LARGEST_Z * Math.max(1, variance)) continue;
        const x = Math.max(-largest, Math.min(largest, lean[at] as number));
        xy += off * x;
        xx += mean * x * x;
      }
      together[d] = keep * (together[d] as number) + xy;
      leanSquares[d] = keep * (leanSquares[d] as number) + xx;
    }
  };
  const learnPhi = ({ observed, expected }: SpreadDay): void => {
    for (let k = 0; k < size; k++) {
      excess[k] = keep * (excess[k] as number);
      mass[k] = keep * (mass[k] as number);
    }
    for (let z = 0; z < zones.zoneEnd.length; z++) {
      const ring = z - (zones.zoneStart[zones.zoneCentre[z] as number] as number);
      for (let d = 0; d < maxDuration; d++) {
        const mean = expected[z * maxDuration + d] as number;
        if (!(mean > 0)) continue;
        const k = ring * maxDuration + d;
        const off = (observed[z * maxDuration + d] as number) - mean;
        const squares = off * off;
        if (squares > LARGEST_Z * LARGEST_Z * Math.max(1, mean + (phi[k] as number) * mean * mean)) continue;
        excess[k] = (excess[k] as number) + squares / mean - 1;
        mass[k] = (mass[k] as number) + mean;
      }
    }
  };
  const learn = (day: SpreadDay): void => {
    learnGain(day);
    learnPhi(day);
    for (let d = 0; d < maxDuration; d++) {
      const squares = leanSquares[d] as number;
      gain[d] = squares > 0 ? Math.max(0, Math.min(LARGEST_GAIN, (together[d] as number) / squares)) : 0;
    }
    for (let k = 0; k < size; k++)
      phi[k] = (mass[k] as number) > 0 ? Math.max(0, (excess[k] as number) / (mass[k] as number)) : 0;
  };
  return { gain, phi, learn };
}
