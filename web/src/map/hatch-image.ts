/** CSS pixels from stripe to stripe across, as in layers/hatch.ts: 6 px measured at right angles to the stripes. */
const SIDE_PX = 17;
const RATIO = 2;

/** The hatch for areas MapLibre fills: a tile of two stripes that meets itself on all sides. */
export function hatchImage(colour: string): { readonly image: ImageData; readonly pixelRatio: number } {
  const side = SIDE_PX * RATIO;
  const image = new ImageData(side, side);
  const rgb = Number.parseInt(colour.slice(1), 16);
  const period = side / 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const along = Math.abs(((((x + y) % period) + period) % period) - period / 2) * Math.SQRT1_2;
      const alpha = Math.min(1, Math.max(0, 0.7 * RATIO - along + 0.5));
      image.data.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, Math.round(alpha * 255)], 4 * (y * side + x));
    }
  }
  return { image, pixelRatio: RATIO };
}
