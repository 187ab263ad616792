import { cellToBoundary } from 'h3-js';
import type { Outlines } from '../layers/outlines.ts';

/** Outlines of the cells, by H3. Costs about 10 µs a cell: worker only. */
export function outlinesOf(h3: BigUint64Array): Outlines {
  const starts = new Uint32Array(h3.length + 1);
  const values = new Int32Array(h3.length * 20);
  let next = 0;
  for (let cell = 0; cell < h3.length; cell++) {
    const index = h3[cell]!;
    const ring = cellToBoundary([Number(index & 0xffffffffn), Number(index >> 32n)]);
    for (const [lat, lng] of ring) {
      values[next++] = Math.round(lng * 1e6);
      values[next++] = Math.round(lat * 1e6);
    }
    starts[cell + 1] = next / 2;
  }
  return { starts, lngLatE6: values.slice(0, next) };
}
