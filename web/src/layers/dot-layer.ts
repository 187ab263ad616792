import { ScatterplotLayer } from '@deck.gl/layers';
import type { Outlines } from './outlines.ts';

/** Rings of places in a cell: 1 + 6 + 12 + 18 + 24 + 30. */
const RINGS = 5;
export const PLACES = 1 + 3 * RINGS * (RINGS + 1);
/** Share of the way from the centre to the outline that the outermost ring has. */
const REACH = 0.8;

/** How many incidents one dot stands for, so that the fullest cell has places enough: 1, 2, 5, 10, 20, … */
export function perDotOf(most: number): number {
  for (let power = 1; ; power *= 10)
    for (const step of [1, 2, 5]) if (most / (step * power) <= PLACES) return step * power;
}

/**
 * Places of the dots of some cells, lng and lat. They fill a fixed pattern from the middle outwards, the same in every cell: it shows
 * how many there are and cannot be taken for where they are, which nobody published.
 *
 * @param cells drawn cells and their counts
 */
export function dotPlaces(
  outlines: Outlines,
  cells: readonly { readonly cell: number; readonly n: number }[],
  perDot: number,
): Float64Array {
  const dots = cells.map(({ n }) => Math.min(PLACES, Math.ceil(n / perDot)));
  const out = new Float64Array(2 * dots.reduce((sum, count) => sum + count, 0));
  let next = 0;
  cells.forEach(({ cell }, i) => {
    const { starts, lngLatE6 } = outlines;
    const first = starts[cell]!;
    const corners = starts[cell + 1]! - first;
    const corner = (at: number, axis: number) => lngLatE6[2 * (first + (at % corners)) + axis]! / 1e6;
    let lng = 0;
    let lat = 0;
    for (let c = 0; c < corners; c++) {
      lng += corner(c, 0) / corners;
      lat += corner(c, 1) / corners;
    }
    let left = dots[i]!;
    const put = (x: number, y: number) => {
      out[next++] = x;
      out[next++] = y;
      left--;
    };
    if (left > 0) put(lng, lat);
    for (let ring = 1; ring <= RINGS && left > 0; ring++) {
      const share = (REACH * ring) / RINGS;
      // Round the ring in steps that keep it even while it fills: every sixth of it in turn.
      for (let step = 0; step < ring && left > 0; step++) {
        for (let side = 0; side < 6 && left > 0; side++) {
          const at = Math.floor((side * corners) / 6);
          const part = step / ring;
          const x = corner(at, 0) + (corner(at + 1, 0) - corner(at, 0)) * part;
          const y = corner(at, 1) + (corner(at + 1, 1) - corner(at, 1)) * part;
          put(lng + (x - lng) * share, lat + (y - lat) * share);
        }
      }
    }
  });
  return out;
}

export const dotLayer = (options: {
  readonly places: Float64Array;
  readonly colour: readonly [number, number, number];
  readonly rim: readonly [number, number, number];
  readonly radiusPx: number;
  readonly opacity: number;
  readonly beforeId: string;
}) =>
  new ScatterplotLayer({
    id: 'dots',
    data: {
      length: options.places.length / 2,
      attributes: { getPosition: { value: options.places, size: 2 } },
    } as unknown as never[],
    positionFormat: 'XY',
    getRadius: options.radiusPx,
    radiusUnits: 'pixels',
    filled: true,
    stroked: true,
    getFillColor: [...options.colour],
    getLineColor: [...options.rim],
    getLineWidth: 0.6,
    lineWidthUnits: 'pixels',
    pickable: false,
    opacity: options.opacity ** 2.2,
    parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    ...({ beforeId: options.beforeId } as object),
  });
