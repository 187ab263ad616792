type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Of the city's own size, on each side, how far the camera may go. */
const AROUND = 0.75;
/** The padding of a fit, and a little more. */
const ROOM = 1.3;

/**
 * How far the camera may go: around the city, and at least so far that all of it fits into the canvas. MapLibre keeps the whole canvas inside
 * these bounds: on a ribbon of screens, narrower ones would force the camera nearer until the city is cut off above and below.
 *
 * @param bounds of the city, WGS 84 degrees
 * @param canvas CSS pixels
 */
export function roamBounds(
  [west, south, east, north]: Bounds,
  canvas: { readonly width: number; readonly height: number },
): Bounds {
  const [lng, lat] = [east - west, north - south];
  // A degree of latitude is longer on a Mercator map.
  const cityAspect = (lng * Math.cos((((south + north) / 2) * Math.PI) / 180)) / lat;
  const wider = canvas.width > 0 && canvas.height > 0 ? canvas.width / canvas.height / cityAspect : 1;
  const padLng = lng * Math.max(AROUND, (wider * ROOM - 1) / 2);
  const padLat = lat * Math.max(AROUND, (ROOM / wider - 1) / 2);
  return [west - padLng, south - padLat, east + padLng, north + padLat];
}
