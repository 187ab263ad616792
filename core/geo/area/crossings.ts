import type { LngLat } from './area.ts';
import { unwrapped } from './unwrap.ts';

/**
 * Whether a closed ring crosses itself: two edges that are no neighbours share a point that is inside at least one of them.
 * Cost: the pairs of edges; the first crossing ends it.
 */
export function crossesItself(ring: readonly LngLat[]): boolean {
  const flat = unwrapped(ring, true);
  if (!flat) return false;
  const n = ring.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (cross(flat, i, (i + 1) % n, j, (j + 1) % n)) return true;
    }
  }
  return false;
}

function cross(flat: Float64Array, a: number, b: number, c: number, d: number): boolean {
  return side(flat, a, b, c) * side(flat, a, b, d) < 0 && side(flat, c, d, a) * side(flat, c, d, b) < 0;
}

/** Sign of the turn a → b → c. */
function side(flat: Float64Array, a: number, b: number, c: number): number {
  const [ax, ay] = [flat[2 * a] as number, flat[2 * a + 1] as number];
  return Math.sign(
    ((flat[2 * b] as number) - ax) * ((flat[2 * c + 1] as number) - ay) -
      ((flat[2 * b + 1] as number) - ay) * ((flat[2 * c] as number) - ax),
  );
}
