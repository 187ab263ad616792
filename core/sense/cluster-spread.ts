import type { ScanZones } from '../stats/scan-zones.ts';

/** A window this many standard deviations off is news, not the normal spread: it teaches nothing. */
const LARGEST_Z = 4;
const LARGEST_GAIN = 1.2;

/** What one day shows, by `zone * maxDuration + d`. */
export interface SpreadDay {
  readonly observed: Int32Array;
  /** Without and with the lean. */
  readonly plain: Float64Array;
  readonly expected: Float64Array;
  readonly lean: Float64Array;
}

/** How a stream's windows have differed from their expectation so far, both by `ring * maxDuration + d`. */
export interface Spread {
  /** Regression of O/E − 1 on the lean; in 0 … 1.2. */
  readonly gain: Float64Array;
  /** Extra variance φ: variance of a count = mean + φ mean². 0 or more. */
  readonly phi: Float64Array;
  readonly learn: (day: SpreadDay) => void;
}

/**
 * Learns gain = Σ (O − E) lean / Σ E lean² (E without the lean) and φ = Σ ((O − E)²/E − 1) / Σ E (E with it) over the zones of one ring,
 * by duration, with weights that halve after `halfLife` calls. Windows more than 4 standard deviations off are left out.
 * Both are 0 before the first call. Cost of a call O(zones · maxDuration).
 */
export function learnSpread(
  zones: ScanZones,
  given: { readonly rings: number; readonly maxDuration: number; readonly halfLife: number; readonly largest: number },
): Spread {
  const { maxDuration, largest } = given;
  const keep = 0.5 ** (1 / given.halfLife);
  const size = (given.rings + 1) * maxDuration;
  const [gain, phi] = [new Float64Array(size), new Float64Array(size)];
  const [together, leanSquares] = [new Float64Array(size), new Float64Array(size)];
  const [excess, mass] = [new Float64Array(size), new Float64Array(size)];

  const learn = ({ observed, plain, expected, lean }: SpreadDay): void => {
    for (let k = 0; k < size; k++) {
      together[k] = keep * (together[k] as number);
      leanSquares[k] = keep * (leanSquares[k] as number);
      excess[k] = keep * (excess[k] as number);
      mass[k] = keep * (mass[k] as number);
    }
    for (let z = 0; z < zones.zoneEnd.length; z++) {
      const ring = z - (zones.zoneStart[zones.zoneCentre[z] as number] as number);
      for (let d = 0; d < maxDuration; d++) {
        const at = z * maxDuration + d;
        const k = ring * maxDuration + d;
        const mean = expected[at] as number;
        if (!(mean > 0)) continue;
        const off = (observed[at] as number) - mean;
        if (off * off > LARGEST_Z * LARGEST_Z * Math.max(1, mean + (phi[k] as number) * mean * mean)) continue;
        excess[k] = (excess[k] as number) + (off * off) / mean - 1;
        mass[k] = (mass[k] as number) + mean;
        const x = Math.max(-largest, Math.min(largest, lean[at] as number));
        together[k] = (together[k] as number) + ((observed[at] as number) - (plain[at] as number)) * x;
        leanSquares[k] = (leanSquares[k] as number) + (plain[at] as number) * x * x;
      }
    }
    for (let k = 0; k < size; k++) {
      const squares = leanSquares[k] as number;
      gain[k] = squares > 0 ? Math.max(0, Math.min(LARGEST_GAIN, (together[k] as number) / squares)) : 0;
      phi[k] = (mass[k] as number) > 0 ? Math.max(0, (excess[k] as number) / (mass[k] as number)) : 0;
    }
  };
  return { gain, phi, learn };
}
