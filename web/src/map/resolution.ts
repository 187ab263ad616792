/** Mean edge of an H3 cell in metres per resolution (h3geo.org, table of cell statistics). */
const EDGE_M = [
  1281256, 483057, 182513, 68979, 26072, 9854, 3725, 1406, 531.4, 200.8, 75.86, 28.66, 10.83, 4.09, 1.55, 0.58,
] as const;

export const edgeMetres = (resolution: number): number => EDGE_M[resolution]!;

/** Metres of one CSS pixel at zoom 0 on the equator: MapLibre's world is 512 px wide. */
const METRES_PER_PX = 40075016.686 / 512;

/** A fresh choice lands in 12 … 32 px: the ratio of two resolutions is √7 = 2.65. */
const BEST_PX = 19.6;
/** The resolution shown stays while its cells are this wide, so that a wheel click does not flip it back and forth. */
const KEEP_PX = [10.5, 36] as const;

export interface Ground {
  readonly zoom: number;
  readonly lat: number;
}

export const metresPerPx = ({ zoom, lat }: Ground): number =>
  (METRES_PER_PX * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom;

/** Zoom at which `metres` on the ground are `px` wide. */
export const zoomAt = (metres: number, px: number, lat: number): number =>
  Math.log2((METRES_PER_PX * Math.cos((lat * Math.PI) / 180) * px) / metres);

/** Width between opposite sides, CSS pixels. */
export const cellWidthPx = (resolution: number, ground: Ground): number =>
  (EDGE_M[resolution]! * Math.sqrt(3)) / metresPerPx(ground);

/**
 * Resolution to draw at a zoom.
 *
 * @param shown the one drawn now, kept while it is legible; null = none yet
 */
export function resolutionAt(
  ground: Ground,
  span: { readonly coarsest: number; readonly finest: number },
  shown: number | null,
): number {
  if (shown !== null && shown >= span.coarsest && shown <= span.finest) {
    const px = cellWidthPx(shown, ground);
    if (px >= KEEP_PX[0] && px <= KEEP_PX[1]) return shown;
  }
  let best = span.coarsest;
  const miss = (resolution: number) => Math.abs(Math.log(cellWidthPx(resolution, ground) / BEST_PX));
  for (let resolution = span.coarsest + 1; resolution <= span.finest; resolution++) {
    if (miss(resolution) < miss(best)) best = resolution;
  }
  return best;
}
