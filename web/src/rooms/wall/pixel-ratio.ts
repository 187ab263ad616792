/** Device pixels that the map may draw: above it a CSS pixel is one pixel, whatever the screen has. */
const BUDGET_PX = 8_300_000;
/** Above this even that is too much for a wall's machine; names get softer, nothing is left out. */
const MOST_PX = 26_000_000;

export function pixelRatioFor(map: { readonly width: number; readonly height: number }, screenRatio: number): number {
  const area = map.width * map.height;
  if (area * screenRatio ** 2 <= BUDGET_PX) return screenRatio;
  const ratio = Math.min(1, screenRatio);
  return area * ratio ** 2 <= MOST_PX ? ratio : Math.sqrt(MOST_PX / area);
}
